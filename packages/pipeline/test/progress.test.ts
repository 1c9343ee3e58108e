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
  const counts = events.filter((event) => event.kind === "count");
  const last = new Map(counts.map((count) => [`${count.step} ${count.name} ${count.unit}`, count]));
  const { completedJobs = [] } = info.loadPackages[0]?.jobs ?? {};
  expect(Object.fromEntries([...last].map(([key, { done, total }]) => [key, [done, total]]))).toEqual({
    "extract shop resources": [2, 2],
    "extract orders rows": [2, null],
    "extract users rows": [1, null],
    [`normalize ${loadId} chunks`]: [3, 3],
    "normalize orders rows": [2, null],
    "normalize orders__lines rows": [2, null],
    "normalize users rows": [1, null],
    [`load ${loadId} jobs`]: [completedJobs.length, completedJobs.length],
  });
  expect(last.get("extract users rows")).toMatchObject({ isOver: true, bytes: 9 });
  expect(last.get(`load ${loadId} jobs`)?.bytes).toBe(completedJobs.reduce((sum, job) => sum + job.fileBytes, 0));
});

test("events tell a run from its beginning to its end", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  const events: ProgressEvent[] = [];
  const listening = (async () => {
    for await (const event of p.events()) {
      events.push(event);
      if (event.kind === "run-ended") return;
    }
  })();
  const info = await p.run(shop());
  await listening;
  const [loadId = ""] = info.loadsIds;
  const steps = events.flatMap((event) =>
    event.kind === "step-started" || event.kind === "step-ended" ? [`${event.kind} ${event.step}`] : [],
  );
  expect(steps).toEqual([
    ...["step-started run", "step-started sync", "step-ended sync", "step-started extract", "step-ended extract"],
    ...["step-started normalize", "step-ended normalize", "step-started load", "step-ended load", "step-ended run"],
  ]);
  expect(events[0]).toMatchObject({ kind: "run-started", pipelineName: "shop", runId: p.lastTrace?.transactionId });
  expect(new Set(events.map(({ runId }) => runId)).size).toBe(1);
  expect(events.at(-1)).toMatchObject({ kind: "run-ended", error: null });
  const changed = events.filter((event) => event.kind === "schema-changed");
  expect(changed).toMatchObject([{ loadId, schemaName: "shop" }]);
  expect(Object.fromEntries(changed[0]?.tables.map(({ name, columns }) => [name, columns.length]) ?? [])).toEqual({
    orders: 3,
    orders__lines: 4,
    users: 3,
  });
  const jobs = events.filter(({ kind }) => kind === "job-started" || kind === "job-ended");
  expect(jobs.filter(({ kind }) => kind === "job-started")).toHaveLength(
    info.loadPackages[0]?.jobs.completedJobs.length ?? 0,
  );
  expect(jobs).toContainEqual(
    expect.objectContaining({ kind: "job-ended", status: "completed", tableName: "orders", rowCount: 2, attempts: 1 }),
  );
  expect(JSON.parse(JSON.stringify(events))).toEqual(events);
});

test("events tell why a run failed", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  const events = p.events();
  const failing = resource({ name: "orders" }, () => {
    throw new Error("no such page");
  });
  await expect(p.run(failing)).rejects.toMatchObject({ code: "RESOURCE_FAILED" });
  await p.close();
  const told: ProgressEvent[] = [];
  for await (const event of events) told.push(event);
  expect(told.at(-1)).toMatchObject({ kind: "run-ended", error: { code: "RESOURCE_FAILED" } });
  expect(told.find((event) => event.kind === "step-ended" && event.step === "extract")).toMatchObject({
    error: { code: "RESOURCE_FAILED", message: expect.stringContaining("in step `extract`") },
  });
});

test("a job that is tried again is told of, and one that fails for good", async () => {
  const machine = await newMachine();
  const runtime = { ...machine.runtime, wait: async () => undefined };
  const refused = ["busy", true] as const;
  let attempts = 0;
  const destination = refusingDuckdb(machine.database, (table) => table === "users" && (refused[attempts++] ?? false));
  const p = machine.pipeline({ destination }, runtime);
  const events = p.events();
  await expect(p.run(shop())).rejects.toMatchObject({ code: "LOAD_PACKAGE_FAILED" });
  await p.close();
  const jobs: ProgressEvent[] = [];
  for await (const event of events) if ("tableName" in event && event.tableName === "users") jobs.push(event);
  const error = { code: "DESTINATION_VALUE_REFUSED", message: "A value does not fit.", hint: "Look." };
  expect(jobs).toMatchObject([
    { kind: "job-started" },
    { kind: "job-retried", attempts: 1, error },
    { kind: "job-ended", status: "failed", attempts: 2, error },
  ]);
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
  const p = machine.pipeline({
    progress: (event) => event.kind === "count" && event.name === "events" && event.done === 2 && seen(),
  });
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
  expect(events.filter(({ kind }) => kind === "count").slice(-2)).toMatchObject([
    { step: "load", name, done: completed, total: completed + 1, unit: "jobs" },
    { step: "load", name, done: 1, total: null, unit: "failed jobs" },
  ]);
});

test("the log and its other names come from the configuration", async () => {
  const machine = await newMachine();
  const lines: string[] = [];
  for (const PROGRESS of ["log", "tqdm", "tui"]) {
    const runtime = { ...machine.runtime, env: { PROGRESS }, print: (line: string) => void lines.push(line) };
    await machine.pipeline({}, runtime).run([{ id: 1 }], { tableName: "t" });
    expect(lines.splice(0)).toContainEqual(expect.stringMatching(/^extract t: 1 rows \| 0.00 MB \| Time: /));
  }
  const runtime = { ...machine.runtime, env: { PROGRESS: "none" }, print: (line: string) => void lines.push(line) };
  await machine.pipeline({}, runtime).run([{ id: 1 }], { tableName: "t" });
  expect(lines).toEqual([]);
  expect(() => machine.pipeline({}, { ...machine.runtime, env: { PROGRESS: "loud" } })).toThrowError(
    expect.objectContaining({ family: "config", message: expect.stringContaining("progress") }),
  );
});
