import { describe, expect, test } from "vitest";
import { parseCursorPath } from "./cursor-path.js";

const row = {
  id: 1,
  "created-at": "a",
  "na.me": "b",
  "@ts": "c",
  ünï: "d",
  empty: null,
  meta: { at: 5, deep: { at: 6 } },
  list: [{ at: 7 }, { at: 8, only: 9 }],
};
const mapped = new Map<string, unknown>([
  ["id", 1],
  ["meta", new Map([["at", 5]])],
  ["1", "one"],
]);

describe("paths", () => {
  test.each<[string, string | null, unknown]>([
    ["id", "id", 1],
    [" id ", "id", 1],
    ["created-at", "created-at", "a"],
    ['"na.me"', "na.me", "b"],
    ["'na.me'", "na.me", "b"],
    ["@ts", "@ts", "c"],
    ['"ünï"', "ünï", "d"],
    ["['na.me']", "na.me", "b"],
    ["missing", "missing", undefined],
    ["constructor", "constructor", undefined],
    ["__proto__", "__proto__", undefined],
    ["empty", "empty", null],
    ["$.id", null, 1],
    ["$", null, row],
    ["meta.at", null, 5],
    ["$.meta.deep.at", null, 6],
    ["meta['at']", null, 5],
    ["list[0].at", null, 7],
    ["list[-1].at", null, 8],
    ["list[5].at", null, undefined],
    ["list[*].at", null, 7],
    ["list[*].only", null, 9],
    ["list.at", null, undefined],
    ["meta[*].at", null, 5],
    ["*", null, 1],
    ["meta.*", null, 5],
    ["missing|id", null, 1],
    ["id | missing", null, 1],
    ["$..only", null, 9],
    ["meta..at", null, 5],
    ["missing.at", null, undefined],
  ])("%s", (path, field, value) => {
    const parsed = parseCursorPath(path);
    expect(parsed.field).toBe(field);
    expect(parsed.read(row)).toEqual(value);
  });

  test("descend however deep a row is", () => {
    let deep: unknown = { only: 1 };
    for (let level = 0; level < 50_000; level++) deep = level % 2 === 0 ? [deep] : { a: 0, b: deep };
    expect(parseCursorPath("$..only").read(deep)).toBe(1);
    expect(parseCursorPath("$..missing").read(deep)).toBeUndefined();
    expect(parseCursorPath("$..at").read({ list: [{ x: 1 }, { at: 2 }], at: { at: 3 } })).toEqual({ at: 3 });
    expect(parseCursorPath("$..at").read({ list: [{ x: { at: 1 } }, { at: 2 }] })).toBe(1);
  });

  test("go through maps too", () => {
    expect(parseCursorPath("id").read(mapped)).toBe(1);
    expect(parseCursorPath("meta.at").read(mapped)).toBe(5);
    expect(parseCursorPath("'1'").read(mapped)).toBe("one");
  });

  test("find nothing in what is no object", () => {
    for (const other of [1, "id", null, [1]]) expect(parseCursorPath("id").read(other)).toBeUndefined();
  });

  test.each([
    [""],
    ["a."],
    [".a"],
    ["a b"],
    ["a["],
    ["a[1"],
    ["a[?(@.b)]"],
    ["a[1:2]"],
    ["ünï"],
    ["1"],
    ["a||b"],
    ["'a"],
  ])("%j is refused", (path) => {
    expect(() => parseCursorPath(path)).toThrow(expect.objectContaining({ code: "CURSOR_PATH_INVALID" }));
  });
});
