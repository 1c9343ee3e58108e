import { expect, test } from "vitest";
import { countText, dateOf, durationText, earliest } from "./duration.js";

const start = new Date("2026-01-01T00:00:00Z");
const after = (ms: number) => durationText(start, new Date(start.getTime() + ms));

test.each([
  [0, "0 seconds"],
  [500, "0.50 seconds"],
  [1000, "1 second"],
  [63_250, "1 minute and 3.25 seconds"],
  [3_725_000, "1 hour, 2 minutes and 5 seconds"],
  [60_000, "1 minute"],
  [86_400_000 * 366, "1 year and 1 day"],
])("%d ms read as %s", (ms, text) => {
  expect(after(ms)).toBe(text);
});

test("an unknown duration is dashes", () => {
  expect(durationText(null, start)).toBe("---");
  expect(durationText(start, null)).toBe("---");
});

test("counts have a plural", () => {
  expect(countText(1, "row")).toBe("1 row");
  expect(countText(0, "row")).toBe("0 rows");
});

test("moments come from microseconds, and are compared", () => {
  const moments = [dateOf(2_000_000n), dateOf("1000000")];
  expect(earliest(moments)?.getTime()).toBe(1000);
  expect(earliest([])).toBeNull();
});
