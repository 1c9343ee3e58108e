import type { ColumnSchema, DataType } from "./schema.js";

/** Data type of a column with what narrows it. `timezone` is false for a naive timestamp, otherwise true or absent. */
export interface ColumnType {
  readonly dataType: DataType;
  readonly precision?: number;
  readonly scale?: number;
  readonly timezone?: boolean;
}

/**
 * Rows of one table, a column at a time, in the memory layout of Apache Arrow (little-endian).
 * Columns are found by name. The receiver owns the buffers: the giver may find them detached.
 */
export interface ColumnBatch {
  readonly rowCount: number;
  readonly columns: readonly Column[];
  /** Names of columns that have no value in any row and no type: they are told of, and wait for values. */
  readonly nullColumns?: readonly string[];
}

/**
 * One column. `validity` has a bit per row, least significant first, 1 = value present; `null` when no value is missing.
 * Typed arrays may be longer than `rowCount` asks for.
 */
export type Column = {
  readonly name: string;
  readonly type: ColumnType;
  readonly validity: Uint8Array | null;
} & ColumnData;

/**
 * The values of a column by layout:
 *
 * | layout | data types |
 * | --- | --- |
 * | `fixed`, `BigInt64Array` | bigint; timestamp (microseconds since 1970 UTC); time (microseconds since midnight) |
 * | `fixed`, `Int32Array` | date (days since 1970) |
 * | `fixed`, `Float64Array` | double |
 * | `bits` | bool, a bit per row, least significant first |
 * | `bytes` | text and json as UTF-8, binary; value `i` is `data[offsets[i] … offsets[i + 1]]`; decimal text for numbers that the other layouts cannot hold exactly: bigint beyond 64 bits; decimal and wei of other digits than the type says |
 * | `decimal128` | decimal, wei: two words per row, low then high, two's complement of value × 10^scale |
 * | `dictionary` | any of them: row `i` is `values[indices[i]]`; index of a missing value is 0 |
 */
export type ColumnData =
  | { readonly layout: "fixed"; readonly values: Int32Array | BigInt64Array | Float64Array }
  | { readonly layout: "bits"; readonly values: Uint8Array }
  | { readonly layout: "bytes"; readonly offsets: Int32Array; readonly data: Uint8Array }
  | { readonly layout: "decimal128"; readonly words: BigInt64Array; readonly scale: number }
  | { readonly layout: "dictionary"; readonly indices: Int32Array; readonly values: Column };

/** A batch and the table that it belongs to. */
export interface TableBatch {
  readonly table: string;
  readonly batch: ColumnBatch;
}

/**
 * JSON that travels unparsed, UTF-8. `lines`: values separated by white space, each a row. `array`: one JSON array of rows.
 * Rows are usually objects; any other value `v` counts as the row `{"value": v}`.
 */
export interface JsonText {
  readonly jsonText: Uint8Array;
  readonly framing: "lines" | "array";
}

/** Rows in a codec that a destination may take undecoded, e.g. `pgcopy`. */
export interface EncodedRows {
  readonly codec: string;
  readonly columns: readonly ColumnSchema[];
  readonly bytes: Uint8Array;
}

/**
 * A table or record batch of the package `apache-arrow`, or a table of `@uwdata/flechette`, known by its shape. Buffers are used
 * as they are where the layout of `Column` is the same, and converted otherwise; they are never changed.
 */
export type ArrowTable =
  | { readonly schema: ArrowSchema; readonly batches: readonly object[] }
  | { readonly schema: ArrowSchema; readonly data: { readonly children: readonly object[] } }
  | { readonly schema: ArrowSchema; readonly names: readonly unknown[]; readonly children: readonly object[] };

/** As much of the schema of an Arrow table as tells it from rows. */
export interface ArrowSchema {
  readonly fields: readonly { readonly name: string }[];
}

/** What a resource yields at a time: rows, columns, or text and bytes that travel unparsed. */
export type Page<Row> = readonly Row[] | ColumnBatch | ArrowTable | JsonText | EncodedRows;
