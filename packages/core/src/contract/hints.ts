import type { Timestamp } from "../values/timestamp.js";
import type { ColumnSchema, ContractMode, HintValue, MergeStrategy, WriteDisposition } from "./schema.js";
import type { StandardSchemaV1 } from "./standard-schema.js";

/** One or several names of columns. An empty one takes back what was given before. */
export type ColumnNames = string | readonly string[];

/** What is declared of a column. Names are those of the data; they are normalized later. */
export type ColumnHints = Partial<Omit<ColumnSchema, "name">>;
/** Columns by name, or as a list in which each has its name. */
export type ColumnsHint = Readonly<Record<string, ColumnHints>> | readonly (ColumnHints & { readonly name: string })[];

/** A write disposition with its options. */
export interface WriteDispositionOptions {
  readonly disposition: WriteDisposition;
  /** For `merge`. Default: the first that the destination supports. */
  readonly strategy?: MergeStrategy;
  /** For `merge`: the rows of one run have no duplicate keys, so that none are looked for. */
  readonly deduplicated?: boolean;
  /** For `scd2`. Default: `["_dlt_valid_from", "_dlt_valid_to"]`. */
  readonly validityColumnNames?: readonly [from: string, to: string];
  /** For `scd2`: a column that is true for versions that are in force, and false for those that ended. Default: no such column. */
  readonly activeColumnName?: string;
  /** For `scd2`: the end of a version that is in force; text is ISO 8601. Default: null. */
  readonly activeRecordTimestamp?: PointInTime | null;
  /** For `scd2`: when the versions of this run begin, and those before them end; text is ISO 8601. Default: the time of the load. */
  readonly boundaryTimestamp?: PointInTime | null;
  /** For `scd2`. Default: `_dlt_id`. */
  readonly rowVersionColumnName?: string;
}

/** Text in ISO 8601, which counts as UTC when it has no offset, or an object. */
export type PointInTime = string | Date | Timestamp;

/** Modes of a schema contract. The plural forms are other spellings of `discard_row` and `discard_value`. */
export type ContractModeHint = ContractMode | "discard_rows" | "discard_columns";
/** One mode for all, or modes by entity; entities left out are `evolve`. */
export type SchemaContractHint =
  | ContractModeHint
  | { readonly tables?: ContractModeHint; readonly columns?: ContractModeHint; readonly dataType?: ContractModeHint };

/** A reference to the columns of another table; `columns[i]` refers to `referencedColumns[i]`. */
export interface ReferenceHint {
  readonly columns: readonly string[];
  readonly referencedTable: string;
  readonly referencedColumns: readonly string[];
}

/** What is declared of a table, none of it a function. */
export interface TableHints {
  /** Default: the name of the resource. */
  readonly tableName?: string;
  /** Makes the table nested. */
  readonly parentTableName?: string;
  /** Default: `append`. */
  readonly writeDisposition?: WriteDisposition | WriteDispositionOptions;
  readonly primaryKey?: ColumnNames;
  readonly mergeKey?: ColumnNames;
  readonly columns?: ColumnsHint;
  /** Hints of nested tables. A key is the name of a field; paths of several fields are given as a list of pairs. */
  readonly nestedHints?:
    | Readonly<Record<string, TableHints>>
    | readonly (readonly [path: readonly string[], hints: TableHints])[];
  readonly references?: readonly ReferenceHint[];
  readonly schemaContract?: SchemaContractHint;
  readonly tableFormat?: string;
  /** Format of the load files of this table, or `preferred`. */
  readonly fileFormat?: string;
  /** How deep nested values become tables of their own; 0 keeps them as JSON, more than 1000 counts as 1000. */
  readonly maxTableNesting?: number;
  /** Properties of the table as they are stored, e.g. `{ "x-my-hint": 1 }`. */
  readonly additionalTableHints?: Readonly<Record<string, HintValue>>;
}

/** A hint, or a function that gives it for a row. When any is a function, `tableName` has to be one too. */
export type RowDependent<Value> = Value | ((row: never) => Value);

/** What a resource says of its table and of how it is read. */
export type Hints = {
  readonly [Hint in Exclude<keyof TableHints, "columns">]?: RowDependent<NonNullable<TableHints[Hint]>>;
} & {
  /** Columns, or a Standard Schema (zod, valibot, arktype …) of the rows. */
  readonly columns?: RowDependent<ColumnsHint> | StandardSchemaV1<unknown, unknown>;
  /**
   * Where `columns` is a schema of the rows: objects in a row become columns of their own, and lists tables, instead of JSON columns.
   * Default: false.
   */
  readonly skipNestedTypes?: boolean;
  /** False: not loaded unless it is selected. Default: true. */
  readonly selected?: boolean;
  /** Works on several items at a time, as far as `extract.max_parallel_items` allows. Default: false. */
  readonly parallelized?: boolean;
};
