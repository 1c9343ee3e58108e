import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type {
  ColumnBatch,
  ConnectOptions,
  DestinationClient,
  FileFormat,
  LoadFile,
  NamingConvention,
  PreparedTable,
} from "@dlt/core";
import { secretOf } from "@dlt/core/engine";
import { firstLoad, newFolder, sameNames } from "@dlt/test-loads";
import { DuckDBInstance } from "@duckdb/node-api";
import { onTestFinished } from "vitest";
import { credentialsField } from "../src/credentials.js";
import { type DuckdbCredentials, type DuckdbNativeCredentials, duckdb } from "../src/index.js";

export {
  completed,
  errorOf,
  newFolder,
  plan,
  query,
  run,
  sameNames,
  systemTables,
  table,
} from "@dlt/test-loads";

export interface OpenOptions {
  readonly credentials?: DuckdbNativeCredentials;
  readonly createIndexes?: boolean;
  readonly destinationName?: string;
  readonly localDir: string;
  readonly workingDir?: string;
  readonly dataset?: string;
  readonly naming?: NamingConvention;
  readonly signal?: AbortSignal;
  readonly reached?: ConnectOptions["reached"];
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
  reached = () => undefined,
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
      reached,
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

/** Makes a load file of rows that a query gives. */
export async function loadFile(
  folder: string,
  target: PreparedTable,
  query: string,
  changes: Partial<LoadFile> & { readonly id?: string } = {},
): Promise<LoadFile> {
  const { id = "a1", format = "parquet", loadId = firstLoad, ...others } = changes;
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
  return {
    jobId,
    loadId: firstLoad,
    table: target,
    target: "final",
    format: format.name,
    at: { path },
    rowCount,
    bytes,
  };
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
