import fc from "fast-check";
import { expect, test } from "vitest";
import { doubleValue, Float, float, floatToJson, floatToText } from "./float.js";

test("texts of doubles give the double back and show that it is one", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      for (const text of [floatToJson(value), floatToText(value)]) {
        expect(Number(text)).toBe(value);
        expect(text).toMatch(/[.e]/);
      }
    }),
  );
});

test.each([
  [1, "1.0", "1.0"],
  [-0, "-0.0", "-0.0"],
  [1e-5, "0.00001", "1e-05"],
  [9.9e-6, "9.9e-6", "9.9e-06"],
  [0.0001, "0.0001", "0.0001"],
  [1e16, "1e+16", "1e+16"],
  [2 ** 53, "9007199254740992.0", "9007199254740992.0"],
  [5e-324, "5e-324", "5e-324"],
  [1.5e300, "1.5e+300", "1.5e+300"],
  [Number.NaN, "null", "nan"],
  [Number.NEGATIVE_INFINITY, "null", "-inf"],
])("%d", (value, json, text) => {
  expect([floatToJson(value), floatToText(value)]).toEqual([json, text]);
});

test("integral doubles are boxed", () => {
  expect([doubleValue(1), doubleValue(1.5), doubleValue(Number.NaN)]).toEqual([new Float(1), 1.5, Number.NaN]);
  expect(+float(2) + 1).toBe(3);
});
