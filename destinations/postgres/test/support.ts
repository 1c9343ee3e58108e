import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type {
  ConnectOptions,
  DestinationClient,
  FileFormat,
  LoadFile,
  NamingConvention,
  PreparedTable,
} from "@dlt/core";
import { csv, secretOf } from "@dlt/core/engine";
import { pgcopy } from "@dlt/postgres-copy";
import { insertValues } from "@dlt/sql";
import { firstLoad, sameNames, table } from "@dlt/test-loads";
import { newDatabase, superuser, testServer } from "@dlt/test-servers";
import { onTestFinished } from "vitest";
import type { PostgresCredentials } from "../src/credentials.js";
import type { CsvFormat } from "../src/csv-format.js";
import { postgresLiterals } from "../src/dialect.js";
import { postgres } from "../src/index.js";
import { batchOf, fileColumn, type Row } from "./columns.js";

export {
  chainOf,
  completed,
  errorOf,
  firstLoad,
  newFolder,
  plan,
  query,
  run,
  systemTables,
  table,
} from "@dlt/test-loads";

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
    channelBinding: "disable",
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

export const users = table("users", [
  { name: "id", dataType: "bigint", nullable: false },
  { name: "name", dataType: "text" },
]);
export const threeUsers: readonly Row[] = [0, 1, 2].map((id) => ({ id, name: `n${id}` }));

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
