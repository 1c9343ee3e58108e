import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { DestinationError } from "@dlt/core";
import { digestText } from "@dlt/core/engine";
import { expect, test, vi } from "vitest";
import { z } from "zod";
import { incremental, type PipelineTrace, resource } from "../src/index.js";
import { newMachine } from "./new-machine.js";
import { refusingDuckdb } from "./refusing-duckdb.js";

const people = [
  { id: 1, name: "Ada", tags: ["math"] },
  { id: 2, name: "Alan", tags: ["logic"] },
];
const merged = resource({ name: "users", primaryKey: "id", writeDisposition: "merge" }, () => people);

/** What `asDict` gives, as it comes out of JSON. */
const plain = (info: { asDict(): object }) => JSON.parse(JSON.stringify(info.asDict()));

test("each job tells its rows, bytes, times and attempts", async () => {
  const machine = await newMachine();
  const info = await machine.pipeline().run(people, { tableName: "users" });
  const [loadId = ""] = info.loadsIds;
  const [metrics] = info.metrics[loadId] ?? [];
  const users = Object.values(metrics?.jobMetrics ?? {}).filter(({ tableName }) => tableName === "users");
  expect(users).toEqual([
    {
      jobId: expect.stringMatching(/^users\.[0-9a-f]{10}\.parquet$/),
      filePath: expect.stringContaining(loadId),
      tableName: "users",
      startedAt: expect.any(Date),
      finishedAt: expect.any(Date),
      state: "completed",
      remoteUrl: null,
      retryCount: 0,
      followupJobs: [],
      itemsCount: 2,
      fileSize: (await readFile(users[0]?.filePath ?? "")).byteLength,
    },
  ]);
  expect(metrics).toMatchObject({ datasetName: "data", startedAt: expect.any(Date), finishedAt: expect.any(Date) });
});

test("a merge is a job, which those whose rows it brought in name", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  await p.run(merged);
  const info = await p.run(merged);
  const jobs = info.loadPackages[0]?.jobs.completedJobs ?? [];
  const [merge] = jobs.filter(({ fileFormat }) => fileFormat === "sql");
  expect(merge).toMatchObject({ tableName: "users", filePath: null, rowCount: 4, state: "completed", fileBytes: 0 });
  expect(jobs.filter(({ tableName }) => tableName.startsWith("users")).map((job) => job.followupJobs)).toEqual([
    [merge?.jobId],
    [merge?.jobId],
    [],
  ]);
});

test("a file that a destination keeps has its address", async () => {
  const machine = await newMachine();
  const { filesystem } = await import("@dlt/destination-filesystem");
  const destination = filesystem({ bucketUrl: join(machine.folder, "bucket") });
  const info = await machine.pipeline({ destination }).run(people, { tableName: "users" });
  const [job] = info.loadPackages[0]?.jobs.completedJobs.filter(({ tableName }) => tableName === "users") ?? [];
  expect(gunzipSync(await readFile(new URL(job?.remoteUrl ?? ""))).toString()).toContain('"name":"Ada"');
});

test("a job that is tried again tells how often", async () => {
  const machine = await newMachine();
  let failures = 2;
  const conflicting = refusingDuckdb(machine.database, (table) => {
    if (table === "users" && failures-- > 0)
      throw new DestinationError("DESTINATION_CONFLICT", "Two at once.", { retryable: true });
    return false;
  });
  const runtime = { ...machine.runtime, wait: async () => undefined };
  const info = await machine.pipeline({ destination: conflicting }, runtime).run(people, { tableName: "users" });
  const [loadId = ""] = info.loadsIds;
  const jobs = Object.values(info.metrics[loadId]?.[0]?.jobMetrics ?? {});
  expect(jobs.filter(({ retryCount }) => retryCount > 0).map((job) => [job.tableName, job.retryCount])).toEqual([
    ["users", 2],
  ]);
});

test("failed jobs are listed with message, file and table, as long as there is a package", async () => {
  const machine = await newMachine();
  const refusing = refusingDuckdb(machine.database, (table) => table === "users__tags");
  const p = machine.pipeline({ destination: refusing });
  await expect(p.run(people, { tableName: "users" })).rejects.toMatchObject({ code: "LOAD_PACKAGE_FAILED" });
  const [pending = ""] = await p.listNormalizedLoadPackages();
  const failed = {
    tableName: "users__tags",
    state: "failed",
    failedMessage: "A value does not fit.",
    failedCode: "DESTINATION_VALUE_REFUSED",
  };
  expect(await p.listFailedJobsInPackage(pending)).toEqual([expect.objectContaining(failed)]);
  const info = await p.load({ raiseOnFailedJobs: false });
  const [job] = await p.listFailedJobsInPackage(pending);
  expect(job).toMatchObject(failed);
  expect((await readFile(job?.filePath ?? "")).byteLength).toBe(job?.fileBytes);
  expect(info.hasFailedJobs).toBe(true);
  expect(() => info.raiseOnFailedJobs()).toThrowError(
    expect.objectContaining({ code: "LOAD_JOBS_FAILED", message: expect.stringContaining("A value does not fit.") }),
  );
  await expect(p.listFailedJobsInPackage("1.0")).rejects.toMatchObject({ code: "PACKAGE_NOT_FOUND" });
});

test("a merge that failed is a failed job", async () => {
  const machine = await newMachine();
  const refusing = refusingDuckdb(machine.database, () => false);
  const { connect } = refusing;
  const destination = {
    ...refusing,
    connect: async (...given: Parameters<typeof connect>) =>
      Object.assign(await connect(...given), {
        followUps: ({ followUpId }: { readonly followUpId: string }) => [
          { id: followUpId, run: () => Promise.reject(new DestinationError("DESTINATION_VALUE_REFUSED", "No.")) },
        ],
      }),
  };
  const p = machine.pipeline({ destination });
  await p.extract(merged);
  await p.normalize();
  const info = await p.load({ raiseOnFailedJobs: false });
  expect(info.hasFailedJobs).toBe(true);
  expect(info.loadPackages[0]?.jobs.failedJobs.map((job) => [job.tableName, job.fileFormat])).toContainEqual([
    "users",
    "sql",
  ]);
});

test("the info as data has the names and the shape of Python's", async () => {
  const machine = await newMachine();
  const runtime = { ...machine.runtime, env: { DESTINATION__DUCKDB__ENVIRONMENT: "production" } };
  const info = await machine.pipeline({}, runtime).run(people, { tableName: "users" });
  const [loadId] = info.loadsIds;
  const dict = plain(info);
  expect(Object.keys(dict).sort()).toEqual([
    "can_be_continued",
    "dataset_name",
    "destination_displayable_credentials",
    "destination_fingerprint",
    "destination_name",
    "destination_type",
    "environment",
    "finished_at",
    "first_run",
    "has_failed_jobs",
    "job_metrics",
    "load_packages",
    "loads_ids",
    "pipeline",
    "staging_displayable_credentials",
    "staging_name",
    "staging_type",
    "started_at",
  ]);
  expect(dict).toMatchObject({ pipeline: { pipeline_name: "shop" }, environment: "production", first_run: true });
  const [loaded] = dict.load_packages;
  expect(Object.keys(loaded).sort()).toEqual([
    "completed_at",
    "jobs",
    "load_id",
    "package_path",
    "schema_hash",
    "schema_name",
    "state",
    "tables",
  ]);
  expect(Object.keys(loaded.jobs[0]).sort()).toEqual([
    "created_at",
    "elapsed",
    "failed_message",
    "file_format",
    "file_id",
    "file_path",
    "file_size",
    "is_compressed",
    "job_id",
    "retry_count",
    "state",
    "table_name",
  ]);
  expect(loaded.jobs[0].state).toBe("completed_jobs");
  const [users] = loaded.tables.filter(({ name }: { readonly name: string }) => name === "users");
  expect(users).toMatchObject({
    name: "users",
    write_disposition: "append",
    schema_name: "shop",
    load_id: loadId,
  });
  expect(users.columns[0]).toEqual({
    name: "id",
    data_type: "bigint",
    nullable: true,
    table_name: "users",
    schema_name: "shop",
    load_id: loadId,
  });
  expect(Object.keys(users)).not.toContain("rootTable");
  expect(Object.keys(dict.job_metrics[0]).sort()).toEqual([
    "file_path",
    "file_size",
    "finished_at",
    "followup_jobs",
    "items_count",
    "job_id",
    "load_id",
    "remote_url",
    "retry_count",
    "started_at",
    "state",
    "table_name",
  ]);
});

test("the fingerprint of a destination is Python's", async () => {
  const machine = await newMachine();
  const refusing = refusingDuckdb(machine.database, () => false);
  const { connect } = refusing;
  const destination = {
    ...refusing,
    connect: async (...given: Parameters<typeof connect>) =>
      Object.assign(await connect(...given), { identity: "localhost" }),
  };
  const info = await machine.pipeline({ destination }).run(people, { tableName: "users" });
  expect(info.destinationFingerprint).toBe("2ayu2BPxtvj7CVM87SgT");
  expect(info.destinationFingerprint).toBe(digestText("localhost", 15));
});

test("infos and traces are rows too", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  const info = await p.run(people, { tableName: "users" });
  const trace = p.lastTrace;
  expect(trace?.steps.map((step) => step.step)).toEqual(["sync", "extract", "normalize", "load", "run"]);
  await p.run([info], { tableName: "_load_info" });
  await p.run([trace], { tableName: "_trace" });
  const found = await machine.queryAll({
    info: "SELECT pipeline__pipeline_name, destination_name, dataset_name FROM _load_info",
    changed:
      "SELECT name, data_type FROM _load_info__load_packages__tables__columns WHERE table_name = 'users__tags' AND name NOT LIKE '_dlt%'",
    rows: "SELECT table_name, items_count FROM _load_info__job_metrics WHERE table_name LIKE 'users%' ORDER BY table_name",
    normalized: "SELECT table_name, items_count FROM _trace__steps__normalize_info__table_metrics ORDER BY table_name",
    loaded: "SELECT table_name FROM _trace__steps__load_info__job_metrics WHERE table_name LIKE 'users%' ORDER BY 1",
    steps: "SELECT step FROM _trace__steps ORDER BY started_at, finished_at",
    lineage:
      "SELECT u.name, i.destination_type FROM users u JOIN _load_info__loads_ids l ON l.value = u._dlt_load_id " +
      "JOIN _load_info i ON i._dlt_id = l._dlt_parent_id ORDER BY u.id",
  });
  expect(found).toEqual({
    info: [{ pipeline__pipeline_name: "shop", destination_name: "duckdb", dataset_name: "data" }],
    changed: [{ name: "value", data_type: "text" }],
    rows: [
      { table_name: "users", items_count: 2 },
      { table_name: "users__tags", items_count: 2 },
    ],
    normalized: [
      { table_name: "users", items_count: 2 },
      { table_name: "users__tags", items_count: 2 },
    ],
    loaded: [{ table_name: "users" }, { table_name: "users__tags" }],
    steps: [{ step: "sync" }, { step: "extract" }, { step: "normalize" }, { step: "load" }],
    lineage: [
      { name: "Ada", destination_type: "dlt.destinations.duckdb" },
      { name: "Alan", destination_type: "dlt.destinations.duckdb" },
    ],
  });
});

test("a trace is remembered on disk as it was, and forgotten with the pipeline", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  const info = await p.run(people, { tableName: "users" });
  const remembered = machine.pipeline().lastTrace;
  expect(remembered).toEqual(p.lastTrace);
  expect(String(remembered)).toBe(String(p.lastTrace));
  expect(plain(remembered as PipelineTrace)).toEqual(plain(p.lastTrace as PipelineTrace));
  expect(remembered?.lastLoadInfo).toEqual(info);
  expect(remembered?.lastExtractInfo?.extractDataInfo).toEqual([{ name: "", dataType: "array" }]);
  expect(remembered?.lastNormalizeInfo?.rowCounts).toEqual({ users: 2, users__tags: 2 });
  expect(remembered?.lastPipelineStepTrace("run")?.stepInfo).toBe(remembered?.lastLoadInfo);
  expect(remembered?.lastPipelineStepTrace("sync")).toMatchObject({ stepInfo: null, exceptionTraces: [] });
  expect(remembered?.executionContext.node).toBe(process.versions.node);
  await p.drop();
  expect(machine.pipeline().lastTrace).toBeNull();
});

test("calls of single steps are one trace, which a run replaces", async () => {
  const machine = await newMachine();
  const steps = () => machine.pipeline().lastTrace?.steps.map(({ step }) => step);
  await machine.pipeline().extract(people, { tableName: "users" });
  const begun = machine.pipeline().lastTrace;
  await machine.pipeline().normalize();
  await machine.pipeline().load();
  expect(steps()).toEqual(["extract", "normalize", "load"]);
  expect(machine.pipeline().lastTrace).toMatchObject({
    transactionId: begun?.transactionId,
    startedAt: begun?.startedAt,
  });
  const p = machine.pipeline();
  await p.sync();
  expect(steps()).toEqual(["extract", "normalize", "load", "sync"]);
  await p.run(people, { tableName: "users" });
  expect(steps()).toEqual(["extract", "normalize", "load", "run"]);
});

test("a step that failed tells its error and the causes, and not what values they name", async () => {
  const machine = await newMachine();
  const secret = new Error("cannot convert 'hunter2'");
  const p = machine.pipeline({
    destination: refusingDuckdb(machine.database, () => {
      throw new DestinationError("DESTINATION_VALUE_REFUSED", "A value does not fit.", { cause: secret });
    }),
  });
  const failure: unknown = await p.run(people, { tableName: "users" }).catch((error: unknown) => error);
  const trace = machine.pipeline().lastTrace;
  const run = trace?.lastPipelineStepTrace("run");
  expect(run?.stepException).toBe((failure as Error).message);
  const step = trace?.lastPipelineStepTrace("load");
  expect(step?.exceptionTraces.map((each) => [each.exceptionType, each.code, each.message !== null])).toEqual([
    ["PipelineStepError", "LOAD_PACKAGE_FAILED", true],
    ["PackageError", "LOAD_PACKAGE_FAILED", true],
    ["DestinationError", "DESTINATION_VALUE_REFUSED", true],
    ["Error", null, false],
  ]);
  expect(step?.exceptionTraces[0]).toMatchObject({ isTerminal: true, exceptionAttrs: { step: "load" } });
  expect(step?.exceptionTraces[3]?.stackTrace.join("\n")).toContain("run-info.test.ts");
  expect(await readFile(join(p.workingDir, "trace.json"), "utf8")).not.toContain("hunter2");
  expect(plain(trace as PipelineTrace).steps.map((each: { readonly step: string }) => each.step)).toContain("run");
  expect(String(trace)).toContain("FAILED in");
});

test("a message of a source's own error is told where the error of the step tells it", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  const broken = resource({ name: "events" }, () => {
    throw new TypeError("the line is dead");
  });
  await expect(p.run(broken)).rejects.toMatchObject({ step: "extract" });
  expect(p.lastTrace?.steps.at(-1)?.exceptionTraces.map(({ message }) => message?.split("\n")[0])).toContain(
    "the line is dead",
  );
});

test("a trace that cannot be read counts as none, one that cannot be written is a warning", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  await p.run(people, { tableName: "users" });
  const path = join(p.workingDir, "trace.json");
  await writeFile(path, "{ half");
  expect(machine.pipeline().lastTrace).toBeNull();
  await writeFile(path, '{ "version": 0, "steps": [] }');
  expect(machine.pipeline().lastTrace).toBeNull();
  await rm(path);
  expect(machine.pipeline().lastTrace).toBeNull();
  await mkdir(path);
  const warn = vi.spyOn(process, "emitWarning").mockReturnValue(undefined);
  expect((await p.run(people, { tableName: "users" })).rowCounts).toEqual({ users: 2, users__tags: 2 });
  expect(warn.mock.calls).toEqual([
    [expect.stringContaining("trace.json"), expect.objectContaining({ code: "TRACE_NOT_KEPT" })],
  ]);
});

test("hints are told as data, whatever they were given as", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  const columns = z.object({ id: z.number().int(), name: z.string() });
  const users = resource({ name: "users", columns, incremental: incremental("id", { initialValue: 0 }) }, () => [
    { id: 1, name: "Ada" },
  ]);
  await p.run(users);
  await p.run([machine.pipeline().lastTrace], { tableName: "_trace" });
  const [hints] = await machine.query(
    "SELECT resource_name, columns, incremental__cursor_path, incremental__initial_value FROM _trace__steps__extract_info__hints",
  );
  expect({ ...hints, columns: JSON.parse(String(hints?.["columns"])) }).toEqual({
    resource_name: "users",
    columns: [
      { name: "id", dataType: "bigint", nullable: false },
      { name: "name", dataType: "text", nullable: false },
    ],
    incremental__cursor_path: "id",
    incremental__initial_value: 0,
  });
});

test("what a resource tells of itself cannot keep a run from ending", async () => {
  const machine = await newMachine();
  const warn = vi.spyOn(process, "emitWarning").mockReturnValue(undefined);
  class Connection {
    readonly self = this;
  }
  const p = machine.pipeline();
  const telling = resource({ name: "users" }, ({ metrics }) => {
    Object.assign(metrics, { bytes: 5n, connection: new Connection() });
    return [{ id: 1 }];
  });
  expect((await p.run(telling)).rowCounts).toEqual({ users: 1 });
  expect(warn.mock.calls.map(([, options]) => (options as { readonly code: string }).code)).toEqual(["TRACE_NOT_KEPT"]);
});

test("no trace is kept where none is wanted", async () => {
  const machine = await newMachine();
  const p = machine.pipeline({ enableRuntimeTrace: false });
  await p.run(people, { tableName: "users" });
  expect(p.lastTrace).toBeNull();
  await expect(readFile(join(p.workingDir, "trace.json"))).rejects.toThrow("ENOENT");
});
