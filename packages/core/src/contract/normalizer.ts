import type { ColumnBatch, JsonText, TableBatch } from "./batch.js";
import type { ColumnOrigin } from "./column-origin.js";
import type { NamingConventions } from "./naming.js";
import type { ColumnSchema, PartialTable, SchemaText } from "./schema.js";

/** What a package gives every chunk. With the same run and schema a chunk always gives the same result. */
export interface NormalizeRun {
  readonly loadId: string;
  /** Clock of the package, microseconds since 1970 UTC. Only the detector `timestamp` looks at it. */
  readonly nowMicros: bigint;
  /** 32 bytes; random row ids are drawn from it and the number of the chunk. */
  readonly idSeed: Uint8Array;
  /** Identifier limit of the destination, in code points; `null` when unlimited. */
  readonly maxIdentifierLength: number | null;
  /** Naming convention and what inferred columns are adjusted to. */
  readonly timestampPrecision: number;
  readonly maxTimestampPrecision: number;
  readonly decimalPrecision: readonly [precision: number, scale: number];
  readonly weiPrecision: readonly [precision: number, scale: number];
  /** Merge strategies of the destination, its default first; empty when unknown. */
  readonly mergeStrategies: readonly string[];
  /** Columns, as `[table, column]`, that become double although their first value is an integral JavaScript number. */
  readonly doubles: readonly ColumnKey[];
  /** Columns that this package made bigint because of integral JavaScript numbers. */
  readonly integers: readonly ColumnKey[];
  /** Columns whose type this package took from batches of columns, so that it may still become wider. Default: none. */
  readonly widenable?: readonly ColumnKey[];
  /** Which columns of the library are added to tables that come as columns and lack them. Default: neither. */
  readonly columnLinks?: { readonly loadId: boolean; readonly id: boolean };
  /**
   * Columns become wider in place for values of their data type that they are too narrow for: integers of more bits, longer text and
   * binary, decimals and times of more digits. Default: false.
   */
  readonly widensColumns?: boolean;
  /** Which rows are kept in `_dlt_rejects`, a table that the schema then has. Default: `none`. */
  readonly rejects?: RejectMode;
  /** Whose rejected rows they are. Default: an empty name. */
  readonly pipelineName?: string;
}

/**
 * Rows that go to the table `_dlt_rejects` instead of being lost: none; those that a contract discards; or also those that no
 * column can take, which otherwise end the run.
 */
export type RejectMode = "none" | "discarded" | "failing";

/** Why a row was rejected. */
export interface Rejection {
  /** Of the catalogue of errors, e.g. `SCHEMA_CONTRACT_COLUMN`. */
  readonly code: string;
  /** A sentence with tables, columns and rules, and nothing of the row's content. */
  readonly reason: string;
  /** The column that was refused; `null` when it was the table. */
  readonly column: string | null;
}

export type ColumnKey = readonly [table: string, column: string];

/** One raw chunk of an extracted package: rows of one root table, the unit of normalizing. */
export interface RawChunk {
  /** Position in the package, from 0. */
  readonly index: number;
  /** Normalized name of the root table. */
  readonly table: string;
  /** `objects`: integral numbers came from JavaScript numbers, so that a later fraction makes the new column double. */
  readonly numbers: "text" | "objects";
  /** Number of rows before this chunk in its resource; for error messages. */
  readonly firstRow: number;
  readonly data: JsonText | ColumnBatch;
  /** All rows were rejected before they came here: they go to `_dlt_rejects` as they are. */
  readonly rejected?: Rejection;
  /**
   * The rows come from `_dlt_rejects` and are loaded where they would have been. Each line is `[row, row number, path]`, for a nested
   * table followed by `columns` and `inherited` of the row's origin.
   */
  readonly replay?: ReplayedRows;
}

/** What the replayed rows of a chunk have in common. */
export interface ReplayedRows {
  /** `null` for root rows. */
  readonly nested: NestedPlace | null;
}

/** The place of a nested table. */
export interface NestedPlace {
  /** The table of the rows above. */
  readonly parent: string;
  /** Normalized path from the root table, which names of tables further below are made from. */
  readonly tablePath: readonly string[];
  /** Nesting that is left for a row. */
  readonly level: number;
}

/** What normalizing one chunk gave, beside its batches. */
export interface ChunkResult {
  /** New and completed columns and tables, in order of appearance. Empty for most chunks. */
  readonly update: readonly PartialTable[];
  /** Tables whose definition this result depends on. It holds as long as none of them changed since the session's schema. */
  readonly touched: readonly string[];
  /** Columns that only ever carried null: `[table, original key]`. */
  readonly nullOnly: readonly ColumnKey[];
  /** Columns that this chunk made bigint because of integral JavaScript numbers. */
  readonly integers: readonly ColumnKey[];
  /**
   * Columns of `NormalizeRun.integers`, or of `integers`, that met a fraction. When there are any, the rest of the result is
   * void: the package has to be normalized again with these among `NormalizeRun.doubles`.
   */
  readonly becameDouble: readonly ColumnKey[];
  /** Columns whose type this chunk took from a batch of columns. */
  readonly widenable?: readonly ColumnKey[];
  /** What decided the types of the columns in `update`. Default: not told. */
  readonly origins?: readonly ColumnOrigin[];
  readonly rowCounts: Readonly<Record<string, number>>;
}

/** Normalizes chunks one after another against a schema that grows with each. */
export interface NormalizerSession {
  /**
   * Flattens one chunk and hands its rows to `take`, batch by batch: rows of a table in input order, parents before children, at
   * most some 64 MiB at a time. A batch is valid during the call that takes it: its buffers are used again. Pure: no clock, ids
   * only from the run's seed.
   * @throws SchemaError, SchemaContractError with table, row number and rule
   */
  normalize(chunk: RawChunk, take: (batch: TableBatch) => void): ChunkResult;
  /** Columns of a table, declared ones included, with all updates of this session; none for an unknown table. */
  columns(table: string): Iterable<ColumnSchema>;
  /** Adds the columns that every row of a root table has, as a row without data would. Gives what was added. */
  declareRow(table: string): readonly PartialTable[];
}

/** Makes sessions. Runs in a worker, so that what it needs is data, except for `conventions`. */
export interface Normalizer {
  /** `conventions`: naming conventions beside those of the library. They are functions, which do not travel between threads. */
  open(schema: SchemaText, run: NormalizeRun, conventions?: NamingConventions): NormalizerSession;
}
