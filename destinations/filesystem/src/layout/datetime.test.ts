import { Timestamp } from "@dlt/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { datetimePatterns, datetimeValues, readDatetime } from "./datetime.js";

const valuesOf = (text: string) => {
  const time = readDatetime(text);
  if (time === null) throw new Error("It is no time.");
  return datetimeValues(time);
};

test("every token, as pendulum formats it", () => {
  expect(valuesOf("2024-06-02T09:05:03.045678Z")).toEqual({
    YYYY: "2024",
    YY: "24",
    Y: "2024",
    Q: "2",
    MMMM: "june",
    MMM: "jun",
    MM: "06",
    M: "6",
    DD: "02",
    D: "2",
    HH: "09",
    H: "9",
    mm: "05",
    m: "5",
    ss: "03",
    s: "3",
    SSSS: "0456",
    SSS: "045",
    SS: "04",
    S: "0",
    dddd: "sunday",
    ddd: "sun",
    dd: "su",
    d: "0",
    curr_date: "2024-06-02",
  });
});

test.each([
  ["2024-12-31T23:30:00-02:00", { YYYY: "2024", MMM: "dec", Q: "4", HH: "23", ddd: "tue", d: "2" }],
  ["2024-01-01T00:30:00+05:30", { YYYY: "2024", MM: "01", D: "1", HH: "00", dd: "mo" }],
  ["0099-03-01", { YYYY: "0099", YY: "99", Y: "99", curr_date: "0099-03-01" }],
])("%s is told as a clock there shows it", (text, values) => {
  expect(valuesOf(text)).toMatchObject(values);
});

describe("readDatetime", () => {
  test.each([
    ["2024-06-20", "2024-06-20T00:00:00+00:00"],
    ["2024-06-20 12:30", "2024-06-20T12:30:00+00:00"],
    ["2024-06-20T12:30:15.123456789Z", "2024-06-20T12:30:15.123456+00:00"],
    ["2024-06-20T12:30:15,5+0200", "2024-06-20T12:30:15.500000+02:00"],
    ["2024-06-20T12:30:15-03:30", "2024-06-20T12:30:15-03:30"],
  ])("%s", (text, iso) => {
    expect(String(readDatetime(text))).toBe(iso);
  });

  test.each([
    "",
    "June",
    "2024",
    "2024-06-31",
    "2024-13-01",
    "2024-06-20T24:00",
    "2024-06-20T12:60",
    "2024-06-20T12:30:15+2",
    42,
    null,
    new Date(Number.NaN),
  ])("%s is none", (text) => {
    expect(readDatetime(text)).toBeNull();
  });

  test("reads what a timestamp prints", () => {
    const micros = fc.bigInt({ min: -62_000_000_000_000_000n, max: 250_000_000_000_000_000n });
    fc.assert(
      fc.property(micros, fc.integer({ min: -14 * 60, max: 14 * 60 }), (instant, offsetMinutes) => {
        const time = Timestamp.fromMicros(instant, offsetMinutes);
        expect(readDatetime(String(time))).toEqual(time);
      }),
    );
  });
});

test("tokens look as their patterns say", () => {
  fc.assert(
    fc.property(fc.date({ min: new Date("0001-01-02"), max: new Date("9999-12-30"), noInvalidDate: true }), (date) => {
      const values = datetimeValues(Timestamp.fromDate(date));
      expect(Object.keys(values)).toEqual(datetimePatterns.map(([name]) => name));
      for (const [name, pattern] of datetimePatterns) expect(values[name]).toMatch(new RegExp(`^${pattern}$`));
    }),
  );
});
