import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Destination } from "@dlt/core";
import { duckdb } from "@dlt/destination-duckdb";
import { expect, test } from "vitest";
import { incremental, PipelineStepError, pipeline, resource, withHints } from "../src/index.js";
import { newMachine } from "./new-machine.js";

const events = (count: number) =>
  resource({ name: "events", incremental: incremental("id", { initialValue: 0 }) }, () =>
    Array.from({ length: count }, (_, id) => ({ id })),
  );
const ids = (count: number) => Array.from({ length: count }, (_, id) => ({ id }));

test("a source that breaks leaves nothing behind, and the state as it was", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  await p.run(events(2));
  const broken = resource({ name: "events", incremental: incremental("id", { initialValue: 0 }) }, async function* () {
    yield [{ id: 2 }, { id: 3 }];
    throw new Error("the line is dead");
  });
  const before = p.state;
  const error: unknown = await p.run(broken).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(PipelineStepError);
  expect(error).toMatchObject({ step: "extract", family: "source", pendingLoadIds: [], loadId: null });
  expect(String(error)).toContain("the line is dead");
  expect(String(error)).toContain("Nothing of this extract was kept, and the state is as it was.");
  expect(p.state).toEqual(before);
  expect(await readdir(join(p.workingDir, "packages", "extracting"))).toEqual([]);
  expect(await readdir(join(p.workingDir, "packages", "normalizing"))).toEqual([]);
  expect(p.lastTrace?.steps.map((step) => [step.step, step.stepException === null])).toEqual([
    ["extract", false],
    ["run", false],
  ]);
  await p.run(events(4));
  expect(await machine.query("SELECT id FROM events ORDER BY id")).toEqual(ids(4));
});

test("rows that a contract refuses keep the extracted package", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  await p.run([{ id: 1 }], { tableName: "t" });
  const frozen = p.run([{ id: 2, surprise: true }], { tableName: "t", schemaContract: "freeze" });
  await expect(frozen).rejects.toMatchObject({
    family: "schema",
    message: expect.stringContaining("surprise"),
    hint: expect.stringContaining("dropPending()"),
  });
  await p.dropPending();
  await p.run([{ id: 3 }], { tableName: "t" });
  expect(await machine.query("SELECT id FROM t ORDER BY id")).toEqual([{ id: 1 }, { id: 3 }]);
});

test("merging is refused before anything is read where the destination cannot", async () => {
  const machine = await newMachine();
  const real = duckdb({ credentials: machine.database });
  const connect: Destination["connect"] = async (...given) => {
    const { followUps: _, ...client } = await real.connect(...(given as Parameters<typeof real.connect>));
    return client;
  };
  const p = machine.pipeline({ destination: { ...real, connect } });
  let read = false;
  const merged = resource({ name: "users", writeDisposition: "merge", primaryKey: "id" }, () => {
    read = true;
    return [{ id: 1 }];
  });
  await expect(p.run(merged)).rejects.toMatchObject({ code: "DESTINATION_DISPOSITION_UNSUPPORTED", step: "extract" });
  await expect(
    p.run([{ id: 1 }], { tableName: "t", writeDisposition: { disposition: "merge" } }),
  ).rejects.toMatchObject({
    code: "DESTINATION_DISPOSITION_UNSUPPORTED",
  });
  expect(read).toBe(false);
  expect(await p.listExtractedLoadPackages()).toEqual([]);
});

test("what is to be skipped is refused before anything is read, or loaded", async () => {
  const p = (await newMachine()).pipeline();
  const code = "DESTINATION_DISPOSITION_UNSUPPORTED";
  const skipped = resource({ name: "users", writeDisposition: "skip" }, () => expect.unreachable());
  await expect(p.run(skipped)).rejects.toMatchObject({ code, step: "extract" });
  const byRow = resource({ name: "users" }, () => [withHints({ id: 1 }, { writeDisposition: "skip" })]);
  await expect(p.run(byRow)).rejects.toMatchObject({ code, step: "load" });
  await p.dropPending();
  await p.run(byRow.applyHints({ selected: false }));
});

test("a run that is stopped keeps what was committed", async () => {
  const machine = await newMachine();
  const stop = new AbortController();
  const slow = resource({ name: "events", incremental: incremental("id", { initialValue: 0 }) }, async function* () {
    yield [{ id: 0 }];
    stop.abort();
    yield [{ id: 1 }];
  });
  const stopped = machine.pipeline().run(slow, { signal: stop.signal });
  await expect(stopped).rejects.toMatchObject({ code: "PIPELINE_STOPPED", step: "extract" });
  await machine.pipeline().run(events(2));
  expect(await machine.query("SELECT id FROM events ORDER BY id")).toEqual(ids(2));
});

test("closing stops what is under way; a closed pipeline takes no calls", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  let started = (): void => undefined;
  const isStarted = new Promise<void>((resolve) => {
    started = resolve;
  });
  const endless = resource({ name: "events" }, async function* ({ signal }) {
    yield [{ id: 0 }];
    started();
    await once(signal, "abort");
  });
  const running = p.run(endless);
  const outcome = expect(running).rejects.toMatchObject({ code: "PIPELINE_STOPPED" });
  await isStarted;
  await p.close();
  await outcome;
  await expect(p.run()).rejects.toMatchObject({ code: "PIPELINE_CLOSED" });
  {
    await using again = machine.pipeline();
    await again.run(events(1));
  }
  expect(await machine.query("SELECT id FROM events")).toEqual(ids(1));
});

test("one process at a time works on a pipeline", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  let meanwhile: unknown;
  const busy = resource({ name: "events" }, async function* () {
    meanwhile = await machine
      .pipeline()
      .run(events(1))
      .catch((error: unknown) => error);
    yield [{ id: 0 }];
  });
  await p.run(busy);
  expect(meanwhile).toMatchObject({ code: "PIPELINE_BUSY", context: expect.objectContaining({ pid: process.pid }) });
});

test("a database file that somebody else has open keeps the package", async () => {
  const machine = await newMachine();
  await machine.pipeline().run(events(1));
  const script = `
    const { DuckDBInstance } = await import("@duckdb/node-api");
    const instance = await DuckDBInstance.create(process.argv[1]);
    const connection = await instance.connect();
    await connection.run("SELECT 1");
    console.log("open");
    process.stdin.resume();`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script, machine.database], {
    cwd: import.meta.dirname,
    stdio: ["pipe", "pipe", "inherit"],
  });
  try {
    await once(child.stdout, "data");
    const p = machine.pipeline({ pipelineName: "shop" });
    await p.extract(events(3));
    await expect(p.run()).rejects.toMatchObject({ code: "DESTINATION_LOCKED" });
    expect(await p.listExtractedLoadPackages()).toHaveLength(1);
  } finally {
    child.stdin.end();
    child.kill();
    await once(child, "exit");
  }
  await machine.pipeline().run();
  expect(await machine.query("SELECT id FROM events ORDER BY id")).toEqual(ids(3));
});

test("a destination that is not installed says how to add it", async () => {
  const machine = await newMachine();
  await writeFile(join(machine.folder, "pnpm-lock.yaml"), "");
  const p = machine.pipeline({ destination: "no_such_place" });
  await expect(p.run(events(1))).rejects.toMatchObject({
    code: "DESTINATION_NOT_FOUND",
    hint: expect.stringContaining("@dlt/destination-no-such-place"),
  });
});

test("without a destination only extracting works", async () => {
  const machine = await newMachine();
  const p = pipeline({ pipelineName: "none", pipelinesDir: machine.pipelinesDir }, machine.runtime);
  const { loadsIds } = await p.extract(events(2));
  await expect(p.normalize()).rejects.toMatchObject({ code: "PIPELINE_DESTINATION_MISSING" });
  expect(await p.listExtractedLoadPackages()).toEqual(loadsIds);
});

test("a working folder that cannot be made or written says so", async () => {
  const machine = await newMachine();
  const occupied = join(machine.folder, "occupied");
  await writeFile(occupied, "");
  const p = machine.pipeline({ pipelinesDir: occupied });
  await expect(p.run(events(1))).rejects.toMatchObject({ code: "STORAGE_FAILED" });
});

test.runIf(process.geteuid?.() !== 0)("a read-only folder says so", async () => {
  const machine = await newMachine();
  const readOnly = join(machine.folder, "read-only");
  await mkdir(readOnly);
  await chmod(readOnly, 0o500);
  const p = machine.pipeline({ pipelinesDir: readOnly });
  await expect(p.run(events(1))).rejects.toMatchObject({ code: "STORAGE_NOT_WRITABLE" });
});

test("a full disk keeps what was committed", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  await p.run(events(1));
  const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC", syscall: "write" });
  const runtime = {
    ...machine.runtime,
    reached: (point: string) => {
      if (point === "normalize.chunk.accepted") throw full;
    },
  };
  const failed = machine.pipeline({}, runtime).run(events(3));
  await expect(failed).rejects.toMatchObject({
    code: "STORAGE_FULL",
    step: "normalize",
    pendingLoadIds: [expect.any(String)],
  });
  await p.run();
  expect(await machine.query("SELECT id FROM events ORDER BY id")).toEqual(ids(3));
});

test("names that cannot be names of pipelines are refused at once", () => {
  for (const pipelineName of ["", "a.b", "a/b", "{x}"]) {
    expect(() => pipeline({ pipelineName, destination: duckdb() })).toThrowError(
      expect.objectContaining({ code: "PIPELINE_NAME_INVALID" }),
    );
  }
});

test("a local state that cannot be read is named with its file, and can be dropped", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  await p.run(events(2));
  const path = join(p.workingDir, "state.json");
  await writeFile(path, "{ half");
  await expect(machine.pipeline().run(events(3))).rejects.toMatchObject({
    code: "STATE_DOCUMENT_INVALID",
    message: expect.stringContaining(path),
    hint: expect.stringContaining("drop()"),
  });
  await machine.pipeline().drop();
  await machine.pipeline().run(events(3));
  expect(await machine.query("SELECT id FROM events ORDER BY id")).toEqual(ids(3));
});

test("a call whose signal has aborted already is a stopped one", async () => {
  const p = (await newMachine()).pipeline();
  await expect(p.run(events(2), { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "PIPELINE_STOPPED" });
});

test("what the library does not know says in which step it came up, and what to do", async () => {
  const machine = await newMachine();
  const real = duckdb({ credentials: machine.database });
  const mistake = new TypeError("a mistake of a connector");
  const fail = () => Promise.reject(mistake);
  const connect: Destination["connect"] = async (...given) => ({
    ...(await real.connect(...(given as Parameters<typeof real.connect>))),
    prepare: fail,
  });
  const expected = { cause: mistake, hint: expect.stringContaining("Look at the stack of the `cause`") };
  const loading = machine.pipeline({ destination: { ...real, connect } });
  await expect(loading.run([{ id: 1 }], { tableName: "t" })).rejects.toMatchObject({
    ...expected,
    code: "PIPELINE_LOAD_FAILED",
    message: expect.stringMatching(
      /`load`.*: TypeError: a mistake of a connector\nKept and taken up by the next run: /,
    ),
  });
  const syncing = machine.pipeline({ pipelineName: "other", destination: { ...real, connect: fail } });
  await expect(syncing.run([{ id: 1 }], { tableName: "t" })).rejects.toMatchObject({
    ...expected,
    code: "PIPELINE_SYNC_FAILED",
    message: "Pipeline `other` failed in step `sync`: TypeError: a mistake of a connector\nNothing is pending.",
  });
  await loading.close();
  await machine.pipeline().run();
  expect(await machine.query("SELECT id FROM t")).toEqual([{ id: 1 }]);
});
