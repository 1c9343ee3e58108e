import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { gunzipSync } from "node:zlib";
import { filesystem } from "@dlt/destination-filesystem";
import type { FaultPlace, StoredRow } from "../src/index.js";

/** JSON lines in a folder. */
export async function filesPlace(): Promise<FaultPlace> {
  const folder = await mkdtemp(join(tmpdir(), "dlt-faults-files-"));
  return {
    destination: () => filesystem({ bucketUrl: folder }),
    readTables: (dataset) => readFilesTables(join(folder, dataset)),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

/** Rows of all files by the folder that they are in, which is named after the table. */
export async function readFilesTables(dataset: string): Promise<ReadonlyMap<string, readonly StoredRow[]>> {
  const entries = await readdir(dataset, { recursive: true, withFileTypes: true });
  const tables = new Map<string, StoredRow[]>();
  for (const entry of entries) {
    const [table = "", ...inTable] = relative(dataset, join(entry.parentPath, entry.name)).split(sep);
    if (!entry.isFile() || inTable.length === 0) continue;
    const rows = tables.get(table) ?? [];
    tables.set(table, rows);
    const bytes = await readFile(join(entry.parentPath, entry.name));
    const text = (entry.name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
    for (const line of text.split("\n")) if (line !== "") rows.push(JSON.parse(line) as StoredRow);
  }
  return tables;
}
