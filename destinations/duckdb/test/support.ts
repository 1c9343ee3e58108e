import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type {
  ColumnBatch,
  ColumnSchema,
  DestinationClient,
  DltError,
  FileFormat,
  LoadFile,
  LoadPlan,
  NamingConvention,
  PreparedTable,
} from "@dlt/core";
import { isDltError } from "@dlt/core";
import { secretOf } from "@dlt/core/engine";
import { DuckDBInstance } from "@duckdb/node-api";
import { onTestFinished } from "vitest";
import { credentialsField } from "../src/credentials.js";
import { type DuckdbCredentials, type DuckdbNativeCredentials, duckdb } from "../src/index.js";

/** Leaves names as they are. */
export const sameNames: NamingConvention = {
  name: "direct",
  caseSensitive: true,
  separator: "__",
  maxLength: null,
  normalizeIdentifier: (identifier) => identifier,
  normalizeTableIdentifier: (identifier) => identifier,
  normalizePath: (path) => path,
  normalizeTablesPath: (path) => path,
  breakPath: (path) => path.split("__"),
  makePath: (...components) => components.join("__"),
  shortenFragments: (...fragments) => fragments.join("__"),
};

/** An empty folder that is removed with the test. */
export function newFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "dlt-duckdb-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface OpenOptions {
  readonly credentials?: DuckdbNativeCredentials;
  readonly createIndexes?: boolean;
  readonly destinationName?: string;
  readonly localDir: string;
  readonly workingDir?: string;
  readonly dataset?: string;
  readonly naming?: NamingConvention;
  readonly signal?: AbortSignal;
}

/** A client as the engine opens it, closed with the test. */
export async function openClient({
  localDir,
  workingDir,
  dataset = "ds",
  naming = sameNames,
  signal,
  credentials,
  createIndexes = false,
  ...named
}: OpenOptions): Promise<DestinationClient> {
  const client = await duckdb(named).connect(
    { credentials: resolved(credentials), createIndexes },
    {
      pipelineName: "test",
      localDir,
      ...(workingDir !== undefined && { workingDir }),
      dataset,
      stagingDataset: `${dataset}_staging`,
      naming,
      signal: signal ?? new AbortController().signal,
    },
  );
  onTestFinished(() => client[Symbol.asyncDispose]());
  return client;
}

/** Credentials as the engine finds them when they are given in code. */
export function resolved(native: unknown = {}): DuckdbCredentials {
  const { fields, parse } = credentialsField;
  const given = parse?.(native) as Readonly<Record<string, unknown>>;
  const values = Object.entries(fields).map(([name, field]) => {
    const value = given[name];
    if (value === undefined) return [name, "default" in field ? field.default : undefined];
    if ("parse" in field && field.parse !== undefined)
      return [name, (field.parse as (native: unknown) => unknown)(value)];
    return [name, field.secret && typeof value === "string" ? secretOf(value) : value];
  });
  return Object.fromEntries(values);
}

export function table(
  name: string,
  columns: readonly ColumnSchema[],
  hints: Partial<PreparedTable> = {},
): PreparedTable {
  return {
    name,
    columns: new Map(columns.map((column) => [column.name, column])),
    writeDisposition: "append",
    rootTable: name,
    ...hints,
  };
}

const text = (name: string, nullable = false): ColumnSchema => ({ name, dataType: "text", nullable });
const bigint = (name: string): ColumnSchema => ({ name, dataType: "bigint", nullable: false });
const timestamp = (name: string): ColumnSchema => ({ name, dataType: "timestamp", nullable: false });

/** The system tables of a schema, as every plan has them. */
export const systemTables: readonly PreparedTable[] = [
  table(
    "_dlt_version",
    [
      bigint("version"),
      bigint("engine_version"),
      timestamp("inserted_at"),
      text("schema_name"),
      text("version_hash"),
      text("schema"),
    ],
    { writeDisposition: "skip" },
  ),
  table(
    "_dlt_loads",
    [
      text("load_id"),
      text("schema_name", true),
      bigint("status"),
      timestamp("inserted_at"),
      text("schema_version_hash", true),
    ],
    { writeDisposition: "skip" },
  ),
  table("_dlt_pipeline_state", [
    bigint("version"),
    bigint("engine_version"),
    text("pipeline_name"),
    text("state"),
    timestamp("created_at"),
    text("version_hash", true),
    text("_dlt_load_id"),
    text("_dlt_id"),
  ]),
];

export function plan(tables: readonly PreparedTable[], changes: Partial<LoadPlan> = {}): LoadPlan {
  const schemaHash =
    changes.schemaHash ?? `hash of ${tables.map(({ name, columns }) => `${name}: ${[...columns.keys()]}`)}`;
  return {
    loadId: "1700000001.000000",
    schemaName: "src",
    schema: `{"name":"src","version_hash":${JSON.stringify(schemaHash)}}`,
    schemaVersion: 1,
    schemaHash,
    tables: [...tables, ...systemTables],
    staged: [],
    truncate: [],
    drop: [],
    ...changes,
  };
}

export function completed(loadPlan: LoadPlan) {
  const { loadId, schemaName, schemaHash } = loadPlan;
  return { loadId, schemaName, schemaHash, createdAt: 1_700_000_001_000_000n, state: null };
}

/** Makes a load file of rows that a query gives. */
export async function loadFile(
  folder: string,
  target: PreparedTable,
  query: string,
  changes: Partial<LoadFile> & { readonly id?: string } = {},
): Promise<LoadFile> {
  const { id = "a1", format = "parquet", loadId = "1700000001.000000", ...others } = changes;
  const jobId = `${target.name.replaceAll("/", "_")}.${id}.${format}`;
  const path = join(folder, jobId);
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const formats: Readonly<Record<string, string>> = { parquet: "parquet", jsonl: "json", csv: "csv" };
  const result = await connection.run(`COPY (${query}) TO '${path.replaceAll("'", "''")}' (FORMAT ${formats[format]})`);
  const rowCount = result.rowsChanged;
  connection.closeSync();
  instance.closeSync();
  return { jobId, loadId, table: target, target: "final", format, at: { path }, rowCount, bytes: 1, ...others };
}

/** Makes a load file of a batch as the engine does. */
export async function writtenFile(
  format: FileFormat,
  { target, batch, id = "w1" }: { readonly target: PreparedTable; readonly batch: ColumnBatch; readonly id?: string },
): Promise<LoadFile> {
  const jobId = `${target.name.replaceAll("/", "_")}.${id}.${format.extension}`;
  const path = join(newFolder(), jobId);
  const columns = batch.columns.map(({ name, type }) => ({ ...type, name, nullable: true }));
  const chunks: Uint8Array[] = [];
  const writer = format.open(
    { name: target.name, columns },
    {
      write: async (bytes) => void chunks.push(bytes.slice()),
      close: async () => writeFileSync(path, Buffer.concat(chunks)),
    },
  );
  await writer.write(format.encode(batch, { name: target.name, columns }));
  const { rowCount, bytes } = await writer.close();
  const loadId = "1700000001.000000";
  return { jobId, loadId, table: target, target: "final", format: format.name, at: { path }, rowCount, bytes };
}

export function run(client: DestinationClient, file: LoadFile, signal = new AbortController().signal) {
  return client.createJob(file).run(signal);
}

/** Runs statements in a process of their own, in a transaction, and kills it before the commit. Gives what it said. */
export async function killBeforeCommit(database: string, statements: readonly string[]): Promise<string> {
  const script = fileURLToPath(new URL("./killed-job.mjs", import.meta.url));
  const killed = spawn(process.execPath, [script, database, ...statements], { stdio: ["ignore", "pipe", "inherit"] });
  const [output] = (await once(killed.stdout, "data")) as [Buffer];
  killed.kill("SIGKILL");
  await once(killed, "exit");
  return String(output);
}

/** Rows of a query over the dataset. */
export async function query(client: DestinationClient, sql: string): Promise<readonly (readonly unknown[])[]> {
  if (client.sql === undefined) throw new Error("The client speaks no SQL.");
  return await client.sql.executeSql(sql);
}

/** The error that work ends with; it has to be one of ours. */
export async function errorOf(work: Promise<unknown>): Promise<DltError> {
  const error = await work.then(
    () => {
      throw new Error("There was no error.");
    },
    (reason: unknown) => reason,
  );
  if (isDltError(error)) return error;
  throw error;
}
