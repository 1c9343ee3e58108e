import { expect, test } from "vitest";
import { type ProgressEvent, resource, source } from "../src/index.js";
import { newMachine } from "./new-machine.js";
import { refusingDuckdb } from "./refusing-duckdb.js";

const shop = source({ name: "shop" }, () => [
  resource({ name: "orders" }, () => [
    { id: 1, lines: [{ sku: "a" }, { sku: "b" }] },
    { id: 2, lines: [] },
  ]),
  resource({ name: "users" }, () => [{ id: 1 }]),
]);

test("a function is told how far extract, normalize and load have come", async () => {
  const machine = await newMachine();
  const events: ProgressEvent[] = [];
  const info = await machine.pipeline({ progress: (event) => events.push(event) }).run(shop());
  const [loadId = ""] = info.loadsIds;
  const last = new Map(events.map((event) => [`${event.step} ${event.name} ${event.unit}`, event]));
  const jobs = info.loadPackages[0]?.jobs.completedJobs.length;
  expect(Object.fromEntries([...last].map(([key, { done, total }]) => [key, [done, total]]))).toEqual({
    "extract shop resources": [2, 2],
    "extract orders rows": [2, null],
    "extract users rows": [1, null],
    [`normalize ${loadId} chunks`]: [3, 3],
    "normalize orders rows": [2, null],
    "normalize orders__lines rows": [2, null],
    "normalize users rows": [1, null],
    [`load ${loadId} jobs`]: [jobs, jobs],
  });
});

test("it is told while a step goes on", async () => {
  const machine = await newMachine();
  let seen = (): void => undefined;
  const isSeen = new Promise<void>((resolve) => {
    seen = resolve;
  });
  const waiting = resource({ name: "events" }, async function* () {
    yield [{ id: 1 }, { id: 2 }];
    await isSeen;
  });
  const p = machine.pipeline({ progress: ({ name, done }) => name === "events" && done === 2 && seen() });
  expect((await p.run(waiting)).rowCounts).toEqual({ events: 2 });
});

test("failed jobs and merges are counted", async () => {
  const machine = await newMachine();
  const events: ProgressEvent[] = [];
  const p = machine.pipeline({
    destination: refusingDuckdb(machine.database, (table) => table === "orders__lines"),
    progress: (event) => events.push(event),
  });
  await p.extract(shop(), { writeDisposition: "merge", primaryKey: "id" });
  await p.normalize();
  const { loadsIds, loadPackages } = await p.load({ raiseOnFailedJobs: false });
  const [name = ""] = loadsIds;
  const completed = loadPackages[0]?.jobs.completedJobs.length ?? 0;
  expect(loadPackages[0]?.jobs.completedJobs.filter(({ fileFormat }) => fileFormat === "sql")).toHaveLength(2);
  expect(events.slice(-2)).toEqual([
    { step: "load", name, done: completed, total: completed + 1, unit: "jobs" },
    { step: "load", name, done: 1, total: null, unit: "failed jobs" },
  ]);
});

test("the log and its other names come from the configuration", async () => {
  const machine = await newMachine();
  const lines: string[] = [];
  for (const PROGRESS of ["log", "tqdm"]) {
    const runtime = { ...machine.runtime, env: { PROGRESS }, print: (line: string) => void lines.push(line) };
    await machine.pipeline({}, runtime).run([{ id: 1 }], { tableName: "t" });
    expect(lines.splice(0)).toContainEqual(expect.stringMatching(/^extract t: 1 rows \| Time: /));
  }
  expect(() => machine.pipeline({}, { ...machine.runtime, env: { PROGRESS: "loud" } })).toThrowError(
    expect.objectContaining({ family: "config", message: expect.stringContaining("progress") }),
  );
});
