import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { Float } from "@dlt/core";
import { decodeJson, plainObjects } from "@dlt/core/engine";
import { type FileStore, readBytes } from "@dlt/storage";
import { DuckDBBlobValue, DuckDBInstance, type DuckDBValue } from "@duckdb/node-api";

type StoredRow = Readonly<Record<string, unknown>>;

/** Rows of all files in the folder of a table, whose name is encoded where paths do not take it. */
export async function storedFileRows(store: FileStore, dataset: string, table: string): Promise<readonly StoredRow[]> {
  const rows: StoredRow[] = [];
  for await (const { key } of store.list(`${dataset}/`)) {
    const [, folder = ""] = key.split("/");
    if (decodeURIComponent(folder) === table) rows.push(...(await fileRows(key, await readBytes(store, key))));
  }
  return rows;
}

async function fileRows(key: string, bytes: Uint8Array): Promise<readonly StoredRow[]> {
  if (key.endsWith(".parquet")) return await duckdbRows(bytes, (path) => `FROM read_parquet('${path}')`);
  if (key.endsWith(".csv"))
    return await duckdbRows(
      bytes,
      (path) =>
        `FROM read_csv('${path}', header = true, all_varchar = true, nullstr = '', allow_quoted_nulls = true, delim = ',', quote = '"', escape = '"', new_line = '\\n', strict_mode = false)`,
    );
  return new TextDecoder()
    .decode(key.endsWith(".gz") ? gunzipSync(bytes) : bytes)
    .split("\n")
    .filter((line) => line !== "")
    .map(
      (line) => plainObjects(decodeJson(line), (value) => (value instanceof Float ? value.value : value)) as StoredRow,
    );
}

async function duckdbRows(bytes: Uint8Array, query: (path: string) => string): Promise<readonly StoredRow[]> {
  const folder = await mkdtemp(join(tmpdir(), "dlt-files-"));
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    const path = join(folder, "file");
    await writeFile(path, bytes);
    return (await connection.runAndReadAll(query(path))).convertRowObjects(duckdbValue);
  } finally {
    connection.closeSync();
    instance.closeSync();
    await rm(folder, { recursive: true });
  }
}

/** Bytes as they are, other values that JavaScript lacks as text. */
export function duckdbValue(value: DuckDBValue): unknown {
  if (value instanceof DuckDBBlobValue) return value.bytes;
  return typeof value === "object" && value !== null ? String(value) : value;
}
