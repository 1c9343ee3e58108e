import { expect, test } from "vitest";
import { castText, readers } from "./setting-text.js";

test.each<[keyof typeof readers, unknown, unknown]>([
  ["text", "a", "a"],
  ["text", 1, "1"],
  ["text", true, "true"],
  ["text", { a: [1] }, '{"a":[1]}'],
  ["text", null, undefined],
  ["boolean", "Yes", true],
  ["boolean", "t", true],
  ["boolean", "1", true],
  ["boolean", "NO", false],
  ["boolean", "f", false],
  ["boolean", "", undefined],
  ["boolean", "on", undefined],
  ["boolean", 2, true],
  ["boolean", 0, false],
  ["integer", " 12 ", 12],
  ["integer", "0x1F", 31],
  ["integer", "1_000", 1000],
  ["integer", "2.0", 2],
  ["integer", "2.5", undefined],
  ["integer", "9007199254740993", undefined],
  ["integer", "", undefined],
  ["number", "1e-3", 0.001],
  ["number", "-.5", -0.5],
  ["number", "inf", Number.POSITIVE_INFINITY],
  ["number", "1,5", undefined],
  ["number", "12px", undefined],
  ["number", true, undefined],
  ["structure", '{"a":1}', { a: 1 }],
  ["structure", "[1]", [1]],
  ["structure", "1", undefined],
  ["structure", "{", undefined],
  ["structure", { a: 1 }, { a: 1 }],
])("as %s %j reads %j", (kind, native, value) => {
  expect(readers[kind](native)).toEqual(value);
});

test("an object with an integer that JSON text would not keep is no text", () => {
  expect(readers.text({ a: 10n })).toBeUndefined();
});

test.each([
  ["TRUE", true],
  ["false", false],
  ["0x10", 16],
  ["1.5", 1.5],
  ['["a"]', ["a"]],
  ["yes", "yes"],
  ["", ""],
  ['"a"', '"a"'],
])("%j by itself is %j", (text, value) => {
  expect(castText(text)).toEqual(value);
});
