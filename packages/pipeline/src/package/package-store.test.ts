import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { PipelinePoint } from "../points.js";
import {
  createWorkingFolder,
  readSchemaText,
  readStateText,
  type WorkingFolder,
  workingFolder,
} from "../workspace/working-folder.js";
import { writeChunkFile } from "./chunk-file.js";
import {
  commitExtract,
  createExtracted,
  discardExtract,
  type ExtractedPackage,
  readChunk,
  readChunks,
  readExtracted,
} from "./extracted-package.js";
import { readJobMarks, removeFailedMarks, writeJobMark } from "./job-marks.js";
import { commitLoaded, readAppliedUpdate, readCompletion, recordAppliedUpdate } from "./loaded-package.js";
import { commitLocally } from "./local-commit.js";
import { commitNormalized, createNormalized, readNormalized } from "./normalized-package.js";
import { listExtracted, listPackages, type PackageStore, packageStore, stagePath } from "./package-store.js";
import { recoverPackages } from "./recover-packages.js";

const first = "1700000000.000001";
const second = "1700000000.000002";
const text = (value: string) => new TextEncoder().encode(value);

let parent: string;
let folder: WorkingFolder;
const store = (reached: PackageStore["reached"] = () => undefined): PackageStore =>
  packageStore({ folder, reached, assertHeld: async () => undefined });

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "packages-"));
  folder = workingFolder({ pipelineName: "p", pipelinesDir: parent, runtime: { env: {}, cwd: parent } });
  await createWorkingFolder(folder);
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const entry = (index: number) =>
  ({
    index,
    resource: "r",
    table: "t",
    file: `00000${index}.jsonl`,
    framing: "lines",
    numbers: "text",
    firstRow: index,
    rowCount: 1,
    bytes: 8,
    update: [],
  }) as const;

function extracted(loadId: string, schemaName: string): ExtractedPackage {
  return {
    manifest: {
      format: 1,
      loadId,
      schemaName,
      idSeed: "AA==",
      createdAt: "1",
      chunks: [entry(0), entry(1)],
      emptyTables: [],
      tables: [],
      dropTables: [],
      truncateTables: [],
      resources: {},
    },
    schema: `{"start":"${schemaName}"}`,
    origin: { schemaHash: "h", before: { schema: null, sourceState: null } },
    state: {
      version: 1,
      engineVersion: 4,
      pipelineName: "p",
      state: "s",
      createdAt: 1_700_000_000_000_001n,
      versionHash: "v",
      loadId,
    },
  };
}

async function extractBoth(to: PackageStore): Promise<void> {
  const packages: ExtractedPackage[] = [];
  for (const [loadId, schemaName] of [
    [first, "a"],
    [second, "b"],
  ] as const) {
    packages.push(extracted(loadId, schemaName));
    const chunks = await createExtracted(to, first, loadId);
    for (const index of [0, 1]) {
      await writeChunkFile(chunks, entry(index).file, text(`{"i":${index}}\n`));
      await to.reached("extract.chunk.written");
    }
  }
  const change = { state: "state after", schemas: { a: "schema a", b: "schema b" } };
  await commitExtract(to, first, { packages, change });
}

async function normalize(to: PackageStore, loadId: string): Promise<void> {
  const { manifest, origin, state } = await readExtracted(to, loadId);
  const files = await createNormalized(to, loadId);
  await writeFile(join(files, "t.0011223344.jsonl"), "{}\n");
  await commitNormalized(to, {
    manifest: {
      format: 1,
      loadId,
      schemaName: manifest.schemaName,
      createdAt: manifest.createdAt,
      files: [{ table: "t", fileId: "0011223344", format: "jsonl", name: "t.0011223344.jsonl", rowCount: 1, bytes: 3 }],
      update: [],
      dropTables: [],
      truncateTables: [],
      rowCounts: { t: 1 },
      nullOnly: [],
    },
    schema: `normalized ${manifest.schemaName}`,
    origin,
    state,
  });
}

async function load(to: PackageStore, loadId: string): Promise<void> {
  await recordAppliedUpdate(to, loadId, `{"t":"${loadId}"}`);
  await commitLoaded(to, loadId, { completedAt: "2", failedJobs: 0 }, true);
}

/** What a run does from wherever the packages are. */
async function goOn(to: PackageStore): Promise<void> {
  const hasStarted = (await readStateText(folder)) !== null;
  if (!hasStarted) await extractBoth(to);
  for (const { loadId } of await listExtracted(to)) await normalize(to, loadId);
  for (const loadId of await listPackages(to, "normalized")) await load(to, loadId);
}

async function localDocuments() {
  return {
    state: await readStateText(folder),
    a: await readSchemaText(folder, "a"),
    b: await readSchemaText(folder, "b"),
    extracted: await listPackages(store(), "extracted"),
    normalized: await listPackages(store(), "normalized"),
    loaded: await listPackages(store(), "loaded"),
  };
}

const finished = {
  state: "state after",
  a: "normalized a",
  b: "normalized b",
  extracted: [],
  normalized: [],
  loaded: [first, second],
};

test("packages go through all stages and leave nothing behind", async () => {
  await goOn(store());
  expect(await localDocuments()).toEqual(finished);
  for (const stage of ["extracting", "extracted", "normalizing", "normalized", "removed"] as const) {
    expect(await readdir(stagePath(store(), stage)).catch(() => [])).toEqual([]);
  }
});

test("a committed package reads back as it was written", async () => {
  await extractBoth(store());
  const content = await readExtracted(store(), first);
  expect(content).toEqual(extracted(first, "a"));
  const chunks = [];
  for await (const chunk of readChunks(store(), content.manifest)) chunks.push(new TextDecoder().decode(chunk.data));
  expect(chunks).toEqual(['{"i":0}\n', '{"i":1}\n']);
  expect(await readChunk(store(), { extractId: first, loadId: second }, entry(1))).toEqual(Buffer.from('{"i":1}\n'));
  await normalize(store(), first);
  const { manifest, schema, state, origin } = await readNormalized(store(), first);
  expect([manifest.rowCounts, schema, state, origin]).toEqual([
    { t: 1 },
    "normalized a",
    content.state,
    content.origin,
  ]);
});

test("before the commit nothing counts, and it can be discarded", async () => {
  const chunks = await createExtracted(store(), first, first);
  await writeChunkFile(chunks, entry(0).file, text("{}\n"));
  expect((await localDocuments()).extracted).toEqual([]);
  await discardExtract(store(), first);
  expect(await readdir(stagePath(store(), "extracting"))).toEqual([]);
});

describe("killed at any point", () => {
  test("the next run finishes the packages, none twice", async () => {
    const points: PipelinePoint[] = [];
    await goOn(store((point) => void points.push(point)));
    expect(points.length).toBeGreaterThan(15);
    for (let killAt = 0; killAt < points.length; killAt++) {
      await rm(folder.path, { recursive: true, force: true });
      await createWorkingFolder(folder);
      let left = killAt;
      const dying = store(() => {
        if (left-- <= 0) throw new Error("killed");
      });
      await expect(goOn(dying), points[killAt]).rejects.toThrow("killed");
      await recoverPackages(store());
      const between = await localDocuments();
      const known = [...between.extracted, ...between.normalized, ...between.loaded].sort();
      // Both packages with their state, or none.
      expect(known, points[killAt]).toEqual(between.state === null ? [] : [first, second]);
      await goOn(store());
      expect(await localDocuments(), points[killAt]).toEqual(finished);
    }
  });
});

test("a drop and the change of the documents are one", async () => {
  await extractBoth(store());
  await normalize(store(), first);
  await commitLocally(store(), {
    dropped: [first, second],
    change: { state: "state before", schemas: { a: null, b: "b before" } },
  });
  expect(await localDocuments()).toEqual({
    state: "state before",
    a: null,
    b: "b before",
    extracted: [],
    normalized: [],
    loaded: [],
  });
});

test("a drop that was only written down is finished", async () => {
  await extractBoth(store());
  const commit = { dropped: [second], change: { state: "state before", schemas: { b: null } } };
  await writeFile(join(folder.packagesPath, "local-commit.json"), JSON.stringify(commit));
  await recoverPackages(store());
  expect(await localDocuments()).toMatchObject({ state: "state before", a: "schema a", b: null, extracted: [first] });
  expect(await readdir(folder.packagesPath)).not.toContain("local-commit.json");
});

test("marks of jobs: the last one counts, unreadable ones do not, failed ones can be forgotten", async () => {
  await extractBoth(store());
  await normalize(store(), first);
  const mark = {
    jobId: "t.0011223344.jsonl",
    table: "t",
    rowCount: 0,
    bytes: 0,
    attempts: 1,
    startedAt: "1",
    finishedAt: "2",
  };
  await writeJobMark(store(), first, { ...mark, status: "completed", failure: null });
  await writeJobMark(store(), first, {
    ...mark,
    status: "failed",
    failure: { code: null, message: "refused", hint: null },
  });
  await writeFile(stagePath(store(), "normalized", first, "jobs", "u.json"), "");
  const marks = await readJobMarks(store(), "normalized", first);
  expect([...marks.values()].map(({ jobId, status }) => [jobId, status])).toEqual([["t.0011223344.jsonl", "failed"]]);
  await removeFailedMarks(store(), first);
  expect((await readJobMarks(store(), "normalized", first)).size).toBe(0);
});

test("the first attempt tells what the destination changed", async () => {
  await extractBoth(store());
  await normalize(store(), first);
  expect(await readAppliedUpdate(store(), "normalized", first)).toBeNull();
  await recordAppliedUpdate(store(), first, "{1}");
  await recordAppliedUpdate(store(), first, "{2}");
  expect(await readAppliedUpdate(store(), "normalized", first)).toBe("{1}");
});

test("load files stay unless they are to go, and always when a job failed", async () => {
  await extractBoth(store());
  await normalize(store(), first);
  await normalize(store(), second);
  await commitLoaded(store(), first, { completedAt: "3", failedJobs: 1 }, true);
  await commitLoaded(store(), second, { completedAt: "3", failedJobs: 0 }, true);
  expect(await readdir(stagePath(store(), "loaded", first, "files"))).toEqual(["t.0011223344.jsonl"]);
  expect(await readdir(stagePath(store(), "loaded", second))).not.toContain("files");
  expect(await readCompletion(store(), "loaded", first)).toEqual({ completedAt: "3", failedJobs: 1 });
});

test("a damaged package says so", async () => {
  await extractBoth(store());
  await writeFile(stagePath(store(), "extracted", first, first, "manifest.json"), "{");
  await expect(readExtracted(store(), first)).rejects.toMatchObject({ code: "PACKAGE_UNREADABLE" });
  await writeFile(stagePath(store(), "extracted", first, first, "manifest.json"), '{"format":2}');
  await expect(readExtracted(store(), first)).rejects.toMatchObject({ code: "PACKAGE_UNREADABLE" });
  await expect(readExtracted(store(), "1.0")).rejects.toMatchObject({ code: "PACKAGE_NOT_FOUND" });
});

test("what another process took over is not committed", async () => {
  const lost: PackageStore = { ...store(), assertHeld: () => Promise.reject(new Error("taken over")) };
  await expect(extractBoth(lost)).rejects.toThrow("taken over");
  await recoverPackages(store());
  expect(await localDocuments()).toMatchObject({ state: null, extracted: [] });
});
