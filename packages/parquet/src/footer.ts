import type { FileColumn, FileTable } from "@dlt/core";
import type { ByteBuffer } from "./byte-buffer.js";
import { encodings } from "./pages.js";
import type { ChunkLayout } from "./part-layout.js";
import { parquetTypes, physicalType } from "./physical-type.js";
import type { ThriftStruct } from "./thrift.js";
import { binary, i32, i64, list, struct, text, writeStruct } from "./thrift.js";

/** A part in its file. */
export interface RowGroup {
  readonly rowCount: number;
  /** Where the part starts in the file. */
  readonly offset: number;
  readonly chunks: readonly ChunkLayout[];
}

const repetitions = { required: 0, optional: 1 } as const;

/** Writes the metadata of a file: https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift. */
export function writeFooter(out: ByteBuffer, table: FileTable, rowGroups: readonly RowGroup[]): void {
  const root = struct([4, text(table.name)], [5, i32(table.columns.length)]);
  const rowCount = rowGroups.reduce((sum, group) => sum + group.rowCount, 0);
  // The order that statistics follow: the one that the type defines.
  const orders = table.columns.map(() => struct([1, struct()]));
  const start = out.length;
  writeStruct(
    out,
    struct(
      [1, i32(2)],
      [2, list("struct", [root, ...table.columns.map(schemaElement)])],
      [3, i64(rowCount)],
      [
        4,
        list(
          "struct",
          rowGroups.map((group) => rowGroup(table, group)),
        ),
      ],
      [6, text("@dlt/parquet version 1")],
      [7, list("struct", orders)],
    ),
  );
  out.int32(out.length - start);
}

function schemaElement(column: FileColumn): ThriftStruct {
  const { type, valueBytes, precision, scale, convertedType, logicalType } = physicalType(column);
  const isDecimal = column.dataType === "decimal" || column.dataType === "wei";
  return struct(
    [1, i32(type)],
    [2, type === parquetTypes.fixedLengthByteArray ? i32(valueBytes) : undefined],
    [3, i32(column.nullable ? repetitions.optional : repetitions.required)],
    [4, text(column.name)],
    [6, convertedType === undefined ? undefined : i32(convertedType)],
    [7, isDecimal ? i32(scale) : undefined],
    [8, isDecimal ? i32(precision) : undefined],
    [10, logicalType],
  );
}

function rowGroup(table: FileTable, { rowCount, offset, chunks }: RowGroup): ThriftStruct {
  const columns = table.columns.map(({ name }, index) =>
    columnChunk(name, rowCount, offset, chunks[index] as ChunkLayout),
  );
  const storedBytes = chunks.reduce((sum, chunk) => sum + chunk.storedBytes, 0);
  const uncompressedBytes = chunks.reduce((sum, chunk) => sum + chunk.uncompressedBytes, 0);
  return struct(
    [1, list("struct", columns)],
    [2, i64(uncompressedBytes)],
    [3, i64(rowCount)],
    [5, i64(offset)],
    [6, i64(storedBytes)],
  );
}

function columnChunk(name: string, rowCount: number, partOffset: number, chunk: ChunkLayout): ThriftStruct {
  const start = partOffset + chunk.offset;
  const hasDictionary = chunk.dictionaryBytes > 0;
  const used = [encodings.plain, encodings.rle, ...(hasDictionary ? [encodings.rleDictionary] : [])];
  const statistics = struct(
    [3, i64(chunk.nullCount)],
    [5, chunk.range === null ? undefined : binary(chunk.range.max)],
    [6, chunk.range === null ? undefined : binary(chunk.range.min)],
  );
  const metadata = struct(
    [1, i32(chunk.type)],
    [2, list("i32", used.map(i32))],
    [3, list("binary", [text(name)])],
    [4, i32(chunk.codec)],
    [5, i64(rowCount)],
    [6, i64(chunk.uncompressedBytes)],
    [7, i64(chunk.storedBytes)],
    [9, i64(start + chunk.dictionaryBytes)],
    [11, hasDictionary ? i64(start) : undefined],
    [12, statistics],
  );
  return struct([2, i64(0)], [3, metadata]);
}
