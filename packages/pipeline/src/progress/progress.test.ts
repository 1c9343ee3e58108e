import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { chooseProgress } from "./choose-progress.js";
import type { ProgressEvent } from "./progress.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const runtime = { nowMicros: () => BigInt(Date.now()) * 1000n, print: () => undefined };
const rows = (done: number): ProgressEvent => ({ step: "extract", name: "events", done, total: null, unit: "rows" });
const jobs = (done: number): ProgressEvent => ({ step: "load", name: "1.5", done, total: 8, unit: "jobs" });

test("a function is told once a second of what has changed, and at the end", () => {
  const told: ProgressEvent[] = [];
  const progress = chooseProgress((event) => told.push(event), runtime);
  let done = 0;
  {
    using _watched = progress.watch(() => [rows(done), jobs(3)]);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(1000);
    expect(told.splice(0)).toEqual([rows(0), jobs(3)]);
    vi.advanceTimersByTime(5000);
    expect(told).toEqual([]);
    done = 20;
    vi.advanceTimersByTime(1000);
    expect(told.splice(0)).toEqual([rows(20)]);
    done = 25;
  }
  expect(told.splice(0)).toEqual([rows(25)]);
  expect(vi.getTimerCount()).toBe(0);
});

test("the same count is told again of another part", () => {
  const told: ProgressEvent[] = [];
  const progress = chooseProgress((event) => told.push(event), runtime);
  progress.watch(() => [rows(1)])[Symbol.dispose]();
  progress.watch(() => [rows(1)])[Symbol.dispose]();
  expect(told).toEqual([rows(1), rows(1)]);
});

test("the log has a line for each count", () => {
  const lines: string[] = [];
  const progress = chooseProgress("log", { ...runtime, print: (line) => void lines.push(line) });
  using _watched = progress.watch(() => [rows(50), jobs(3), { ...rows(2), name: "shop", total: 0, unit: "resources" }]);
  vi.advanceTimersByTime(1000);
  expect(lines).toEqual([
    "extract events: 50 rows | Time: 1.00s | Rate: 50.00/s",
    "load 1.5: 3/8 jobs (37.5%) | Time: 1.00s | Rate: 3.00/s",
    "extract shop: 2/0 resources | Time: 1.00s | Rate: 2.00/s",
  ]);
});

test("a function that throws is told nothing more, and the work goes on", () => {
  const warn = vi.spyOn(process, "emitWarning").mockReturnValue(undefined);
  let calls = 0;
  const progress = chooseProgress(() => {
    calls += 1;
    throw new Error("nobody is there");
  }, runtime);
  let done = 0;
  using _watched = progress.watch(() => [rows(done++)]);
  vi.advanceTimersByTime(3000);
  expect(calls).toBe(1);
  expect(warn.mock.calls).toEqual([
    [
      "Progress is told no more, because whoever was told of it failed: Error: nobody is there",
      { type: "DltWarning", code: "PROGRESS_SINK_FAILED" },
    ],
  ]);
});

test("nobody is told unless asked to be", () => {
  const counts = vi.fn(() => [rows(1)]);
  using _watched = chooseProgress(undefined, runtime).watch(counts);
  vi.advanceTimersByTime(5000);
  expect(counts).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});
