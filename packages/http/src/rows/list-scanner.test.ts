import fc from "fast-check";
import { expect, test } from "vitest";
import { ListScanner } from "./list-scanner.js";

const encoder = new TextEncoder();

/** The elements that a scanner finds in a text that comes in pieces of so many bytes. */
function elementsOf(text: string, fields: readonly string[], pieceBytes: number) {
  const bytes = encoder.encode(text);
  const scanner = new ListScanner(fields);
  const spans: number[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes)
    spans.push(...scanner.scan(bytes.subarray(at, at + pieceBytes)));
  spans.push(...(scanner.end() ?? []));
  const part = (start: number, end: number) => new TextDecoder().decode(bytes.subarray(start, end));
  const elements = spans.flatMap((start, index) => (index % 2 === 0 ? [part(start, spans[index + 1] ?? 0)] : []));
  return { elements, phase: scanner.phase, list: part(scanner.list.start, scanner.list.end) };
}

test.each<[string, readonly string[], readonly string[], string]>([
  ["[1, 2 ,3]", [], ["1", "2", "3"], "after"],
  ["[]", [], [], "after"],
  [' [ {"a":[1,2]} , "x,]" ] ', [], ['{"a":[1,2]}', '"x,]"'], "after"],
  ['{"a":1}', [], ['{"a":1}'], "after"],
  ["5", [], ["5"], "after"],
  ["null ", [], ["null"], "after"],
  ['{"a":{"x":[9]},"b":{"a":[1,{"c":[]}]},"z":1}', ["b", "a"], ["1", '{"c":[]}'], "after"],
  ['{"n":1.5e3,"t":true,"s":"}\\"{","d":[true]}', ["d"], ["true"], "after"],
  ['{"d":{"id":7}}', ["d"], ['{"id":7}'], "after"],
  ['{"d":7}', ["d"], ["7"], "after"],
  ['{"d":null,"e":1}', ["d"], ["null"], "after"],
  ['{"\\u0064":[1]}', ["d"], ["1"], "after"],
  ['{"é \\"":["ü"]}', ['é "'], ['"ü"'], "after"],
  ["\ufeff[1]", [], ["1"], "after"],
  ['{"a":1}', ["d"], [], "missing"],
  ["{}", ["d"], [], "missing"],
  ["[1]", ["d"], [], "missing"],
  ['{"d":[1]}', ["d", "e"], [], "missing"],
  ["<html>", ["d"], [], "invalid"],
  ['{"a" 1}', ["d"], [], "invalid"],
  ["{x:1}", ["d"], [], "invalid"],
  ['{"a":[1,2', ["a"], ["1"], "inside"],
  ['{"a":{"b"', ["a", "b"], [], "before"],
  ["", [], [], "before"],
])("%s at %j", (text, fields, elements, phase) => {
  for (const pieceBytes of [1, 2, 3, 1000])
    expect(elementsOf(text, fields, pieceBytes)).toMatchObject({ elements, phase });
});

test("finds in any document what parsing it finds, however it is cut", () => {
  const key = fc.oneof(fc.constantFrom("data", "items", "a"), fc.string());
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.jsonValue({ maxDepth: 0 }),
      fc.array(tie("tree"), { maxLength: 4 }),
      fc.dictionary(key, tie("tree"), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(
      tree,
      fc.array(key, { maxLength: 3 }),
      fc.nat(2),
      fc.integer({ min: 1, max: 20 }),
      (document, fields, indent, pieceBytes) => {
        const text = JSON.stringify(document, null, indent);
        const { elements, phase, list } = elementsOf(text, fields, pieceBytes);
        const parsed = JSON.parse(text) as unknown;
        const value = fields.reduce<unknown>(
          (at, field) =>
            typeof at === "object" && at !== null && !Array.isArray(at) && Object.hasOwn(at, field)
              ? (at as Record<string, unknown>)[field]
              : undefined,
          parsed,
        );
        if (value === undefined) expect(phase).toBe("missing");
        else {
          expect(phase).toBe("after");
          expect(JSON.parse(list)).toEqual(value);
          expect(elements.map((element) => JSON.parse(element) as unknown)).toEqual(
            Array.isArray(value) ? value : [value],
          );
        }
      },
    ),
    { numRuns: 500 },
  );
});
