import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CalendarDate } from "../../values/calendar-date.js";
import { Decimal } from "../../values/decimal.js";
import { Float } from "../../values/float.js";
import { TimeOfDay } from "../../values/time-of-day.js";
import { Timestamp } from "../../values/timestamp.js";
import { Wei } from "../../values/wei.js";
import { compareCursors, cursorValue } from "./cursor-value.js";

const at = (seconds: number, offsetMinutes: number | null = 0): Timestamp => new Timestamp({ seconds, offsetMinutes });

describe("compareCursors", () => {
  test.each<[string, unknown, unknown]>([
    ["numbers", 1, 2],
    ["an integer and a double", 1, 1.5],
    ["an integer and a boxed double", 1, new Float(2)],
    ["integers beyond 2^53", 9007199254740993n, 9007199254740994n],
    ["a number and an integer beyond 2^53", 2, 9007199254740993n],
    ["infinities", Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    ["booleans, which are numbers", false, true],
    ["decimals", new Decimal("1.10"), new Decimal("1.2")],
    ["a decimal and a number", new Decimal("0.1"), 0.25],
    ["wei", new Wei("1"), new Wei("2")],
    ["texts", "10", "9"],
    ["texts by code points", "\uffff", "😀"],
    ["dates", new CalendarDate(1), new CalendarDate(2)],
    ["times", new TimeOfDay(1), new TimeOfDay(2)],
    ["instants", at(100, 120), at(101, -60)],
    ["naive timestamps", at(100, null), at(101, null)],
  ])("%s", (_, less, more) => {
    expect(compareCursors(less, more)).toBeLessThan(0);
    expect(compareCursors(more, less)).toBeGreaterThan(0);
    expect(compareCursors(less, less)).toBe(0);
  });

  test("equal values of different forms", () => {
    expect(compareCursors(1, new Float(1))).toBe(0);
    expect(compareCursors(5n, 5)).toBe(0);
    expect(compareCursors(new Decimal("1.50"), 1.5)).toBe(0);
    expect(compareCursors(at(100, 60), at(100, 0))).toBe(0);
  });

  test.each<[unknown, unknown]>([
    ["1", 1],
    [new CalendarDate(1), at(1)],
    [at(1), at(1, null)],
    [Number.NaN, 1],
    [new Float(Number.NaN), 1],
    [{}, {}],
    [[1], [1]],
    [null, 1],
    ["2024-01-01", new CalendarDate(1)],
  ])("%s and %s have no order", (a, b) => {
    expect(() => compareCursors(a, b)).toThrow(expect.objectContaining({ code: "CURSOR_NOT_COMPARABLE" }));
  });

  test("is an order of numbers of any form", () => {
    const number = fc.oneof(
      fc.integer(),
      fc.bigInt(),
      fc.integer().map((value) => new Float(value)),
      fc.integer().map((value) => new Decimal(`${value}`)),
    );
    const size = (value: unknown): bigint => BigInt(`${value}`.replace(".0", ""));
    fc.assert(
      fc.property(number, number, (a, b) => {
        expect(Math.sign(compareCursors(a, b))).toBe(size(a) < size(b) ? -1 : size(a) > size(b) ? 1 : 0);
      }),
    );
  });
});

test("cursorValue gives dates of other kinds the form in which their rows are stored", () => {
  expect(cursorValue(new Date(1500))).toEqual(new Timestamp({ seconds: 1, microseconds: 500_000 }));
  class Moment {
    toJSON(): string {
      return "2024-01-01T00:00:00Z";
    }
  }
  expect(cursorValue(new Moment())).toBe("2024-01-01T00:00:00Z");
});
