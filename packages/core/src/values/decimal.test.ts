import fc from "fast-check";
import { expect, test } from "vitest";
import { compareDecimals, Decimal, decimalOfDouble, integerOfDecimal, parseDecimal, unscaled } from "./decimal.js";
import { isWeiInRange } from "./wei.js";

const anyDecimal = fc
  .record({
    negative: fc.boolean(),
    coefficient: fc.bigInt({ min: 0n, max: 10n ** 40n }),
    exponent: fc.integer({ min: -40, max: 40 }),
  })
  .map(
    ({ negative, coefficient, exponent }) =>
      new Decimal({ negative, digits: `${coefficient}`, exponent, special: null }),
  );

test("text goes there and back with all its zeros", () => {
  fc.assert(
    fc.property(anyDecimal, (decimal) => {
      expect(parseDecimal(`${decimal}`)).toEqual(decimal);
    }),
  );
});

test.each([
  ["1.10", "1.10"],
  [" +01.50 ", "1.50"],
  ["1e3", "1E+3"],
  ["-0.00", "-0.00"],
  [".5", "0.5"],
  ["5.", "5"],
  ["1_000", "1000"],
  ["٣.٥", "3.5"],
  ["0.000001", "0.000001"],
  ["0.0000001", "1E-7"],
  ["12E-10", "1.2E-9"],
  ["0E+5", "0E+5"],
  ["inf", "Infinity"],
  ["-INFINITY", "-Infinity"],
  ["nan", "NaN"],
])("%j is %s", (text, written) => {
  expect(`${new Decimal(text)}`).toBe(written);
});

test.each(["", ".", "e5", "1e", "--1", "1.2.3", "0x10", "1 2", "1e99999999999999999999"])(
  "%j is no decimal",
  (text) => {
    expect(parseDecimal(text)).toBeNull();
    expect(() => new Decimal(text)).toThrow(expect.objectContaining({ code: "DECIMAL_TEXT_INVALID" }));
  },
);

test("a double is taken exactly", () => {
  fc.assert(
    fc.property(fc.double(), (value) => {
      expect(decimalOfDouble(value).toNumber()).toBe(value);
    }),
  );
  expect(`${decimalOfDouble(0.1)}`).toBe("0.1000000000000000055511151231257827021181583404541015625");
  expect(`${decimalOfDouble(-0)}`).toBe("-0");
});

test("order is that of the numbers", () => {
  const scaled = (decimal: Decimal) => unscaled(decimal, 40) ?? 0n;
  fc.assert(
    fc.property(anyDecimal, anyDecimal, (a, b) => {
      const expected = scaled(a) < scaled(b) ? -1 : scaled(a) > scaled(b) ? 1 : 0;
      expect(Math.sign(compareDecimals(a, b)) + 0).toBe(expected);
      expect(
        Math.sign(
          compareDecimals(
            a,
            new Decimal({ ...a, digits: a.digits === "0" ? "0" : `${a.digits}0`, exponent: a.exponent - 1 }),
          ),
        ) + 0,
      ).toBe(0);
    }),
  );
  const [low, one, high] = [new Decimal("-inf"), new Decimal("1"), new Decimal("inf")] as const;
  expect([
    compareDecimals(low, one) < 0,
    compareDecimals(one, high) < 0,
    compareDecimals(high, high),
    compareDecimals(low, high) < 0,
  ]).toEqual([true, true, 0, true]);
});

test("integers of decimals", () => {
  const integer = (text: string) => integerOfDecimal(new Decimal(text), { maxDigits: 28 });
  expect(
    [
      "100.00",
      "1E+3",
      "-0",
      "1.10",
      "0E-999999999",
      "9999999999999999999999999999",
      "1E+28",
      "1E+999999999",
      "nan",
      "inf",
    ].map(integer),
  ).toEqual([100n, 1000n, 0n, null, 0n, 9999999999999999999999999999n, null, null, null, null]);
  expect([
    unscaled(new Decimal("-1.50"), 1),
    unscaled(new Decimal("1.55"), 1),
    unscaled(new Decimal("0.001"), 9),
  ]).toEqual([-15n, null, 1000000n]);
});

test("wei has its range", () => {
  const inRange = (text: string) => isWeiInRange(new Decimal(text));
  expect(
    [
      "578960446186580977117854925043439539266",
      "578960446186580977117854925043439539266.5",
      "-578960446186580977117854925043439539267",
      "-578960446186580977117854925043439539268",
      "inf",
      "1E+999999999",
    ].map(inRange),
  ).toEqual([true, false, true, false, false, false]);
});
