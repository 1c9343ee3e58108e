import { Timestamp } from "@dlt/core";
import { describe, expect, test } from "vitest";
import { type RunInterval, schedulerInterval } from "./scheduler-interval.js";

interface Outside {
  readonly given?: RunInterval;
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const dltEnv = { DLT_INTERVAL_START: "2024-03-01", DLT_INTERVAL_END: "2024-03-02" };
const airflowEnv = {
  AIRFLOW_CTX_DATA_INTERVAL_START: "2024-04-01 00:00:00+00:00",
  AIRFLOW_CTX_DATA_INTERVAL_END: "2024-04-02T00:00:00+00:00",
};

function found({ given, argv = [], env = {} }: Outside) {
  const { interval, halves } = schedulerInterval(given, { argv, env });
  return { interval: interval === null ? null : [String(interval.start), String(interval.end)], halves };
}

const day = (text: string): readonly string[] => {
  const next = String(Number(text.slice(-2)) + 1).padStart(2, "0");
  return [`${text}T00:00:00+00:00`, `${text.slice(0, -2)}${next}T00:00:00+00:00`];
};

describe("the interval of a run", () => {
  const given = { start: "2024-01-01", end: new Date("2024-01-02") };
  const argv = ["--verbose", "--interval-start", "2024-02-01", "--interval-end=2024-02-02T00:00:00"];

  test("comes from the first place that has one", () => {
    const env = { ...dltEnv, ...airflowEnv };
    expect(found({ given, argv, env })).toEqual({ interval: day("2024-01-01"), halves: [] });
    expect(found({ argv, env }).interval).toEqual(day("2024-02-01"));
    expect(found({ env }).interval).toEqual(day("2024-03-01"));
    expect(found({ env: airflowEnv }).interval).toEqual(day("2024-04-01"));
    expect(found({})).toEqual({ interval: null, halves: [] });
  });

  test("half of one is none", () => {
    const outside = { argv: ["--interval-start=2024-02-01"], env: { DLT_INTERVAL_END: "2024-03-02" } };
    expect(found(outside)).toEqual({ interval: null, halves: ["--interval-start", "DLT_INTERVAL_END"] });
    const both = { ...outside, env: { ...airflowEnv, DLT_INTERVAL_START: "" } };
    expect(found(both).interval).toEqual(day("2024-04-01"));
  });

  test("takes timestamps with their offset, naive ones in UTC", () => {
    const start = new Timestamp({ seconds: 0, offsetMinutes: 60 });
    const end = new Timestamp({ seconds: 7200, offsetMinutes: null });
    expect(found({ given: { start, end } }).interval).toEqual([
      "1970-01-01T01:00:00+01:00",
      "1970-01-01T02:00:00+00:00",
    ]);
  });

  test("of the environment is seen from a zone, with the offsets that it has then", () => {
    const env = { DLT_INTERVAL_START: "2024-03-30T00:00:00Z", DLT_INTERVAL_END: "2024-04-01T00:00:00Z" };
    expect(found({ env: { ...env, DLT_INTERVAL_TIMEZONE: "Europe/Berlin" } }).interval).toEqual([
      "2024-03-30T01:00:00+01:00",
      "2024-04-01T02:00:00+02:00",
    ]);
    expect(found({ env: { ...env, DLT_INTERVAL_TIMEZONE: "America/St_Johns" } }).interval).toEqual([
      "2024-03-29T21:30:00-02:30",
      "2024-03-31T21:30:00-02:30",
    ]);
    expect(found({ env: { ...env, DLT_INTERVAL_TIMEZONE: "UTC" } }).interval?.[0]).toBe("2024-03-30T00:00:00+00:00");
    expect(found({ given, env: { DLT_INTERVAL_TIMEZONE: "Europe/Berlin" } }).interval).toEqual(day("2024-01-01"));
  });

  test.each<[Outside, string]>([
    [{ given: { start: "soon", end: "2024-01-02" } }, "`interval.start` is no time"],
    [{ given: { start: new Date(Number.NaN), end: "2024-01-02" } }, "`interval.start` is no time"],
    [{ given: { start: "10:00", end: "2024-01-02" } }, "`interval.start` is no time"],
    [{ argv: ["--interval-start", "--interval-end", "2024-01-02"] }, "`--interval-start` is no time"],
    [{ env: { ...dltEnv, DLT_INTERVAL_END: "2024-02-30" } }, "`DLT_INTERVAL_END` is no time"],
    [{ env: { ...dltEnv, DLT_INTERVAL_END: "2024-02-01" } }, "ends before it starts"],
    [{ env: { ...dltEnv, DLT_INTERVAL_TIMEZONE: "Mars/Olympus" } }, "`DLT_INTERVAL_TIMEZONE` is no time zone"],
  ])("%j is refused", (outside, message) => {
    expect(() => found(outside)).toThrow(
      expect.objectContaining({ code: "INTERVAL_INVALID", message: expect.stringContaining(message) }),
    );
  });
});
