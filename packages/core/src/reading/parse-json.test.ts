import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeJson } from "../json/decode.js";
import { parseJson } from "./parse-json.js";
import { plainValue } from "./plain-value.js";

test.each<[string, unknown]>([
  ["9007199254740993", 9007199254740993n],
  ["-9007199254740993", -9007199254740993n],
  ["9007199254740991", 9007199254740991],
  ["[1,12345678901234567890]", [1, 12345678901234567890n]],
  ['{"a": 9007199254740993}', { a: 9007199254740993n }],
  ["0.12345678901234567", 0.12345678901234566],
  ["12345678901234567.0", 12345678901234568],
  ['"12345678901234567"', "12345678901234567"],
  ['["a 12345678901234567",1.0]', ["a 12345678901234567", 1]],
])("%s", (text, value) => {
  expect(parseJson(text)).toEqual(value);
});

test("what is no JSON is told with its place", () => {
  expect(() => parseJson('{"a":}')).toThrow(
    expect.objectContaining({ code: "JSON_TEXT_INVALID", context: { offset: 5, line: 1 } }),
  );
});

test("gives what the decoder gives, wherever long numbers are", () => {
  const digits = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 40 }).map((list) => list.join(""));
  const scalar = fc.oneof(
    digits,
    digits.map((text) => `-${text}`),
    digits.map((text) => `0.${text}`),
    digits.map((text) => `"${text}"`),
    fc.constantFrom("null", '""', "1e5"),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.stringMatching(/^[ \n]{0,20}$/), scalar), { maxLength: 8 }), (parts) => {
      const text = `[${parts.map(([space, value]) => space + value).join()}]`;
      expect(parseJson(text)).toEqual(plainValue(decodeJson(text)));
    }),
  );
});
