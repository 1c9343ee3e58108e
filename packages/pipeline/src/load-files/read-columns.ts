import type { FileHandle } from "node:fs/promises";
import type { Column, ColumnBatch, ColumnData, ColumnType, FileRange, LoadFile } from "@dlt/core";
import { openParquet } from "@dlt/parquet";
import { readingOf, refuseUnknown } from "./open-load-file.js";

/** Rows of a Parquet file as columns, a row group at a time. */
export function readColumns(file: LoadFile, { columns: names, from }: FileRange): AsyncIterable<ColumnBatch> {
  return readingOf(file, async function* (handle) {
    const parquet = await openParquet(await sourceOf(handle));
    if (file.isImported === true) refuseUnknown(file, parquet.columns);
    const known = new Set(parquet.columns);
    const found = names.filter((name) => known.has(name));
    for await (const { rowCount, columns } of parquet.read(found, from)) {
      const byName = new Map(columns.map((column) => [column.name, column]));
      yield {
        rowCount,
        columns: names.map((name) => {
          const column = byName.get(name);
          const type = columnType(file, name);
          return column === undefined ? nullColumn(name, type, rowCount) : retyped(column, type, file);
        }),
      };
    }
  });
}

async function sourceOf(handle: FileHandle) {
  const { size } = await handle.stat();
  return {
    byteLength: size,
    async slice(start: number, end: number): Promise<ArrayBuffer> {
      const bytes = new Uint8Array(end - start);
      for (let at = 0; at < bytes.length; ) {
        const { bytesRead } = await handle.read(bytes, at, bytes.length - at, start + at);
        // Whoever decodes finds that there is less than there should be.
        if (bytesRead === 0) return bytes.buffer.slice(0, at);
        at += bytesRead;
      }
      return bytes.buffer;
    },
  };
}

function columnType({ table }: LoadFile, name: string): ColumnType {
  const { dataType, precision, scale, timezone } = table.columns.get(name) ?? {};
  return {
    dataType: dataType ?? "text",
    ...(precision != null && { precision }),
    ...(scale != null && { scale }),
    ...(timezone != null && { timezone }),
  };
}

/** Parquet has documents as text, wei as decimals. A file of somebody else has the types that it has. */
function retyped(column: Column, type: ColumnType, { isImported = false }: LoadFile): Column {
  const { dataType } = type;
  const stored = dataType === "json" ? "text" : dataType === "wei" ? "decimal" : dataType;
  const isSame = column.type.dataType === stored || column.type.dataType === dataType;
  if (!isSame) return column;
  return { ...column, type: isImported ? { ...column.type, dataType } : type };
}

function nullColumn(name: string, type: ColumnType, rowCount: number): Column {
  return { name, type, validity: new Uint8Array((rowCount + 7) >> 3), ...nullData(type, rowCount) };
}

function nullData({ dataType, scale = 0 }: ColumnType, rowCount: number): ColumnData {
  switch (dataType) {
    case "double":
      return { layout: "fixed", values: new Float64Array(rowCount) };
    case "date":
      return { layout: "fixed", values: new Int32Array(rowCount) };
    case "bigint":
    case "timestamp":
    case "time":
      return { layout: "fixed", values: new BigInt64Array(rowCount) };
    case "bool":
      return { layout: "bits", values: new Uint8Array((rowCount + 7) >> 3) };
    case "decimal":
    case "wei":
      return { layout: "decimal128", words: new BigInt64Array(rowCount * 2), scale };
    default:
      return { layout: "bytes", offsets: new Int32Array(rowCount + 1), data: new Uint8Array(0) };
  }
}
