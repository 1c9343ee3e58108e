import fc from "fast-check";
import { expect, test } from "vitest";
import { CalendarDate } from "./calendar-date.js";
import { parseIso } from "./iso-text.js";
import { TimeOfDay } from "./time-of-day.js";
import { Timestamp } from "./timestamp.js";

const offset = fc.option(fc.integer({ min: -1439, max: 1439 }));

test("what is written reads as it was", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -62135510400, max: 253402214399 }),
      fc.nat(999_999),
      offset,
      (seconds, microseconds, offsetMinutes) => {
        const timestamp = new Timestamp({ seconds, microseconds, offsetMinutes });
        expect(parseIso(`${timestamp}`)).toEqual(timestamp);
        const date = new CalendarDate(Math.floor(seconds / 86400));
        expect(parseIso(`${date}`)).toEqual(date);
        expect(parseIso(`${date}`.replaceAll("-", ""))).toEqual(date);
        expect(parseIso(`${date}`.replaceAll("-", "/"))).toEqual(date);
        const time = new TimeOfDay(microseconds * 86400, offsetMinutes);
        expect(parseIso(`${time}`)).toEqual(time);
      },
    ),
  );
});

test("only texts of the grammar are read, whatever they are", () => {
  const text = fc.string({ unit: fc.constantFrom(..."0123456789-:TZW+/ .,|"), maxLength: 30 });
  fc.assert(
    fc.property(text, (value) => {
      const parsed = parseIso(value);
      if (parsed !== null) expect(parseIso(`${parsed}`)).toEqual(parsed);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ["2024-060T03:04", "2024-02-29T03:04:00"],
  ["2024060T0304", "2024-02-29T03:04:00"],
  ["2024-W09-4", "2024-02-29"],
  ["2024W094T03", "2024-02-29T03:00:00"],
  ["2024-W00", "2023-12-25"],
  ["2024-02T03", "2024-02-01T03:00:00"],
  ["20240229 0304", "2024-02-29T03:04:00"],
  ["20240229 03:04:05", "2024-02-29T03:04:05"],
  ["T030405.5-0130", "03:04:05.500000-01:30"],
  ["2024 03:04", "2024-01-01T03:04:00"],
  ["3:04|5", "03:04:00.500000"],
  ["0304", "0304-01-01"],
  ["2024-01-02T03:04+01:75", "2024-01-02T03:04:00+02:15"],
  ["٢٠٢٤ ٣:٤", "2024-01-01T03:04:00"],
])("%s is %s", (text, written) => {
  expect(`${parseIso(text)}`).toBe(written);
});

test.each([
  "2024-1-1",
  "2024-02-30",
  "2024-366T",
  "2023-366",
  "2024-W53",
  "2024-W1",
  "2024W09-4",
  "2024-W094",
  "2024-13",
  "202402",
  "2024T03:04",
  "2024-01-02T",
  "2024-01-02T3",
  "2024-01-02T24:00",
  "2024-01-02T03:60",
  "2024-01-02T03:04:60",
  "2024-01-02T03:04.5",
  "2024-01-02T03:04+24",
  "2024-01-02T03:04+23:60",
  "2024-01-02T03:04+1",
  "0000-01-01",
  "0001-W00",
  "9999-W53-7",
  "03",
  "0304Z",
  "030405",
  "T",
  "Z",
  "12:",
  "2024/01",
  "2024/1/2",
  "2024-01-02 03:04:05 Z",
  "２０２４-01-02",
  "2024-01-02\n",
])("%j is nothing", (text) => {
  expect(parseIso(text)).toBeNull();
});
