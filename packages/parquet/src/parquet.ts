import type { Column, ColumnBatch, FileFormat, FilePart, FileTable } from "@dlt/core";
import { ByteBuffer } from "./byte-buffer.js";
import { columnChunk, writeColumnChunk } from "./column-chunk.js";
import type { Codec, Compression } from "./compression.js";
import { codecOf } from "./compression.js";
import { ParquetFileWriter } from "./file-writer.js";
import type { PartLayout } from "./part-layout.js";

export interface ParquetOptions {
  /** Default: `none`. */
  readonly compression?: Compression;
}

/** Apache Parquet. A part is a row group. Its bytes may be a view of a buffer that is a little larger. */
export function parquet({ compression = "none" }: ParquetOptions = {}): FileFormat {
  const codec = codecOf(compression);
  return {
    name: "parquet",
    extension: "parquet",
    encode: (batch, table) => encodePart(batch, table, codec),
    open: (table, sink) => new ParquetFileWriter(table, sink),
  };
}

function encodePart({ rowCount, columns }: ColumnBatch, table: FileTable, codec: Codec): FilePart {
  const given = new Map(columns.map((column): [string, Column] => [column.name, column]));
  const chunks = table.columns.map((column) =>
    columnChunk({ column: given.get(column.name), rowCount, place: { table: table.name, column } }),
  );
  // What is not compressed is written where it stays.
  const out = new ByteBuffer(chunks.reduce((sum, { maxBytes }) => sum + maxBytes, 0));
  const scratch = new ByteBuffer(0);
  const layout: PartLayout = {
    format: "parquet",
    chunks: chunks.map((chunk) => writeColumnChunk({ out, scratch, codec }, chunk)),
  };
  return { rowCount, bytes: codec.compress === null ? out.written() : out.written().slice(), layout };
}
