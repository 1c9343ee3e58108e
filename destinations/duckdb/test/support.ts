import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { DestinationClient, LoadFile, NamingConvention, PreparedTable } from "@dlt/core";
import { firstLoad, sameNames } from "@dlt/test-loads";
import { DuckDBInstance } from "@duckdb/node-api";
import { onTestFinished } from "vitest";
import { parseCredentials } from "../src/credentials.js";
import { type DuckdbNativeCredentials, duckdb } from "../src/index.js";

export {
  chainOf,
  completed,
  errorOf,
  firstLoad,
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
  readonly dataset?: string;
  readonly naming?: NamingConvention;
  readonly signal?: AbortSignal;
}

/** A client as the engine opens it, closed with the test. */
export async function openClient({
  localDir,
  dataset = "ds",
  naming = sameNames,
  signal,
  credentials,
  createIndexes = false,
  ...named
}: OpenOptions): Promise<DestinationClient> {
  const target = credentials === undefined ? undefined : parseCredentials(credentials);
  const client = await duckdb(named).connect(
    { credentials: target, createIndexes },
    {
      pipelineName: "test",
      localDir,
      dataset,
      stagingDataset: `${dataset}_staging`,
      naming,
      signal: signal ?? new AbortController().signal,
    },
  );
  onTestFinished(() => client[Symbol.asyncDispose]());
  return client;
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

/** Runs statements in a process of their own, in a transaction, and kills it before the commit. Gives what it said. */
export async function killBeforeCommit(database: string, statements: readonly string[]): Promise<string> {
  const script = fileURLToPath(new URL("./killed-job.mjs", import.meta.url));
  const killed = spawn(process.execPath, [script, database, ...statements], { stdio: ["ignore", "pipe", "inherit"] });
  const [output] = (await once(killed.stdout, "data")) as [Buffer];
  killed.kill("SIGKILL");
  await once(killed, "exit");
  return String(output);
}
