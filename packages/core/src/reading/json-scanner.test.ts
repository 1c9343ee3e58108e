import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JsonScanner } from "./json-scanner.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The values that a scanner finds in a text that comes in pieces of so many bytes. */
function valuesIn(text: string, framing: "values" | "array" | null, pieceBytes: number): readonly unknown[] {
  const scanner = new JsonScanner(framing);
  const all = bytes(text);
  const ends: number[] = [];
  for (let from = 0; from < all.length; from += pieceBytes) {
    scanner.scan(all, from, Math.min(from + pieceBytes, all.length), ends);
  }
  if (scanner.end()) ends.push(all.length);
  expect(scanner.valueCount).toBe(ends.length);
  return ends.map((end, index): unknown =>
    JSON.parse(new TextDecoder().decode(all.subarray(ends[index - 1] ?? 0, end))),
  );
}

describe("JsonScanner", () => {
  test.each<[string, readonly unknown[]]>([
    ['{"a":1}\n{"a":2}\n', [{ a: 1 }, { a: 2 }]],
    ['{"a":"}"}{"b":"\\"]"}', [{ a: "}" }, { b: '"]' }]],
    ['1 2.5e3\n"x" true null', [1, 2500, "x", true, null]],
    ['[{"a":[1,2]},{"a":"],["},3,"x"]', [{ a: [1, 2] }, { a: "],[" }, 3, "x"]],
    ["[1,2]\n", [1, 2]],
    [" [ ] ", []],
    ["", []],
    ["\n\n", []],
    ['{\n  "a": [\n    1\n  ]\n}', [{ a: [1] }]],
  ])("%j", (text, expected) => {
    for (const pieceBytes of [1, 2, 3, 7, 1000]) expect(valuesIn(text, null, pieceBytes)).toEqual(expected);
  });

  test("values that are arrays are not taken apart when they stand in lines", () => {
    expect(valuesIn("[1,2]\n[3]", "values", 100)).toEqual([[1, 2], [3]]);
  });

  test.each(["[1,2", '{"a":1', '"a', "[1] 2", "[1]]", "}", '{"a":1}}', "[1,2}"])(
    "%j does not hold together",
    (text) => {
      expect(() => valuesIn(text, null, 3)).toThrow(expect.objectContaining({ code: "JSON_TEXT_CUT" }));
    },
  );

  test("finds the values of any array or lines, however they are cut", () => {
    const value = fc.jsonValue().map((json) => JSON.parse(JSON.stringify(json)) as unknown);
    fc.assert(
      fc.property(
        fc.array(value),
        fc.integer({ min: 1, max: 20 }),
        fc.constantFrom(undefined, 2),
        (list, pieceBytes, indent) => {
          expect(valuesIn(JSON.stringify(list, null, indent), "array", pieceBytes)).toEqual(list);
          const lines = list.map((each) => JSON.stringify(each, null, indent)).join("\n");
          expect(valuesIn(lines, "values", pieceBytes)).toEqual(list);
        },
      ),
    );
  });
});
