import type { Column, ColumnBatch } from "@dlt/core";
import { isDltError, SchemaError } from "@dlt/core";
import type { FileMetaData } from "hyparquet";
import { decompressors } from "./decompression.js";
import { storedColumn } from "./stored-column.js";
import { columnOfValues, type RowRange, type StoredValues } from "./stored-values.js";

/** The bytes of a file, read where they are asked for. */
export interface ParquetSource {
  readonly byteLength: number;
  /** The bytes `start` to `end` (exclusive), in a buffer of their own. */
  slice(start: number, end: number): Promise<ArrayBuffer>;
}

/** A Parquet file that was opened: what it has, and its rows. */
export interface ParquetReader {
  /** Names of its columns, in order. */
  readonly columns: readonly string[];
  readonly rowCount: number;
  /**
   * Rows from `from` on with these columns, a row group at a time. The columns of each have the same types and layouts. Nothing is rounded.
   * @throws SchemaError `FILE_NOT_PARQUET`; `FILE_COLUMN_NOT_READ` for a column that there is not, nested columns, and types that no
   * column has; `FILE_VALUE_NOT_READ` for a value that would be rounded
   */
  read(columns: readonly string[], from: number): AsyncGenerator<ColumnBatch>;
}

/**
 * Opens a Parquet file, of whatever writer. Flat columns can be read, compressed with Snappy or what this version of Node has: gzip,
 * Brotli, and from Node 22.15 on Zstandard.
 * @throws SchemaError `FILE_NOT_PARQUET`
 */
export async function openParquet(source: ParquetSource): Promise<ParquetReader> {
  // Only who reads files pays for the package that does.
  const { parquetMetadataAsync, parquetScan } = await import("hyparquet");
  const file = {
    byteLength: source.byteLength,
    slice: (start: number, end = source.byteLength) => source.slice(start, end),
  };
  const metadata = await understood(() => parquetMetadataAsync(file));
  const stored = storedColumns(metadata);
  const scan = { file, metadata: withoutMeaning(metadata), utf8: false, compressors: decompressors() };
  /** One column at a time: while it is read, it takes many times the memory that it takes then. */
  const valuesOf = async (column: string, range: RowRange): Promise<StoredValues> => {
    const { readColumn } = await parquetScan({ ...scan, columns: [column], ...range });
    return await readColumn({ column, ...range });
  };
  return {
    columns: [...stored.keys()],
    rowCount: Number(metadata.num_rows),
    async *read(names, from) {
      const columns = names.map((name) => storedColumn(stored.get(name), name));
      for (const range of rangesBehind(metadata, from)) {
        const read: Column[] = [];
        for (const column of columns)
          read.push(columnOfValues(column, await understood(() => valuesOf(column.name, range)), range));
        yield { rowCount: range.rowEnd - range.rowStart, columns: read };
      }
    },
  };
}

/** The rows of each row group from `from` on. */
function rangesBehind({ row_groups: groups }: FileMetaData, from: number): readonly RowRange[] {
  let rowEnd = 0;
  return groups.flatMap(({ num_rows: rowCount }) => {
    const rowStart = Math.max(rowEnd, from);
    rowEnd += Number(rowCount);
    return rowEnd > rowStart ? [{ rowStart, rowEnd }] : [];
  });
}

type Element = FileMetaData["schema"][number];

/** Columns by name; the first element of the schema is the root, and those below other groups are part of these. */
function storedColumns({ schema }: FileMetaData): ReadonlyMap<string, Element> {
  const columns = new Map<string, Element>();
  for (let at = 1; at < schema.length; at = behind(schema, at)) {
    const element = schema[at] as Element;
    columns.set(element.name, element);
  }
  return columns;
}

/** The position behind an element and all below it. */
function behind(schema: readonly Element[], at: number): number {
  let next = at + 1;
  for (let child = 0; child < (schema[at]?.num_children ?? 0); child++) next = behind(schema, next);
  return next;
}

/** Flat columns as the numbers and bytes that are stored. The package would make a double of a decimal, and milliseconds of a time. */
function withoutMeaning(metadata: FileMetaData): FileMetaData {
  const isFlat = ({ num_children: children = 0 }: Element): boolean => children === 0;
  const bare = ({ converted_type: _, logical_type: __, ...element }: Element): Element => element;
  return { ...metadata, schema: metadata.schema.map((element) => (isFlat(element) ? bare(element) : element)) };
}

/** What goes wrong while bytes are made sense of means that they are not what they should be. */
async function understood<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (isDltError(error) || (error instanceof Error && "syscall" in error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new SchemaError("FILE_NOT_PARQUET", `A file cannot be read as Parquet: ${reason}`, {
      hint: "Check that it was written to its end, and with a compression that this version of Node knows.",
      cause: error,
    });
  }
}
