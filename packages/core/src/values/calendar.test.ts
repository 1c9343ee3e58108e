import fc from "fast-check";
import { expect, test } from "vitest";
import {
  civilFromDays,
  dateText,
  daysFromCivil,
  daysInMonth,
  firstDay,
  firstIsoMonday,
  isoWeeksInYear,
  lastDay,
} from "./calendar.js";

const anyDay = fc.integer({ min: firstDay, max: lastDay });

test("days and dates agree with Date", () => {
  fc.assert(
    fc.property(anyDay, (days) => {
      expect(dateText(days)).toBe(new Date(days * 86_400_000).toISOString().slice(0, 10));
      expect(daysFromCivil(civilFromDays(days))).toBe(days);
    }),
  );
  expect([dateText(firstDay), dateText(lastDay)]).toEqual(["0001-01-01", "9999-12-31"]);
});

test("months have their days", () => {
  const months = Array.from({ length: 12 }, (_, i) => i + 1);
  for (const year of [1900, 2000, 2023, 2024]) {
    expect(months.map((month) => daysInMonth(year, month))).toEqual(
      months.map((month) => new Date(Date.UTC(year, month, 0)).getUTCDate()),
    );
  }
});

test("ISO weeks", () => {
  expect([2020, 2021, 2024, 2026].map(isoWeeksInYear)).toEqual([53, 52, 52, 53]);
  expect([2020, 2021, 2024, 2026].map((year) => dateText(firstIsoMonday(year)))).toEqual([
    "2019-12-30",
    "2021-01-04",
    "2024-01-01",
    "2025-12-29",
  ]);
});
