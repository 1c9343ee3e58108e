import type { Column, ColumnBatch, FileFormat, FilePart, FileTable } from "@dlt/core";
import { ByteBuffer } from "./byte-buffer.js";
import { writeColumnChunk } from "./column-chunk.js";
import type { Compression } from "./compression.js";
import { codecOf } from "./compression.js";
import { ParquetFileWriter } from "./file-writer.js";
import type { PartLayout } from "./part-layout.js";

export interface ParquetOptions {
  /** Default: `none`. */
  readonly compression?: Compression;
}

/** Apache Parquet. A part is a row group. */
export function parquet({ compression = "none" }: ParquetOptions = {}): FileFormat {
  const target = { out: new ByteBuffer(1 << 16), scratch: new ByteBuffer(0), codec: codecOf(compression) };
  return {
    name: "parquet",
    extension: "parquet",
    encode(batch: ColumnBatch, table: FileTable): FilePart {
      const { rowCount } = batch;
      const given = new Map(batch.columns.map((column): [string, Column] => [column.name, column]));
      target.out.length = 0;
      const chunks = table.columns.map((column) =>
        writeColumnChunk(target, { column: given.get(column.name), rowCount, place: { table: table.name, column } }),
      );
      const layout: PartLayout = { format: "parquet", chunks };
      return { rowCount, bytes: target.out.copy(), layout };
    },
    open: (table, sink) => new ParquetFileWriter(table, sink),
  };
}
