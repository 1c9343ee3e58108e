import { access } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { incremental, resource, source } from "../src/index.js";
import { newMachine } from "./new-machine.js";
import { refusingDuckdb } from "./refusing-duckdb.js";

const events = (count: number) =>
  resource({ name: "events", primaryKey: "id", incremental: incremental("id", { initialValue: 0 }) }, () =>
    Array.from({ length: count }, (_, id) => ({ id, tags: [id] })),
  );
const ids = (count: number) => Array.from({ length: count }, (_, id) => ({ id }));

test("extract, normalize and load are steps of their own", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  const extracted = await p.extract(events(3));
  expect(extracted.loadPackages.map((each) => [each.state, each.jobs.newJobs.length])).toEqual([["extracted", 2]]);
  expect(extracted.extractDataInfo).toEqual([{ name: "events", dataType: "resource" }]);
  expect(await p.listExtractedLoadPackages()).toEqual(extracted.loadsIds);
  expect(String(extracted)).toBe(
    `Load package ${extracted.loadsIds[0]} is EXTRACTED and contains no failed jobs and NOT YET LOADED to the destination`,
  );
  const normalized = await p.normalize();
  expect(normalized.rowCounts).toEqual({ events: 3, events__tags: 3 });
  expect(await p.listNormalizedLoadPackages()).toEqual(extracted.loadsIds);
  await expect(access(machine.database)).rejects.toThrow("ENOENT");
  const loaded = await p.load();
  expect(loaded.loadsIds).toEqual(extracted.loadsIds);
  expect(await p.listCompletedLoadPackages()).toEqual(extracted.loadsIds);
  expect((await p.getLoadPackageInfo(extracted.loadsIds[0] ?? "")).state).toBe("loaded");
  expect(await machine.query("SELECT id FROM events ORDER BY id")).toEqual(ids(3));
  await expect(p.getLoadPackageInfo("1.0")).rejects.toMatchObject({ code: "PACKAGE_NOT_FOUND" });
});

test("a run finishes pending packages in order, goes on with the new data, and reports both", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  const first = await p.extract(events(2));
  await p.normalize();
  const second = await p.extract(events(4));
  const info = await machine.pipeline().run(events(6));
  expect(info.loadsIds).toHaveLength(3);
  expect(info.loadsIds.slice(0, 2)).toEqual([...first.loadsIds, ...second.loadsIds]);
  expect(await machine.query("SELECT id FROM events ORDER BY id")).toEqual(ids(6));
  expect((await machine.pipeline().run()).isEmpty).toBe(true);
});

test("a run without data only finishes what is pending", async () => {
  const machine = await newMachine();
  const { loadsIds } = await machine.pipeline().extract(events(2));
  expect((await machine.pipeline().run()).loadsIds).toEqual(loadsIds);
  expect(await machine.query("SELECT id FROM events ORDER BY id")).toEqual(ids(2));
});

test("columns that came between two extracts are kept", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  await p.extract([{ id: 1, a: "x" }], { tableName: "t" });
  await p.extract([{ id: 2, b: true }], { tableName: "t" });
  await p.normalize();
  await p.load();
  expect(await machine.query("SELECT id, a, b FROM t ORDER BY id")).toEqual([
    { id: 1, a: "x", b: null },
    { id: 2, a: null, b: true },
  ]);
});

test("a job that failed for good keeps its package until it is tried again", async () => {
  const machine = await newMachine();
  let refuse = true;
  const destination = refusingDuckdb(machine.database, (table) => refuse && table === "events__tags");
  const p = machine.pipeline({ destination });
  const failed = p.run(events(2));
  await expect(failed).rejects.toMatchObject({
    name: "PipelineStepError",
    code: "LOAD_PACKAGE_FAILED",
    step: "load",
    hint: expect.stringContaining("dropPending()"),
  });
  const [loadId = ""] = await p.listNormalizedLoadPackages();
  const info = await p.getLoadPackageInfo(loadId);
  expect(info.jobs.failedJobs.map((job) => [job.tableName, job.failedMessage])).toEqual([
    ["events__tags", "A value does not fit."],
  ]);
  let read = false;
  const later = resource({ name: "events" }, () => {
    read = true;
    return [];
  });
  await expect(p.run(later)).rejects.toMatchObject({ code: "LOAD_PACKAGE_FAILED", pendingLoadIds: [loadId] });
  expect(read).toBe(false);
  refuse = false;
  const loaded = await p.retryFailed();
  expect(loaded.loadsIds).toEqual([loadId]);
  expect(await machine.query("SELECT id FROM events ORDER BY id")).toEqual(ids(2));
  expect(await machine.query("SELECT count(*) AS tags FROM events__tags")).toEqual([{ tags: 2 }]);
});

test("without raiseOnFailedJobs the package completes without the rows of the failed job", async () => {
  const machine = await newMachine();
  const p = machine.pipeline({ destination: refusingDuckdb(machine.database, (table) => table === "events__tags") });
  await p.extract(events(2));
  await p.normalize();
  const info = await p.load({ raiseOnFailedJobs: false });
  expect(info.hasFailedJobs).toBe(true);
  expect(() => info.raiseOnFailedJobs()).toThrowError(/1 load job\(s\) failed/);
  expect(String(info)).toContain("contains 1 FAILED job(s)!\n\t[events__tags.");
  expect(await machine.query("SELECT status FROM _dlt_loads")).toEqual([{ status: 0 }]);
  expect(
    await machine.query("SELECT (SELECT count(*) FROM events) AS events, count(*) AS tags FROM events__tags"),
  ).toEqual([{ events: 2, tags: 0 }]);
});

test("dropping pending packages puts the state back, so that the rows are fetched again", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  await p.run(events(2));
  const { versionHash: schemaHash } = p.defaultSchema ?? {};
  await p.extract(events(4));
  await p.normalize();
  await p.extract([{ id: 9, extra: 1 }], { tableName: "more" });
  expect(await p.dropPending()).toHaveLength(2);
  expect(p.state.sources["shop"]?.resources?.["events"]?.incremental?.["id"]?.last_value).toBe(1);
  expect(p.defaultSchema?.versionHash).toBe(schemaHash);
  expect(await p.dropPending()).toEqual([]);
  await p.run(events(4));
  expect(await machine.query("SELECT id FROM events ORDER BY id")).toEqual(ids(4));
});

test("dropping one of two packages of an extract leaves the state of the other", async () => {
  const machine = await newMachine();
  const counter = (name: string, count: number) =>
    source({ name }, () => [
      resource({ name: `${name}_rows`, incremental: incremental("id", { initialValue: 0 }) }, () =>
        Array.from({ length: count }, (_, id) => ({ id })),
      ),
    ])();
  const p = machine.pipeline({ destination: refusingDuckdb(machine.database, (table) => table === "b_rows") });
  await expect(p.run([counter("a", 2), counter("b", 2)])).rejects.toMatchObject({ code: "LOAD_PACKAGE_FAILED" });
  await p.dropPending();
  const fixed = machine.pipeline();
  await fixed.run([counter("a", 3), counter("b", 3)]);
  expect(await machine.query("SELECT id FROM a_rows ORDER BY id")).toEqual(ids(3));
  expect(await machine.query("SELECT id FROM b_rows ORDER BY id")).toEqual(ids(3));
  expect(await machine.query("SELECT load_id FROM _dlt_loads GROUP BY load_id HAVING count(*) > 1")).toEqual([]);
});

test("settings of the load come from the configuration", async () => {
  const machine = await newMachine();
  const p = machine.pipeline({}, { ...machine.runtime, env: { LOAD__DELETE_COMPLETED_JOBS: "true" } });
  const { loadPackages } = await p.run(events(1));
  await expect(access(join(loadPackages[0]?.packagePath ?? "", "files"))).rejects.toThrow("ENOENT");
});
