import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { defaultRuntime } from "../runtime.js";
import { chooseProgress } from "./choose-progress.js";
import { eventStream } from "./event-stream.js";
import { progressHub } from "./progress.js";
import type { Count, ProgressEvent } from "./progress-event.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const runtime = { ...defaultRuntime(), nowMicros: () => BigInt(Date.now()) * 1000n, terminal: null, env: {} };
const of = { pipelineName: "shop", runtime };
const rows = (done: number): Count => ({
  ...{ step: "extract", name: "events", done, total: null, unit: "rows", bytes: null, isOver: false },
});
const jobs = (done: number): Count => ({
  ...{ step: "load", name: "1.5", done, total: 8, unit: "jobs", bytes: 2e6, isOver: false },
});

/** What is counted, without the place and the time. */
const countsOf = (events: readonly ProgressEvent[]) =>
  events.map((event) => {
    if (event.kind !== "count") return event.kind;
    const { step, name, done, total, unit, bytes, isOver } = event;
    return { step, name, done, total, unit, bytes, isOver };
  });

test("a function is told four times a second of what has changed, and at the end", () => {
  const told: ProgressEvent[] = [];
  const progress = chooseProgress((event) => told.push(event), of);
  let done = 0;
  {
    using _watched = progress.watch(() => [rows(done), jobs(3)]);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(250);
    expect(countsOf(told.splice(0))).toEqual([rows(0), jobs(3)]);
    vi.advanceTimersByTime(5000);
    expect(told).toEqual([]);
    done = 20;
    vi.advanceTimersByTime(250);
    expect(countsOf(told.splice(0))).toEqual([rows(20)]);
    done = 25;
  }
  expect(countsOf(told.splice(0))).toEqual([
    { ...rows(25), isOver: true },
    { ...jobs(3), isOver: true },
  ]);
  expect(vi.getTimerCount()).toBe(0);
});

test("events say when, of which pipeline and of which run, and are plain data", () => {
  const told: ProgressEvent[] = [];
  const progress = chooseProgress((event) => told.push(event), of);
  progress.runId = "ab";
  vi.setSystemTime(Date.UTC(2026, 0, 31));
  progress.tell({ kind: "run-started" });
  const event = { kind: "run-started", pipelineName: "shop", runId: "ab", at: "2026-01-31T00:00:00.000Z" };
  expect(JSON.parse(JSON.stringify(told))).toEqual([event]);
});

test("the log has a line for each count, once a second", () => {
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  const progress = chooseProgress("log", { ...of, runtime: { ...runtime, print } });
  using _watched = progress.watch(() => [rows(50), jobs(3), { ...rows(2), name: "shop", total: 0, unit: "resources" }]);
  vi.advanceTimersByTime(999);
  expect(lines).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(lines).toEqual([
    "extract events: 50 rows | Time: 1.00s | Rate: 50.00/s",
    "load 1.5: 3/8 jobs (37.5%) | 2.00 MB | Time: 1.00s | Rate: 3.00/s",
    "extract shop: 2/0 resources | Time: 1.00s | Rate: 2.00/s",
  ]);
});

test.each([
  [
    "throws",
    () => {
      throw new Error("nobody is there");
    },
  ],
  ["gives a promise that fails", () => Promise.reject(new Error("nobody is there"))],
])("a function that %s is told nothing more, and the work goes on", async (_how, fail) => {
  const warn = vi.spyOn(process, "emitWarning").mockReturnValue(undefined);
  const listener = vi.fn(fail);
  const progress = chooseProgress(listener, of);
  let done = 0;
  using _watched = progress.watch(() => [rows(done++)]);
  await vi.advanceTimersByTimeAsync(3000);
  expect(listener).toHaveBeenCalledTimes(1);
  expect(warn.mock.calls).toEqual([
    [
      "Progress is told no more, because whoever was told of it failed: Error: nobody is there",
      { type: "DltWarning", code: "PROGRESS_SINK_FAILED" },
    ],
  ]);
});

test.each([undefined, "none"] as const)("without a terminal `%s` tells nobody, and nothing is looked at", (given) => {
  const counts = vi.fn(() => [rows(1)]);
  using _watched = chooseProgress(given, of).watch(counts);
  vi.advanceTimersByTime(5000);
  expect(counts).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});

test("of what waits for a listener only the newest count is kept, and at most a thousand other events", async () => {
  const hub = progressHub("shop", runtime);
  const ending = new AbortController();
  const events = eventStream(hub, ending.signal);
  {
    let done = 0;
    using _watched = hub.watch(() => [rows(done++)]);
    vi.advanceTimersByTime(10_000);
  }
  for (let index = 0; index < 1500; index++) {
    hub.tell({ kind: "job-started", loadId: "1.5", jobId: `orders.${index}.0.parquet`, tableName: "orders" });
  }
  ending.abort();
  const told: ProgressEvent[] = [];
  for await (const event of events) told.push(event);
  // The count is the oldest of all, and among those that were dropped.
  expect(told[0]).toMatchObject({ kind: "events-missed", count: 501, pipelineName: "shop" });
  expect(told.slice(1).map((event) => event.kind === "job-started" && event.jobId)).toEqual(
    Array.from({ length: 1000 }, (_, index) => `orders.${index + 500}.0.parquet`),
  );
});

test("whoever leaves the loop is told nothing more", async () => {
  const hub = progressHub("shop", runtime);
  const events = eventStream(hub, new AbortController().signal);
  hub.tell({ kind: "run-started" });
  for await (const { kind } of events) {
    expect(kind).toBe("run-started");
    break;
  }
  const counts = vi.fn(() => [rows(1)]);
  using _watched = hub.watch(counts);
  vi.advanceTimersByTime(5000);
  expect(counts).not.toHaveBeenCalled();
  expect(await events.next()).toEqual({ value: undefined, done: true });
});
