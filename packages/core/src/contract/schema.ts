import type { NamingConvention, NamingConventions } from "./naming.js";

/** The complete list of data types. `complex` in old documents is read as `json`. */
export type DataType =
  | "text"
  | "double"
  | "bool"
  | "timestamp"
  | "bigint"
  | "binary"
  | "json"
  | "decimal"
  | "wei"
  | "date"
  | "time";

export type WriteDisposition = "skip" | "append" | "replace" | "merge";
export type MergeStrategy = "delete-insert" | "upsert" | "insert-only" | "scd2";
export type ReplaceStrategy = "truncate-and-insert" | "insert-from-staging" | "staging-optimized";
export type ContractMode = "evolve" | "freeze" | "discard_row" | "discard_value";
export type ContractEntity = "tables" | "columns" | "dataType";
/** A contract with a mode for every entity. */
export type ExpandedContract = Readonly<Record<ContractEntity, ContractMode>>;
/** A contract as stored: one mode for all, or modes by entity (missing entities are `evolve`). */
export type SchemaContract = ContractMode | Partial<ExpandedContract>;

/**
 * Any value a hint can hold: JSON, with dates as ISO text. Numbers of a document that a `number` cannot keep apart stay
 * lossless.
 */
export type HintValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly HintValue[]
  | { readonly [key: string]: HintValue };
/** Hints of adapters and destinations, kept as they are. */
export interface AdapterHints {
  readonly [hint: `x-${string}`]: HintValue;
}

/**
 * A column. Complete when it has a `dataType`; until then it is a declaration that data has to complete.
 * Property order is the order of the stored document. `undefined` is never stored; `null` is.
 */
export interface ColumnSchema extends AdapterHints {
  readonly name: string;
  readonly description?: string | null;
  readonly dataType?: DataType | null;
  readonly precision?: number | null;
  readonly scale?: number | null;
  readonly timezone?: boolean | null;
  readonly nullable?: boolean | null;
  readonly variant?: boolean | null;
  readonly primaryKey?: boolean | null;
  readonly mergeKey?: boolean | null;
  readonly partition?: boolean | null;
  readonly cluster?: boolean | null;
  readonly incremental?: boolean | null;
  readonly unique?: boolean | null;
  readonly sort?: boolean | null;
  readonly rowKey?: boolean | null;
  readonly parentKey?: boolean | null;
  readonly rootKey?: boolean | null;
  readonly hardDelete?: boolean | null;
  readonly dedupSort?: "asc" | "desc" | false | null;
}

export interface TableReference {
  readonly label?: string;
  readonly cardinality?: string;
  readonly table?: string;
  readonly columns: readonly string[];
  readonly referencedTable: string;
  readonly referencedColumns: readonly string[];
}

export interface RowFilters {
  readonly excludes?: readonly string[];
  readonly includes?: readonly string[];
}

/** A table. Columns are an ordered map: their order is part of the version hash, and names may look like integers. */
export interface TableSchema extends AdapterHints {
  readonly name: string;
  readonly columns: ReadonlyMap<string, ColumnSchema>;
  readonly description?: string | null;
  /** Makes the table nested: the name of the table that holds its parent rows. */
  readonly parent?: string | null;
  /** The resource that feeds a root table, not normalized. */
  readonly resource?: string | null;
  readonly writeDisposition?: WriteDisposition | null;
  readonly schemaContract?: SchemaContract | null;
  readonly tableFormat?: string | null;
  readonly fileFormat?: string | null;
  readonly filters?: RowFilters | null;
  readonly references?: readonly TableReference[] | null;
  readonly tableSealed?: boolean | null;
}

/** A table with only what is added or changed; merged into a schema. Same shape as a table. */
export type PartialTable = TableSchema;

/** Names, of a hint or rule: an exact name, or `re:` and a regular expression. */
export type Rule = string;

export interface SchemaSettings {
  readonly schemaContract?: SchemaContract | null;
  readonly detections?: readonly string[] | null;
  readonly defaultHints?: Readonly<Record<string, readonly Rule[]>> | null;
  readonly preferredTypes?: Readonly<Record<Rule, DataType>> | null;
}

/** Values of a row that are copied into all rows nested below it: column of the row → column of the nested rows. */
export type PropagatedColumns = Readonly<Record<string, string>>;

export interface JsonNormalizerConfig {
  /** Deepest nesting that becomes tables; deeper values stay JSON. Default: 1000. */
  readonly maxNesting?: number | null;
  /** Whether nested rows carry the id of their root row. Default: when the table is merged. */
  readonly rootKeyPropagation?: boolean | null;
  readonly propagation?: {
    /** For the rows of every root table. */
    readonly root?: PropagatedColumns | null;
    readonly tables?: Readonly<Record<string, PropagatedColumns>> | null;
  } | null;
}

export interface JsonNormalizer {
  /** Python path of the normalizer, e.g. `dlt.common.normalizers.json.relational`. */
  readonly module: string;
  readonly config?: JsonNormalizerConfig | null;
}

export interface SchemaNormalizers {
  /** Reference of the naming convention as it was given, e.g. `snake_case`. */
  readonly names: string;
  readonly json: JsonNormalizer;
  /** Names are paths whose components are normalized one by one. Default: true. */
  readonly useBreakPathOnNormalize?: boolean | null;
  readonly allowIdentifierChangeOnTableWithData?: boolean | null;
  /** Detections of old documents, for schemas that have none in their settings. */
  readonly detections?: readonly string[] | null;
}

/** Names that the library itself uses, as the naming convention of a schema writes them. */
export interface SystemNames {
  /** Tables whose names start with it belong to the library: `_dlt`. */
  readonly prefix: string;
  /** The same for columns. */
  readonly columnPrefix: string;
  /** `_dlt_version`, `_dlt_loads`, `_dlt_pipeline_state`, `_dlt_rejects` */
  readonly versionTable: string;
  readonly loadsTable: string;
  readonly stateTable: string;
  readonly rejectsTable: string;
  /** `_dlt_id`, `_dlt_load_id`, `_dlt_parent_id`, `_dlt_list_idx`, `_dlt_root_id` */
  readonly id: string;
  readonly loadId: string;
  readonly parentId: string;
  readonly listIdx: string;
  readonly rootId: string;
}

/** What a schema document stores. A change makes a new value that shares every table it does not touch. */
export interface SchemaContent {
  readonly name: string;
  /** Counter for people, from 1, as last stored. */
  readonly version: number;
  /** Hash of the content as last stored; empty when it was never stored. */
  readonly versionHash: string;
  /** Hashes of earlier contents, the newest first, at most 10. */
  readonly previousHashes: readonly string[];
  /** Hash of the import file that this schema was last made equal to. */
  readonly importedVersionHash?: string | null;
  readonly description?: string | null;
  readonly settings: SchemaSettings;
  readonly normalizers: SchemaNormalizers;
  readonly tables: ReadonlyMap<string, TableSchema>;
}

/** A schema in memory: its content, and what it takes from the place where it is used, which is not stored. */
export interface Schema extends SchemaContent {
  readonly naming: NamingConvention;
  readonly system: SystemNames;
  /** Merge strategies of the destination, its default first; empty when unknown. */
  readonly mergeStrategies: readonly string[];
  /** Naming conventions beside those of the library; absent when there are none. */
  readonly conventions?: NamingConventions;
}

/** The stored schema document as UTF-8 JSON text (engine version 11): what travels to workers and destinations. */
export type SchemaText = string;
