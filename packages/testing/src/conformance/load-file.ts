import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Destination, FileFormat, TableSchema } from "@dlt/core";
import { csv, jsonl } from "@dlt/core/engine";
import { parquet } from "@dlt/parquet";
import { columnBatch, columnsOf, fileColumn, type Row } from "./column-batch.js";
import type { Trial } from "./trial.js";

/** The formats that a destination loads and that can be written, the one that it prefers first. */
export function writableFormats({ capabilities, fileFormats = [] }: Destination): readonly FileFormat[] {
  const { preferredFileFormat, fileFormats: taken } = capabilities;
  const known = new Map([jsonl(), csv(), parquet(), ...fileFormats].map((format) => [format.name, format]));
  const names = new Set([...(preferredFileFormat === null ? [] : [preferredFileFormat]), ...taken]);
  return [...names].flatMap((name) => known.get(name) ?? []);
}

/** Formats that others write, too, and that hold the names of columns. */
export function importableFormats(destination: Destination): readonly FileFormat[] {
  const own = new Set(destination.fileFormats?.map(({ name }) => name));
  return writableFormats(destination).filter(({ name }) => !own.has(name));
}

/** Writes a load file as the engine does, or one with its columns in an order of its own. */
export async function writeLoadFile(
  folder: string,
  format: FileFormat,
  file: {
    readonly jobId: string;
    readonly table: TableSchema;
    readonly rows: readonly Row[];
    readonly columnOrder?: readonly string[] | undefined;
  },
): Promise<{ readonly path: string; readonly bytes: number }> {
  const { jobId, table, rows, columnOrder = [...table.columns.keys()] } = file;
  const path = join(folder, jobId);
  const columns = columnsOf(table, rows).map(fileColumn);
  const inOrder = columns.toSorted((a, b) => columnOrder.indexOf(a.name) - columnOrder.indexOf(b.name));
  const fileTable = { name: table.name, columns: inOrder };
  const parts: Uint8Array[] = [];
  const writer = format.open(fileTable, {
    write: async (bytes) => void parts.push(bytes.slice()),
    close: async () => await writeFile(path, Buffer.concat(parts)),
  });
  await writer.write(format.encode(columnBatch(table, rows), fileTable));
  const { bytes } = await writer.close();
  return { path, bytes };
}

/** Writes a load file that holds a query. */
export async function writeModel(
  { folder, capabilities }: Pick<Trial, "folder" | "capabilities">,
  jobId: string,
  query: string,
): Promise<{ readonly path: string; readonly bytes: number }> {
  const path = join(folder, jobId);
  const text = `dialect: ${capabilities.sqlDialect ?? ""}\n${query}\n`;
  await writeFile(path, text);
  return { path, bytes: Buffer.byteLength(text) };
}
