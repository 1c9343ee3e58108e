import { expect, test } from "vitest";
import { jsonPath } from "./json-path.js";

const json = {
  a: { b: [{ c: 1, n: "x" }, { c: 2, n: "y" }, { c: "3" }], "d-e": 5, "0": "zero" },
  l: null,
  "@odata.nextLink": "u",
  "x y": 6,
  "1x": 7,
  odata: { nextLink: "other" },
};
const [first, second, third] = json.a.b;

test.each<[string, readonly unknown[]]>([
  ["$", [json]],
  ["a.d-e", [5]],
  ["$.a.b", [json.a.b]],
  ["a.b[0]", [first]],
  ["a.b[-1]", [third]],
  ["a.b[-4]", []],
  ["a.b[9]", []],
  ["a.b[0:2]", [first, second]],
  ["a.b[1:]", [second, third]],
  ["a.b[::2]", [first, third]],
  ["a.b[0,2]", [first, third]],
  ["a.b[*].c", [1, 2, "3"]],
  ["a.b.c", []],
  ["a[*]", [json.a]],
  ["a[0:1]", [json.a]],
  ["a[0]", []],
  ["*", Object.values(json)],
  ["a.*", Object.values(json.a)],
  ["a.b.*", []],
  ["l,x", [null]],
  ["l", [null]],
  ["missing", []],
  ["a['d-e']", [5]],
  ["a.0", ["zero"]],
  ["['@odata.nextLink']", ["u"]],
  ["@odata.nextLink", []],
  ['"x y"', [6]],
  ["'x y'", [6]],
  ["['1x']", [7]],
  ["$..c", [1, 2, "3"]],
  ["$..n", ["x", "y"]],
  ["a..b[0].c", [1]],
  ["a.b[?(@.c > 1)].c", [2, "3"]],
  ["a.b[?(@.n == 'y')]", [second]],
  ["a.b[?c>1].c", [2, "3"]],
  ["a.b[?(@.n)].c", [1, 2]],
  ["a.b[?(@.c >= 1 & @.n == 'x')].c", [1]],
  ["a.b[?(@.n =~ '[xz]')].c", [1]],
  ["a.b[?(@.c != 1)].c", [2, "3"]],
  ["a.b.`len`", [3]],
  ["a.b[0].c.`parent`", [first]],
  ["missing | l | x", [null]],
])("%s", (path, found) => {
  expect(jsonPath(path).all(json)).toEqual(found);
  expect(jsonPath(path).first(json)).toEqual(found[0]);
});

test.each(["1x", "a..", "a.", ".a", "a[", "a[b", "a[?(@.c >)]", "a b", "", "$a", "a[?(@ =~ '(')]", "a[::0]", "a,"])(
  "%j is no path",
  (path) => {
    expect(() => jsonPath(path)).toThrow(expect.objectContaining({ code: "JSON_PATH_INVALID" }));
  },
);

test("plain paths are known by their names", () => {
  expect(jsonPath("$.a['x y']").fields).toEqual(["a", "x y"]);
  expect(jsonPath("$").fields).toEqual([]);
  expect(jsonPath("a[0]").fields).toBeNull();
});

test("members that every object inherits are none", () => {
  expect(jsonPath("constructor.name").all({})).toEqual([]);
  expect(jsonPath("__proto__").all(JSON.parse('{"__proto__": 1}'))).toEqual([1]);
});

test("any depth", () => {
  let deep: unknown = { end: 1 };
  for (let i = 0; i < 100_000; i++) deep = [deep];
  expect(jsonPath("$..end").all(deep)).toEqual([1]);
});
