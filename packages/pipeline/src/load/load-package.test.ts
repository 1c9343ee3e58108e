import { on } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type DestinationCapabilities,
  type DestinationClient,
  DestinationError,
  type LoadFile,
  type LoadJob,
  type LoadPlan,
  type PartialTable,
  type TableChain,
  type WriteDisposition,
} from "@dlt/core";
import { bumpVersion, formatSchema, newSchema, updateTable } from "@dlt/core/engine";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { LoadSettings } from "../config/engine-settings.js";
import { readJobMarks } from "../package/job-marks.js";
import { commitNormalized, createNormalized } from "../package/normalized-package.js";
import { listPackages, type PackageStore, stagePath } from "../package/package-store.js";
import { createWorkingFolder, type WorkingFolder, workingFolder } from "../workspace/working-folder.js";
import { type LoadPackageInput, loadPackage } from "./load-package.js";
import { retryPolicy } from "./retry.js";

const loadId = "1700000000.000001";
const capabilities: DestinationCapabilities = {
  preferredFileFormat: "jsonl",
  fileFormats: ["jsonl"],
  maxIdentifierLength: 60,
  caseSensitiveIdentifiers: false,
  supportsDdlTransactions: true,
  supportsTransactions: true,
  replaceStrategies: ["truncate-and-insert", "insert-from-staging"],
  mergeStrategies: ["delete-insert"],
  maxParallelJobs: 2,
};

let parent: string;
let folder: WorkingFolder;
let store: PackageStore;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "load-"));
  folder = workingFolder({ pipelineName: "p", pipelinesDir: parent, runtime: { env: {}, cwd: parent } });
  await createWorkingFolder(folder);
  store = { folder, reached: () => undefined, assertHeld: async () => undefined };
});
afterEach(() => rm(parent, { recursive: true, force: true }));

function table(name: string, hints: Partial<PartialTable> = {}): PartialTable {
  const id = { name: "id", dataType: "bigint", nullable: true } as const;
  return { name, columns: new Map([["id", id]]), "x-normalizer": { "seen-data": true }, ...hints };
}

/** A package with a file for each of the tables named; tables: `users`, `users__tags`, `events`. */
async function givenPackage(files: readonly string[], writeDisposition: WriteDisposition = "append"): Promise<void> {
  let schema = newSchema("s");
  for (const each of [
    table("users", { writeDisposition, resource: "users" }),
    table("users__tags", { parent: "users" }),
    table("events", { writeDisposition: "append", resource: "events" }),
  ]) {
    schema = updateTable(schema, each);
  }
  const path = await createNormalized(store, loadId);
  const entries = files.map((name, index) => ({
    table: name,
    fileId: `000000000${index}`,
    format: "jsonl",
    name: `${name}.000000000${index}.jsonl`,
    rowCount: 1,
    bytes: 9,
  }));
  for (const { name } of entries) await writeFile(join(path, name), '{"id":1}\n');
  await commitNormalized(store, {
    manifest: {
      format: 1,
      loadId,
      schemaName: "s",
      createdAt: "1700000000000001",
      files: entries,
      update: [],
      dropTables: [],
      truncateTables: [],
      rowCounts: {},
      nullOnly: [],
    },
    schema: formatSchema(bumpVersion(schema)),
    origin: { schemaHash: "h", before: { schema: null, sourceState: null } },
    state: null,
  });
}

/** A destination in memory that keeps the rows of each job once, and fails as told. */
class MemoryDestination implements DestinationClient {
  readonly displayLocation = "memory";
  readonly plans: LoadPlan[] = [];
  readonly jobs = new Map<string, LoadFile>();
  readonly attempts: string[] = [];
  readonly completed: string[] = [];
  /** Errors by table, one for each attempt; used up in order. */
  readonly failures = new Map<string, Error[]>();

  async prepare(plan: LoadPlan): Promise<readonly PartialTable[]> {
    this.plans.push(plan);
    return this.plans.length === 1 ? plan.tables : [];
  }

  async explain(): Promise<readonly string[]> {
    return [];
  }

  createJob(file: LoadFile) {
    return {
      id: file.jobId,
      run: async () => {
        this.attempts.push(file.jobId);
        const failure = this.failures.get(file.table.name)?.shift();
        if (failure !== undefined) throw failure;
        expect(await readFile("path" in file.at ? file.at.path : "", "utf8")).toBe('{"id":1}\n');
        this.jobs.set(file.jobId, file);
        return { rowCount: file.rowCount, bytes: file.bytes };
      },
    };
  }

  async completeLoad(load: { readonly loadId: string }): Promise<void> {
    this.completed.push(load.loadId);
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

class MergingDestination extends MemoryDestination {
  readonly chains: TableChain[] = [];

  followUps(chain: TableChain): readonly LoadJob[] {
    this.chains.push(chain);
    const id = `${chain.tables[0]?.name}.merge`;
    const run = async () => {
      this.attempts.push(id);
      return { rowCount: 0, bytes: 0 };
    };
    return [{ id, run }];
  }
}

const settings: LoadSettings = {
  workers: 20,
  parallelismStrategy: undefined,
  raiseOnFailedJobs: true,
  raiseOnMaxRetries: 3,
  truncateStagingDataset: false,
  startNewJobsOnSignal: false,
  deleteCompletedJobs: false,
};

function load(client: DestinationClient, change: Partial<LoadPackageInput> = {}): Promise<void> {
  const retries = {
    ...retryPolicy({ maxAttempts: 3, randomBytes: (length) => new Uint8Array(length), wait: async () => undefined }),
  };
  return loadPackage({
    store,
    loadId,
    client,
    destinationName: "memory",
    capabilities,
    settings,
    retries,
    nowMicros: () => 1_700_000_001_000_000n,
    signal: new AbortController().signal,
    ...change,
  });
}

/** Waits for the next warning with this code. */
async function messageOfWarning(code: string): Promise<string> {
  for await (const [warning] of on(process, "warning")) if (warning.code === code) return warning.message;
  throw new Error("Warnings do not end.");
}

const refused = () =>
  new DestinationError("DESTINATION_VALUE_REFUSED", "A value does not fit.", { hint: "Look at it." });
const conflict = () => new DestinationError("DESTINATION_CONFLICT", "Two at once.", { retryable: true });
const statuses = async (stage: "normalized" | "loaded") =>
  [...(await readJobMarks(store, stage, loadId)).values()]
    .map((mark) => `${mark.table} ${mark.status} ${mark.attempts}`)
    .sort();

test("files are loaded, the load is completed, the package moves on", async () => {
  await givenPackage(["users", "users__tags", "events"]);
  const client = new MemoryDestination();
  await load(client);
  expect([...client.jobs.keys()].sort()).toEqual([
    "events.0000000002.jsonl",
    "users.0000000000.jsonl",
    "users__tags.0000000001.jsonl",
  ]);
  expect(client.completed).toEqual([loadId]);
  expect(await listPackages(store, "normalized")).toEqual([]);
  expect(await listPackages(store, "loaded")).toEqual([loadId]);
  expect(await statuses("loaded")).toEqual(["events completed 1", "users completed 1", "users__tags completed 1"]);
  const [plan] = client.plans;
  expect(plan?.tables.map((each) => each.name)).toEqual([
    "users",
    "users__tags",
    "events",
    "_dlt_version",
    "_dlt_loads",
  ]);
  expect([plan?.truncate, plan?.staged, plan?.drop]).toEqual([[], [], []]);
});

test("a replaced table is emptied with all of its chain, others are not", async () => {
  await givenPackage(["users", "events"], "replace");
  const client = new MemoryDestination();
  await load(client);
  expect(client.plans[0]?.truncate).toEqual(["users", "users__tags"]);
  expect(client.plans[0]?.tables.map((each) => each.name)).toEqual([
    "users",
    "users__tags",
    "events",
    "_dlt_version",
    "_dlt_loads",
  ]);
});

test("an error that may pass is tried again", async () => {
  await givenPackage(["users"]);
  const client = new MemoryDestination();
  client.failures.set("users", [conflict(), conflict()]);
  await load(client);
  expect(await statuses("loaded")).toEqual(["users completed 3"]);
});

test("when retries are used up the package stays, and the next load goes on", async () => {
  await givenPackage(["users", "events"]);
  const client = new MemoryDestination();
  client.failures.set("users", [conflict(), conflict(), conflict()]);
  await expect(load(client)).rejects.toMatchObject({ code: "LOAD_RETRIES_EXHAUSTED", retryable: true });
  expect(client.completed).toEqual([]);
  await load(client);
  expect(client.completed).toEqual([loadId]);
  expect(client.attempts.filter((id) => id.startsWith("events"))).toHaveLength(1);
});

test("a job that fails for good keeps its package, and is tried once more by the next load", async () => {
  await givenPackage(["users", "events"]);
  const client = new MemoryDestination();
  client.failures.set("users", [refused(), refused()]);
  const failure = {
    code: "LOAD_PACKAGE_FAILED",
    message: expect.stringContaining("`users.0000000000.jsonl`: A value does not fit."),
  };
  await expect(load(client)).rejects.toMatchObject(failure);
  expect(await statuses("normalized")).toContain("users failed 1");
  expect(await listPackages(store, "normalized")).toEqual([loadId]);
  await expect(load(client)).rejects.toMatchObject(failure);
  await load(client);
  expect(await statuses("loaded")).toEqual(["events completed 1", "users completed 1"]);
  expect(client.completed).toEqual([loadId]);
});

test("after a failed job no other is started", async () => {
  await givenPackage(["users", "events"]);
  const client = new MemoryDestination();
  client.failures.set("users", [refused()]);
  await expect(load(client, { capabilities: { ...capabilities, maxParallelJobs: 1 } })).rejects.toMatchObject({
    code: "LOAD_PACKAGE_FAILED",
  });
  expect(client.attempts).toEqual(["users.0000000000.jsonl"]);
});

test("without raiseOnFailedJobs the package completes and the failed job is kept", async () => {
  await givenPackage(["users", "events"]);
  const client = new MemoryDestination();
  client.failures.set("users", [refused()]);
  await load(client, { settings: { ...settings, workers: 1, raiseOnFailedJobs: false, deleteCompletedJobs: true } });
  expect(client.completed).toEqual([loadId]);
  expect(await statuses("loaded")).toEqual(["events completed 1", "users failed 1"]);
  expect(await readFile(stagePath(store, "loaded", loadId, "files", "users.0000000000.jsonl"), "utf8")).toBe(
    '{"id":1}\n',
  );
});

test("a mistake in a destination counts as a failed job", async () => {
  await givenPackage(["users"]);
  const client = new MemoryDestination();
  client.failures.set("users", [new TypeError("a mistake")]);
  await expect(load(client)).rejects.toMatchObject({ code: "LOAD_PACKAGE_FAILED", cause: { message: "a mistake" } });
});

test("tables that are merged go through staging, and are merged once all of their chain is in", async () => {
  await givenPackage(["users", "users__tags", "events"], "merge");
  const client = new MergingDestination();
  await load(client);
  expect(client.plans[0]?.staged).toEqual(["users", "users__tags"]);
  expect([...client.jobs.values()].map((file) => `${file.table.name} ${file.target}`).sort()).toEqual([
    "events final",
    "users staging",
    "users__tags staging",
  ]);
  const chains = client.chains.map((chain) => [chain.tables.map((each) => each.name), [...chain.loaded].sort()]);
  expect(chains).toContainEqual([
    ["users", "users__tags"],
    ["users", "users__tags"],
  ]);
  expect(chains).toContainEqual([["events"], ["events"]]);
  const merge = client.attempts.indexOf("users.merge");
  expect(client.attempts.slice(0, merge)).toEqual(
    expect.arrayContaining(["users.0000000000.jsonl", "users__tags.0000000001.jsonl"]),
  );
});

test("follow-ups of a chain whose files were in already are run by the next load", async () => {
  await givenPackage(["users"], "merge");
  const client = new MergingDestination();
  const dying = {
    ...store,
    reached: (point: string) => {
      if (point === "load.job.recorded") throw new Error("killed");
    },
  };
  await expect(load(client, { store: dying })).rejects.toThrow("killed");
  await load(client);
  expect(client.attempts).toEqual(["users.0000000000.jsonl", "users.merge"]);
});

test("a destination without follow-ups refuses what needs them before it is touched", async () => {
  await givenPackage(["users"], "merge");
  const client = new MemoryDestination();
  await expect(load(client)).rejects.toMatchObject({ code: "DESTINATION_DISPOSITION_UNSUPPORTED" });
  expect(client.plans).toEqual([]);
});

test("a destination that appends instead of merging loads such tables as they are, and says so", async () => {
  await givenPackage(["users", "users__tags", "events"], "merge");
  const client = new MemoryDestination();
  const warn = vi.spyOn(process, "emitWarning").mockReturnValue(undefined);
  await load(client, { capabilities: { ...capabilities, mergeStrategies: [], appendsInsteadOfMerging: true } });
  expect(client.plans[0]?.staged).toEqual([]);
  expect([...client.jobs.values()].map(({ target }) => target)).toEqual(["final", "final", "final"]);
  expect(warn.mock.calls.map(([message]) => message)).toEqual([
    "Destination `memory` cannot merge. Rows are appended to `users`, whose write disposition is `merge`.",
  ]);
});

test("the plan names every file of the load", async () => {
  await givenPackage(["users", "events"]);
  const client = new MemoryDestination();
  await load(client);
  expect(client.plans[0]?.files).toEqual([
    { jobId: "users.0000000000.jsonl", table: "users" },
    { jobId: "events.0000000001.jsonl", table: "events" },
  ]);
});

test("a stop leaves the package for the next load", async () => {
  await givenPackage(["users", "events"]);
  const client = new MemoryDestination();
  const stop = new AbortController();
  const stopping = {
    ...store,
    reached: (point: string) => {
      if (point === "load.job.recorded") stop.abort();
    },
  };
  await expect(
    load(client, { store: stopping, signal: stop.signal, capabilities: { ...capabilities, maxParallelJobs: 1 } }),
  ).rejects.toMatchObject({ name: "AbortError" });
  expect(client.jobs.size).toBe(1);
  expect(client.completed).toEqual([]);
  await load(client);
  expect(client.attempts).toHaveLength(2);
  expect(client.completed).toEqual([loadId]);
});

test("what hints of a table do not do is a warning", async () => {
  await givenPackage(["users"], "merge");
  const message = messageOfWarning("WRITE_DISPOSITION_HINTS");
  await load(new MergingDestination());
  expect(await message).toBe(
    "Table `users`: it is merged without a primary or merge key, so that rows are only appended.",
  );
});

test("the staging dataset is emptied once the load is complete, where it is asked for", async () => {
  await givenPackage(["users"], "merge");
  const client = new MergingDestination();
  const steps: unknown[] = [];
  const emptying: DestinationClient = Object.assign(client, {
    completeLoad: async () => void steps.push("completed"),
    truncateStaging: async (tables: readonly string[]) => void steps.push(tables),
  });
  await load(emptying, { settings: { ...settings, truncateStagingDataset: true } });
  expect(steps).toEqual(["completed", ["users", "users__tags"]]);
});

test("a staging dataset that cannot be emptied is a warning, and the load is complete", async () => {
  await givenPackage(["users"], "merge");
  const client = new MergingDestination();
  const failing: DestinationClient = Object.assign(client, { truncateStaging: () => Promise.reject(refused()) });
  const message = messageOfWarning("STAGING_NOT_TRUNCATED");
  await load(failing, { settings: { ...settings, truncateStagingDataset: true } });
  expect(await listPackages(store, "loaded")).toEqual([loadId]);
  expect(await message).toBe(
    `The staging dataset was not emptied after load \`${loadId}\`, which is complete: A value does not fit.`,
  );
});

test.each([
  ["nothing is staged", "append", true],
  ["nobody asks for it", "merge", false],
] as const)("the staging dataset is left alone where %s", async (_, writeDisposition, truncateStagingDataset) => {
  await givenPackage(["users"], writeDisposition);
  const emptied: unknown[] = [];
  const client: DestinationClient = Object.assign(new MergingDestination(), {
    truncateStaging: async (tables: readonly string[]) => void emptied.push(tables),
  });
  await load(client, { settings: { ...settings, truncateStagingDataset } });
  expect(emptied).toEqual([]);
});
