import { CalendarDate, type CursorType, Decimal, Float, TimeOfDay, Timestamp } from "@dlt/core";
import { parseIso } from "@dlt/core/engine";
import { describe, expect, test } from "vitest";
import { cursorValueReader } from "./cursor-values.js";

const at = (text: string): unknown => parseIso(text);
const aware = new Timestamp({ seconds: 0 });
const naive = new Timestamp({ seconds: 0, offsetMinutes: null });

describe("values are of the type of the initial value in code", () => {
  test.each<[unknown, unknown, unknown]>([
    [5, "12.5", 12.5],
    [5, 7, 7],
    [5n, "12", 12n],
    [5n, 12, 12n],
    ["a", "12", "12"],
    ["2024-01-01", 5, "5"],
    [new Date(0), "2024-01-02", new Date("2024-01-02")],
    [new Date(0), "2024-01-02T03:00:00+01:00", new Date("2024-01-02T02:00:00Z")],
    [aware, "2024-01-02T03:04:05+02:00", at("2024-01-02T03:04:05+02:00")],
    [aware, "2024-01-02T03:04:05", at("2024-01-02T03:04:05Z")],
    [aware, " 2024-01-02 ", at("2024-01-02T00:00:00Z")],
    [aware, 86_400, new Timestamp({ seconds: 86_400 })],
    [naive, "2024-01-02T03:04:05+02:00", at("2024-01-02T01:04:05")],
    [new CalendarDate(0), "2024-01-02", at("2024-01-02")],
    [new CalendarDate(0), "2024-01-02T23:00:00Z", at("2024-01-02")],
    [new TimeOfDay(0), "03:04", at("03:04")],
    [new Decimal("1.5"), "2.50", new Decimal("2.50")],
    [new Decimal("1.5"), 2, new Decimal("2")],
    [new Float(1), "2", new Float(2)],
    [{ any: 1 }, "as it is", "as it is"],
  ])("%s: %j", (like, native, value) => {
    const read = cursorValueReader(undefined, like);
    expect(read(native)).toEqual(value);
    expect(read(value)).toEqual(value);
  });
});

describe("the declared type comes before it", () => {
  test.each<[CursorType, unknown, unknown]>([
    ["timestamp", "2024-01-02", at("2024-01-02T00:00:00")],
    ["timestamp", "2024-01-02T00:00:00Z", at("2024-01-02T00:00:00Z")],
    ["date", "2024-01-02", at("2024-01-02")],
    ["double", "1e3", 1000],
    ["bigint", "+5", 5],
    ["bigint", "9007199254740993", 9_007_199_254_740_993n],
  ])("%s: %j", (type, native, value) => {
    expect(cursorValueReader(type, undefined)(native)).toEqual(value);
  });
});

test("without a type a value stays as it is", () => {
  expect(cursorValueReader(undefined, undefined)("5")).toBe("5");
  expect(cursorValueReader(undefined, null)(5)).toBe(5);
});

test.each<[unknown, unknown, string]>([
  [5, "five", "expected a number"],
  [5n, "1.5", "expected an integer"],
  [aware, "soon", "expected a date and time"],
  [aware, "03:04", "expected a date and time"],
  [new CalendarDate(0), "2024-13-01", "expected a date"],
  [new TimeOfDay(0), "2024-01-01", "expected a time of day"],
  [new Decimal("1"), "1,5", "expected a decimal number"],
  [new Float(1), "x", "expected a number"],
  ["a", null, "expected a text"],
])("%s: %j is refused", (like, native, message) => {
  expect(() => cursorValueReader(undefined, like)(native)).toThrow(message);
});
