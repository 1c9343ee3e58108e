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
import { afterEach, beforeEach, expect } from "vitest";
import type { LoadSettings } from "../../src/config/engine-settings.js";
import { loadPackage } from "../../src/load/load-package.js";
import { retryPolicy } from "../../src/load/retry.js";
import type { LoadPackageInput } from "../../src/load/running-load.js";
import { readJobMarks } from "../../src/package/job-marks.js";
import { commitNormalized, createNormalized } from "../../src/package/normalized-package.js";
import { type PackageStore, packageStore } from "../../src/package/package-store.js";
import { createWorkingFolder, type WorkingFolder, workingFolder } from "../../src/workspace/working-folder.js";

export const loadId = "1700000000.000001";
export const capabilities: DestinationCapabilities = {
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
export let store: PackageStore;

/** Gives each test of a file a store of its own. */
export function useStore(): void {
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), "load-"));
    folder = workingFolder({ pipelineName: "p", pipelinesDir: parent, runtime: { env: {}, cwd: parent } });
    await createWorkingFolder(folder);
    store = packageStore({ folder, reached: () => undefined, assertHeld: async () => undefined });
  });
  afterEach(() => rm(parent, { recursive: true, force: true }));
}

function table(name: string, hints: Partial<PartialTable> = {}): PartialTable {
  const id = { name: "id", dataType: "bigint", nullable: true } as const;
  return { name, columns: new Map([["id", id]]), "x-normalizer": { "seen-data": true }, ...hints };
}

/** A package with a file for each of the tables named; tables: `users`, `users__tags`, `events`. */
export async function givenPackage(
  files: readonly string[],
  writeDisposition: WriteDisposition = "append",
): Promise<void> {
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
export class MemoryDestination implements DestinationClient {
  readonly displayLocation = "memory";
  readonly plans: LoadPlan[] = [];
  readonly jobs = new Map<string, LoadFile>();
  readonly attempts: string[] = [];
  readonly completed: string[] = [];
  /** Errors by table, one for each attempt; used up in order. */
  readonly failures = new Map<string, Error[]>();
  /** Called when a job runs. */
  onRun: (file: LoadFile) => void | Promise<void> = () => undefined;

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
        await this.onRun(file);
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

export class MergingDestination extends MemoryDestination {
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

export const settings: LoadSettings = {
  workers: 20,
  parallelismStrategy: undefined,
  raiseOnFailedJobs: true,
  raiseOnMaxRetries: 3,
  truncateStagingDataset: false,
  startNewJobsOnSignal: false,
  deleteCompletedJobs: false,
};

export function load(client: DestinationClient, change: Partial<LoadPackageInput> = {}): Promise<void> {
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

export const refused = () =>
  new DestinationError("DESTINATION_VALUE_REFUSED", "A value does not fit.", { hint: "Look at it." });
export const conflict = () => new DestinationError("DESTINATION_CONFLICT", "Two at once.", { retryable: true });
export const statuses = async (stage: "normalized" | "loaded") =>
  [...(await readJobMarks(store, stage, loadId)).values()]
    .map((mark) => `${mark.table} ${mark.status} ${mark.attempts}`)
    .sort();
