import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type ColumnSchema,
  type CompletedLoad,
  type ConnectOptions,
  type DestinationClient,
  type LoadFile,
  type LoadPlan,
  namingConvention,
  type PreparedTable,
  type StateRecord,
} from "@dlt/core";
import { type FileStore, type FileStoreProvider, memoryStore, readText } from "@dlt/storage";
import { newFolder, run } from "@dlt/test-loads";
import { onTestFinished } from "vitest";
import { type FilesystemOptions, filesystem } from "../src/index.js";

export { errorOf, newFolder, run } from "@dlt/test-loads";

export interface OpenOptions extends Pick<FilesystemOptions, "layout" | "currentDatetime" | "maxStateFiles"> {
  readonly store?: FileStoreProvider;
  readonly bucketUrl?: string;
  readonly localDir?: string;
  readonly dataset?: string;
  readonly pipelineName?: string;
  readonly extraPlaceholders?: Exclude<FilesystemOptions["extraPlaceholders"], string>;
  readonly signal?: AbortSignal;
  readonly reached?: ConnectOptions["reached"];
}

/** A client as the engine opens it, closed with the test. Default: in memory. */
export async function openClient(options: OpenOptions = {}): Promise<DestinationClient> {
  const { store, bucketUrl = "memory://m", dataset = "ds", localDir = "/nowhere", pipelineName = "p" } = options;
  const client = await filesystem(store === undefined ? {} : { store }).connect(
    {
      bucketUrl,
      credentials: undefined,
      layout: options.layout ?? "{table_name}/{load_id}.{file_id}.{ext}",
      extraPlaceholders: options.extraPlaceholders,
      currentDatetime: options.currentDatetime,
      maxStateFiles: options.maxStateFiles ?? 100,
    },
    {
      pipelineName,
      localDir,
      dataset,
      stagingDataset: `${dataset}_staging`,
      naming: namingConvention("snake_case", null),
      signal: options.signal ?? new AbortController().signal,
      ...(options.reached && { reached: options.reached }),
    },
  );
  onTestFinished(() => client[Symbol.asyncDispose]());
  return client;
}

export interface Place {
  readonly store: FileStoreProvider;
  /** All files, to look at them not through the client. */
  readonly files: FileStore;
}

export async function memoryPlace(): Promise<Place> {
  const store = memoryStore();
  return { store, files: await store.open({ scheme: "memory", bucket: "m", path: "" }) };
}

export async function keysOf(files: FileStore, prefix = ""): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { key } of files.list(prefix)) keys.push(key);
  return keys.sort();
}

export async function jsonOf(files: FileStore, key: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readText(files, key)) as Record<string, unknown>;
}

/** Writes a text as somebody else would. */
export async function write(files: FileStore, key: string, text: string): Promise<void> {
  await files.put(key, new TextEncoder().encode(text));
}

export function table(
  name: string,
  columns: readonly string[] = ["id"],
  hints: Partial<PreparedTable> = {},
): PreparedTable {
  return {
    name,
    columns: new Map(columns.map((column): [string, ColumnSchema] => [column, { name: column, dataType: "bigint" }])),
    writeDisposition: "append",
    rootTable: name,
    ...hints,
  };
}

export const loadIds = ["1718888888.123456", "1718888999.000001", "1718889000.500000"] as const;

/** Hash and document of a schema with these tables. */
export function schemaOf(tables: readonly PreparedTable[]): Pick<LoadPlan, "schema" | "schemaHash" | "tables"> {
  const columns = ({ columns: all }: PreparedTable) =>
    Object.fromEntries([...all].map(([name, column]) => [name, { name, data_type: column.dataType }]));
  const document = {
    version: 2,
    engine_version: 11,
    name: "src",
    tables: Object.fromEntries(tables.map((each) => [each.name, { name: each.name, columns: columns(each) }])),
  };
  const schemaHash = createHash("sha256").update(JSON.stringify(document)).digest("base64");
  return { tables, schemaHash, schema: JSON.stringify({ ...document, version_hash: schemaHash }) };
}

export function plan(tables: readonly PreparedTable[], changes: Partial<LoadPlan> = {}): LoadPlan {
  return {
    loadId: loadIds[0],
    schemaName: "src",
    schemaVersion: 2,
    ...schemaOf(tables),
    staged: [],
    truncate: [],
    drop: [],
    files: tables.map((each, index) => ({ jobId: jobIdOf(each, index), table: each.name })),
    ...changes,
  };
}

export function jobIdOf({ name }: PreparedTable, index = 0, extension = "jsonl"): string {
  return `${name}.a1b2c3d4e${index}.${extension}`;
}

export function completed(load: LoadPlan, state: StateRecord | null = null): CompletedLoad {
  const { loadId, schemaName, schemaHash } = load;
  return { loadId, schemaName, schemaHash, createdAt: 1_718_888_888_123_456n, state };
}

export function stateOf(loadId: string, changes: Partial<StateRecord> = {}): StateRecord {
  return {
    version: 3,
    engineVersion: 4,
    pipelineName: "p",
    state: "eJw=",
    createdAt: 1_718_888_888_123_456n,
    versionHash: "h=",
    loadId,
    ...changes,
  };
}

/** A load file of a table with this text. */
export function loadFile(target: PreparedTable, text = '{"id":1}\n', changes: Partial<LoadFile> = {}): LoadFile {
  const jobId = changes.jobId ?? jobIdOf(target);
  const path = join(newFolder(), jobId);
  writeFileSync(path, text);
  return {
    jobId,
    loadId: loadIds[0],
    table: target,
    target: "final",
    format: "jsonl",
    at: { path },
    rowCount: 1,
    bytes: text.length,
    ...changes,
  };
}

/** A load from beginning to end: one file for each of the tables. */
export async function load(
  client: DestinationClient,
  loadPlan: LoadPlan,
  state: StateRecord | null = null,
): Promise<void> {
  await client.prepare(loadPlan);
  for (const [index, each] of loadPlan.tables.entries()) {
    const { loadId } = loadPlan;
    await run(client, loadFile(each, `{"id":"${loadId}"}\n`, { jobId: jobIdOf(each, index), loadId }));
  }
  await client.completeLoad(completed(loadPlan, state));
}
