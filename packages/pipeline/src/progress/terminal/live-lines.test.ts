import headless from "@xterm/headless";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { progressHub } from "../progress.js";
import type { Count } from "../progress-event.js";
import { liveLines } from "./live-lines.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const utf8 = { LANG: "en_US.UTF-8", NO_COLOR: "1" };

/** A run that is shown on a terminal of so many columns and rows. */
function newRun({ env = utf8, columns = 80, rows = 24 }: { env?: object; columns?: number; rows?: number } = {}) {
  const screen = new headless.Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true });
  const written: string[] = [];
  const terminal = {
    columns,
    rows,
    write(text: string) {
      written.push(text);
      // Writes are worked off in order; `text` waits for the last one.
      screen.write(text);
    },
  };
  const hub = progressHub("shop", { nowMicros: () => BigInt(Date.now()) * 1000n });
  hub.add(liveLines(terminal, env as Readonly<Record<string, string>>));
  hub.runId = "1";
  hub.tell({ kind: "run-started" });
  hub.tell({ kind: "step-started", step: "extract" });
  return {
    hub,
    terminal,
    written,
    async passes(ms: number) {
      await vi.advanceTimersByTimeAsync(ms);
      await vi.dynamicImportSettled();
    },
    async resize(newColumns: number, newRows: number) {
      await shown(screen);
      Object.assign(terminal, { columns: newColumns, rows: newRows });
      screen.resize(newColumns, newRows);
    },
    /** Lines on the screen, without empty ones at its end. */
    text: () => shown(screen),
  };
}

async function shown(screen: InstanceType<typeof headless.Terminal>): Promise<readonly string[]> {
  // The screen works off what was written in timers of its own.
  await vi.advanceTimersByTimeAsync(1);
  const { active } = screen.buffer;
  const lines = Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true) ?? "");
  return lines.join("\n").trimEnd().split("\n");
}

const rows = (name: string, done: number, isOver = false): Count => ({
  ...{ step: "extract", name, done, total: null, unit: "rows", bytes: done * 100, isOver },
});
const resources = (done: number, total: number): Count => ({
  ...{ step: "extract", name: "shop", done, total, unit: "resources", bytes: null, isOver: false },
});

test("resources, steps and jobs are drawn in place, and one line stays", async () => {
  const run = newRun();
  const counts: Count[] = [resources(0, 2), rows("orders", 1200), rows("users", 5)];
  const watched = run.hub.watch(() => counts);
  await run.passes(299);
  expect(run.written).toEqual([]);
  await run.passes(201);
  expect(await run.text()).toEqual([
    "• shop  extract  00:00",
    "  extract    0/2 resources  1,205 rows  121 kB",
    "    orders  1,200 rows  120 kB  2,400 rows/s",
    "    users  5 rows  500 B  10 rows/s",
  ]);
  counts.splice(0, 3, resources(1, 2), rows("orders", 4800), rows("users", 5, true));
  await run.passes(1000);
  expect(await run.text()).toEqual([
    "• shop  extract  00:01",
    "  extract    1/2 resources  4,805 rows  481 kB",
    expect.stringMatching(/^ {4}orders {2}4,800 rows {2}480 kB {2}[\d,]+ rows\/s$/),
  ]);
  watched[Symbol.dispose]();
  run.hub.tell({ kind: "step-ended", step: "extract", durationMs: 1500, error: null });
  run.hub.tell({ kind: "step-started", step: "load" });
  run.hub.tell({ kind: "job-started", loadId: "1.5", jobId: "orders.1.parquet", tableName: "orders" });
  const busy = { code: "BUSY", message: "Busy.", hint: null };
  run.hub.tell({
    kind: "job-retried",
    loadId: "1.5",
    jobId: "orders.1.parquet",
    tableName: "orders",
    attempts: 1,
    error: busy,
  });
  await run.passes(2000);
  expect(await run.text()).toEqual([
    "• shop  load  00:03",
    "  extract    1/2 resources  4,805 rows  481 kB",
    "  load       0 jobs  0 B",
    "    orders.1.parquet  2.0 s  attempt 2",
  ]);
  run.hub.tell({ kind: "run-ended", durationMs: 3500, error: null });
  expect(await run.text()).toEqual(["✔ shop  no rows, 0 B, in 3.5 s"]);
  expect(vi.getTimerCount()).toBe(0);
});

test("a run that fails, or is stopped, says where", async () => {
  for (const [code, how] of [
    ["PIPELINE_STOPPED", "stopped"],
    ["RESOURCE_FAILED", "failed"],
  ] as const) {
    const run = newRun();
    await run.passes(500);
    const error = { code, message: "", hint: null };
    run.hub.tell({ kind: "step-ended", step: "extract", durationMs: 500, error });
    run.hub.tell({ kind: "run-ended", durationMs: 500, error });
    expect(await run.text()).toEqual([`✖ shop ${how} in extract after 0.5 s`]);
  }
});

test("a run that is over at once shows nothing", async () => {
  const run = newRun();
  await run.passes(200);
  run.hub.tell({ kind: "run-ended", durationMs: 200, error: null });
  await run.passes(1000);
  expect(run.written).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

test.each([
  { columns: 80, rows: 24, most: 20 },
  { columns: 80, rows: 6, most: 5 },
  { columns: 80, rows: 2, most: 1 },
  { columns: 12, rows: 10, most: 9 },
])("a thousand tables take $most lines of $columns columns on $rows rows", async ({ columns, rows: height, most }) => {
  const run = newRun({ columns, rows: height });
  using _watched = run.hub.watch(() => Array.from({ length: 1000 }, (_, index) => rows(`table_${index}`, index + 1)));
  await run.passes(3000);
  const lines = await run.text();
  expect(lines).toHaveLength(most);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(columns);
  if (most === 20) expect(lines.at(-1)).toBe("    … and 983 more");
});

test("nothing is left behind when the window becomes narrower, wider or lower", async () => {
  const run = newRun({ columns: 100, rows: 12 });
  const names = Array.from({ length: 6 }, (_, index) => `resource_with_a_long_name_${index}`);
  using _watched = run.hub.watch(() => names.map((name) => rows(name, 1)));
  await run.passes(500);
  for (const [columns, height] of [
    [30, 12],
    [60, 12],
    [60, 5],
    [100, 20],
  ] as const) {
    await run.resize(columns, height);
    await run.passes(250);
    const lines = await run.text();
    const shownNames = lines.slice(-Math.min(8, height - 1)).filter((line) => line.includes("• shop"));
    expect(shownNames).toHaveLength(1);
  }
  await run.passes(250);
  expect((await run.text()).slice(-8)).toEqual([
    "• shop  extract  00:01",
    "  extract    0 resources  6 rows  600 B",
    ...names.map((name) => expect.stringContaining(name)),
  ]);
});

test("a terminal without UTF-8 is given ASCII, and names do not steer it", async () => {
  const run = newRun({ env: { LANG: "C" } });
  using _watched = run.hub.watch(() => [rows("köln\u001b[2J\n\u202e", 1), rows("東京", 1)]);
  await run.passes(500);
  expect(run.written.join("").replaceAll(/\p{Cc}(\[\d*[AJKm])?/gu, "")).toMatch(/^[\x20-\x7e]+$/);
  expect((await run.text()).slice(0, 4)).toEqual([
    "* shop  extract  00:00",
    "  extract    0 resources  2 rows  200 B",
    expect.stringContaining("    k?ln?[2J??  1 row"),
    expect.stringContaining("    ??  1 row"),
  ]);
});

test("wide characters are counted as what they take", async () => {
  const run = newRun({ columns: 20 });
  using _watched = run.hub.watch(() => [rows("東京大阪名古屋横浜札幌", 1)]);
  await run.passes(500);
  expect(await run.text()).toHaveLength(3);
  expect((await run.text())[2]).toBe("    東京大阪名古屋");
});

test("colours are left out where NO_COLOR asks for it", async () => {
  const colours = async (env: object): Promise<boolean> => {
    const run = newRun({ env });
    await run.passes(500);
    run.hub.tell({ kind: "run-ended", durationMs: 500, error: null });
    return run.written.join("").includes("\u001b[32m");
  };
  expect(await colours({ LANG: "C.UTF-8" })).toBe(true);
  expect(await colours({ LANG: "C.UTF-8", NO_COLOR: "1" })).toBe(false);
});
