import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type {
  ColumnSchema,
  ConnectOptions,
  DestinationClient,
  DltError,
  FileFormat,
  LoadFile,
  LoadPlan,
  NamingConvention,
  PreparedTable,
  TableChain,
} from "@dlt/core";
import { isDltError } from "@dlt/core";
import { csv, secretOf } from "@dlt/core/engine";
import { pgcopy } from "@dlt/postgres-copy";
import { insertValues } from "@dlt/sql";
import { newDatabase, superuser, testServer } from "@dlt/test-servers";
import { onTestFinished } from "vitest";
import type { PostgresCredentials } from "../src/credentials.js";
import type { CsvFormat } from "../src/csv-format.js";
import { postgresLiterals } from "../src/dialect.js";
import { postgres } from "../src/index.js";
import { batchOf, fileColumn, type Row } from "./columns.js";
import { sameNames } from "./same-names.js";

/** An empty folder that is removed with the test. */
export function newFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "dlt-postgres-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export type CredentialChanges = Partial<Omit<PostgresCredentials, "password">> & { readonly password?: string };

/** Credentials of the superuser for a database of the server. */
export async function credentialsFor(
  database: string,
  { password = superuser.password, ...changes }: CredentialChanges = {},
): Promise<PostgresCredentials> {
  const { port } = await testServer();
  return {
    host: "127.0.0.1",
    port,
    database,
    username: superuser.username,
    connectTimeout: 15,
    sslmode: "disable",
    sslrootcert: undefined,
    sslcert: undefined,
    sslkey: undefined,
    applicationName: "dlt",
    options: undefined,
    ...changes,
    password: secretOf(password),
  };
}

export interface OpenOptions {
  /** Default: a new one. */
  readonly database?: string;
  readonly credentials?: CredentialChanges;
  readonly createIndexes?: boolean;
  readonly csvFormat?: CsvFormat;
  readonly dataset?: string;
  readonly naming?: NamingConvention;
  readonly signal?: AbortSignal;
  readonly reached?: ConnectOptions["reached"];
}

/** A client as the engine opens it, closed with the test. */
export async function openClient({
  database,
  credentials = {},
  createIndexes = true,
  csvFormat,
  dataset = "ds",
  naming = sameNames,
  signal = new AbortController().signal,
  reached = () => undefined,
}: OpenOptions = {}): Promise<DestinationClient> {
  const client = await postgres().connect(
    { credentials: await credentialsFor(database ?? (await newDatabase()), credentials), createIndexes, csvFormat },
    {
      pipelineName: "test",
      localDir: tmpdir(),
      dataset,
      stagingDataset: `${dataset}_staging`,
      naming,
      signal,
      reached,
    },
  );
  onTestFinished(() => client[Symbol.asyncDispose]());
  return client;
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

export const users = table("users", [
  { name: "id", dataType: "bigint", nullable: false },
  { name: "name", dataType: "text" },
]);
export const threeUsers: readonly Row[] = [0, 1, 2].map((id) => ({ id, name: `n${id}` }));

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

export const firstLoad = "1700000001.000000";

export function plan(tables: readonly PreparedTable[], changes: Partial<LoadPlan> = {}): LoadPlan {
  const schemaHash =
    changes.schemaHash ?? `hash of ${tables.map(({ name, columns }) => `${name}: ${[...columns.keys()]}`)}`;
  return {
    loadId: firstLoad,
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

export function completed({ loadId, schemaName, schemaHash }: LoadPlan) {
  return { loadId, schemaName, schemaHash, createdAt: 1_700_000_001_000_000n, state: null };
}

/** Tables all of whose rows are staged. */
export function chainOf(tables: readonly PreparedTable[], loadId = firstLoad): TableChain {
  return {
    loadId,
    createdAt: 1_700_000_001_000_000n,
    tables,
    loaded: new Set(tables.map(({ name }) => name)),
    followUpId: `${tables[0]?.name}.f1.sql`,
  };
}

const formats: Readonly<Record<string, FileFormat>> = {
  pgcopy: pgcopy(),
  csv: csv(),
  insert_values: insertValues({ literals: postgresLiterals }),
};
export const formatNames = Object.keys(formats);

export type FileChanges = Partial<LoadFile> & { readonly id?: string };

/** Writes a load file of rows. A column that no row has is not in it. */
export async function loadFile(
  folder: string,
  target: PreparedTable,
  rows: readonly Row[],
  changes: FileChanges = {},
): Promise<LoadFile> {
  const { id = "a1", format = "pgcopy", ...others } = changes;
  const writer = formats[format];
  if (writer === undefined) throw new Error(`There is no format ${format}.`);
  const batch = batchOf(target, rows);
  const names = new Set(batch.columns.map(({ name }) => name));
  const columns = [...target.columns.values()].filter(({ name }) => rows.length === 0 || names.has(name));
  const fileTable = { name: target.name, columns: columns.map(fileColumn) };
  const parts: Uint8Array[] = [];
  const open = writer.open(fileTable, {
    write: async (bytes) => void parts.push(bytes.slice()),
    close: async () => undefined,
  });
  await open.write(writer.encode(batch, fileTable));
  const { rowCount } = await open.close();
  return writtenFile(folder, target, Buffer.concat(parts), { id, format, rowCount, ...others });
}

/** A load file with this content. */
export function writtenFile(
  folder: string,
  target: PreparedTable,
  content: string | Uint8Array,
  { id = "a1", format = "csv", suffix = "", ...changes }: FileChanges & { readonly suffix?: string } = {},
): LoadFile {
  const jobId = `${target.name.replaceAll("/", "_")}.${id}.${format}${suffix}`;
  const path = join(folder, jobId);
  writeFileSync(path, content);
  return {
    jobId,
    loadId: firstLoad,
    table: target,
    target: "final",
    format,
    at: { path },
    rowCount: null,
    bytes: 1,
    ...changes,
  };
}

export function run(client: DestinationClient, file: LoadFile, signal = new AbortController().signal) {
  return client.createJob(file).run(signal);
}

/** Rows of a query. */
export async function query(
  client: DestinationClient,
  sql: string,
  ...args: readonly unknown[]
): Promise<readonly (readonly unknown[])[]> {
  if (client.sql === undefined) throw new Error("The client speaks no SQL.");
  return await client.sql.executeSql(sql, ...args);
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
