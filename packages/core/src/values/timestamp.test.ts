import fc from "fast-check";
import { expect, test } from "vitest";
import { CalendarDate, dateOfTimestamp } from "./calendar-date.js";
import { normalizeTime, TimeOfDay } from "./time-of-day.js";
import { normalizeTimestamp, Timestamp, timestampFromUnixTime, truncateTimestamp } from "./timestamp.js";

const code = (code: string) => expect.objectContaining({ code });

test("agrees with Date to the millisecond", () => {
  fc.assert(
    fc.property(
      fc.date({
        min: new Date("0001-01-01T00:00:00Z"),
        max: new Date("9999-12-31T23:59:59.999Z"),
        noInvalidDate: true,
      }),
      (date) => {
        const timestamp = Timestamp.fromDate(date);
        expect(timestamp.micros).toBe(BigInt(date.getTime()) * 1000n);
        const ms = date.getUTCMilliseconds();
        const iso = date.toISOString().slice(0, 19);
        expect(`${timestamp}`).toBe(`${iso}${ms === 0 ? "" : `.${`${ms}`.padStart(3, "0")}000`}+00:00`);
      },
    ),
  );
});

test("microseconds go there and back", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -62135596800000000n, max: 253402300799999999n }), (micros) => {
      const timestamp = Timestamp.fromMicros(micros, null);
      expect(timestamp.micros).toBe(micros);
      expect(timestamp.microseconds).toBeGreaterThanOrEqual(0);
    }),
  );
});

test("years 1 to 9999 only, in the time zone of the timestamp", () => {
  const last = 253402300799;
  expect(() => new Timestamp({ seconds: last + 1 })).toThrow(code("TIMESTAMP_OUT_OF_RANGE"));
  expect(() => new Timestamp({ seconds: last, offsetMinutes: 1 })).toThrow(code("TIMESTAMP_OUT_OF_RANGE"));
  expect(() => Timestamp.fromDate(new Date(Number.NaN))).toThrow(code("TIMESTAMP_OUT_OF_RANGE"));
  const west = new Timestamp({ seconds: last + 60, offsetMinutes: -1 });
  expect(`${west}`).toBe("9999-12-31T23:59:59-00:01");
  expect(normalizeTimestamp(west, { timezone: true })).toBeNull();
  expect(dateOfTimestamp(west)).toBeNull();
});

test("columns hold UTC, or wall time without zone", () => {
  const timestamp = new Timestamp({ seconds: 0, microseconds: 5, offsetMinutes: 90 });
  expect(`${timestamp}`).toBe("1970-01-01T01:30:00.000005+01:30");
  expect(`${normalizeTimestamp(timestamp, { timezone: true })}`).toBe("1970-01-01T00:00:00.000005+00:00");
  expect(`${normalizeTimestamp(timestamp, { timezone: false })}`).toBe("1970-01-01T00:00:00.000005");
});

test("unix time rounds half to even", () => {
  const micros = (seconds: number) => timestampFromUnixTime(seconds)?.micros;
  expect([0.0000005, 0.0000015, -0.0000005, -2.25, 0.9999999].map(micros)).toEqual([0n, 2n, 0n, -2250000n, 1000000n]);
  expect([Number.NaN, Number.POSITIVE_INFINITY, 253402300800, -62135596801].map(micros)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect(timestampFromUnixTime(2n ** 80n)).toBeNull();
  expect(`${timestampFromUnixTime(-62135596800n)}`).toBe("0001-01-01T00:00:00+00:00");
});

test("truncation is idempotent and never rounds up", () => {
  fc.assert(
    fc.property(fc.nat(999_999), fc.nat(9), (microseconds, digits) => {
      const timestamp = new Timestamp({ seconds: 1, microseconds, offsetMinutes: 60 });
      const truncated = truncateTimestamp(timestamp, digits);
      expect(truncated.microseconds).toBeLessThanOrEqual(microseconds);
      expect(`${microseconds}`.padStart(6, "0").slice(0, digits).padEnd(6, "0")).toBe(
        `${truncated.microseconds}`.padStart(6, "0"),
      );
      expect(truncateTimestamp(truncated, digits)).toEqual(truncated);
      expect(truncated.offsetMinutes).toBe(60);
    }),
  );
});

test("times of day shift to UTC around midnight", () => {
  expect(`${normalizeTime(new TimeOfDay(0, 60))}`).toBe("23:00:00");
  expect(`${normalizeTime(new TimeOfDay(86_399_999_999, -1))}`).toBe("00:00:59.999999");
  expect(() => new TimeOfDay(86_400_000_000)).toThrow(code("TIME_OUT_OF_RANGE"));
});

test("dates that do not exist are refused", () => {
  expect(`${CalendarDate.of(2024, 2, 29)}`).toBe("2024-02-29");
  for (const [year, month, day] of [
    [2023, 2, 29],
    [2024, 13, 1],
    [2024, 0, 1],
    [0, 1, 1],
    [10000, 1, 1],
  ] as const) {
    expect(() => CalendarDate.of(year, month, day)).toThrow(code("DATE_OUT_OF_RANGE"));
  }
});
