import { describe, expect, test } from "vitest";
import { incremental, incrementalDefinition } from "../../authoring/incremental.js";
import type { IncrementalOptions } from "../../contract/incremental.js";
import { CalendarDate } from "../../values/calendar-date.js";
import { Float } from "../../values/float.js";
import { parseIso } from "../../values/iso-text.js";
import { Timestamp } from "../../values/timestamp.js";
import { viewOf } from "../rows-view.js";
import { openCursor } from "./cursor-reader.js";
import { intervalCursor } from "./interval-cursor.js";

/** Text without an offset is naive. */
function at(text: string): Timestamp {
  const value = parseIso(text.length === 10 ? `${text}T00:00:00Z` : text);
  if (!(value instanceof Timestamp)) throw new Error(`${text} is no timestamp.`);
  return value;
}

function join(options: IncrementalOptions<unknown>, start: string, end: string) {
  return intervalCursor(incrementalDefinition(incremental("at", options)), { start: at(start), end: at(end) }, "items");
}

function range(options: IncrementalOptions<unknown>, start: string, end: string): readonly string[] {
  const { initialValue, endValue } = join(options, start, end);
  return [String(initialValue).slice(0, 10), String(endValue).slice(0, 10)];
}

describe("the range of a cursor that takes an interval", () => {
  test("is the interval, cut to what the cursor was given", () => {
    const type = { cursorType: "timestamp" } as const;
    expect(range(type, "2024-05-01", "2024-09-01")).toEqual(["2024-05-01", "2024-09-01"]);
    expect(range({ initialValue: at("2024-06-01") }, "2024-05-01", "2024-09-01")).toEqual(["2024-06-01", "2024-09-01"]);
    const year = { initialValue: at("2024-01-01"), endValue: at("2024-12-01") };
    expect(range(year, "2024-06-01", "2025-02-01")).toEqual(["2024-06-01", "2024-12-01"]);
    expect(range(year, "2024-01-01", "2024-12-01")).toEqual(["2024-01-01", "2024-12-01"]);
  });

  test("is empty where the interval lies beyond it", () => {
    const given = { initialValue: at("2024-01-01"), endValue: at("2024-03-01") };
    const cursor = join(given, "2024-06-01", "2024-09-01");
    const reader = openCursor({ cursor, primaryKey: undefined, state: () => ({}), stopsEarly: true });
    const rows = ["2024-01-15", "2024-04-01", "2024-07-01", "2024-10-01"].map((text) => ({ at: at(text) }));
    expect(reader.keep(viewOf(rows), { singly: false, onError: (error) => error })).toEqual([]);
  });

  test("keeps no state", () => {
    const state = {};
    const cursor = join({ cursorType: "bigint" }, "1970-01-01T00:00:10Z", "1970-01-01T00:00:20Z");
    const reader = openCursor({ cursor, primaryKey: undefined, state: () => state, stopsEarly: true });
    const rows = [9, 10, 19, 20].map((value) => ({ at: value }));
    expect(reader.keep(viewOf(rows), { singly: false, onError: (error) => error })).toEqual([1, 2]);
    expect(state).toEqual({});
  });

  test("goes with a function of the author", () => {
    const latest = (values: readonly unknown[]): unknown => Math.max(...(values as readonly number[]));
    const { initialValue, endValue } = join(
      { initialValue: 15, lastValueFunc: latest },
      "1970-01-01T00:00:10Z",
      "1970-01-01T00:00:20Z",
    );
    expect([initialValue, endValue]).toEqual([15, 20]);
  });
});

describe("an instant becomes a value of the cursor", () => {
  const [start, end] = ["2024-01-01T23:30:00.25-02:00", "2024-01-03T00:00:00Z"] as const;
  const early = new Date(0);

  test.each<[string, IncrementalOptions<unknown>, unknown, unknown]>([
    ["a timestamp", { cursorType: "timestamp" }, at(start), at(end)],
    ["a date of its zone", { cursorType: "date" }, new CalendarDate(19723), new CalendarDate(19725)],
    ["seconds", { cursorType: "double" }, 1704159000.25, 1704240000],
    ["whole seconds", { cursorType: "bigint" }, 1704159000, 1704240000],
    ["whole seconds, as an integer says", { initialValue: 5 }, 1704159000, 1704240000],
    ["whole seconds, as a `bigint` says", { initialValue: 5n }, 1704159000n, 1704240000n],
    ["seconds, as a fraction says", { initialValue: 0.5 }, 1704159000.25, 1704240000],
    ["seconds, as a float says", { initialValue: new Float(5) }, 1704159000.25, 1704240000],
    ["a `Date`", { initialValue: early }, new Date("2024-01-02T01:30:00.250Z"), new Date(end)],
    ["a date, as a date says", { initialValue: new CalendarDate(0) }, new CalendarDate(19723), new CalendarDate(19725)],
    [
      "wall time in UTC, as a naive timestamp says",
      { initialValue: at("2020-01-01T00:00:00") },
      at("2024-01-02T01:30:00.25"),
      at("2024-01-03T00:00:00"),
    ],
  ])("%s", (_, options, initialValue, endValue) => {
    expect(join(options, start, end)).toMatchObject({ initialValue, endValue });
  });

  test.each<[string, IncrementalOptions<unknown>, string]>([
    ["text", { initialValue: "2024-01-01" }, "has values of text"],
    ["no type", {}, "has no known type"],
    ["an object", { initialValue: {} }, "has no known type"],
    ["`min`", { initialValue: 5, lastValueFunc: "min" }, "goes forward"],
  ])("not with %s", (_, options, message) => {
    expect(() => join(options, start, end)).toThrow(
      expect.objectContaining({ code: "SCHEDULER_NOT_JOINED", message: expect.stringContaining(message) }),
    );
  });
});
