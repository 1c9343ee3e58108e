import type { DataType, MergeStrategy, ReplaceStrategy } from "./schema.js";

/** What a destination can do, as data. The engine acts on these and never on a destination's name. */
export interface DestinationCapabilities {
  /** Format of load files when nothing asks for another: the fastest there is. `null`: loads only through staging. */
  readonly preferredFileFormat: string | null;
  readonly fileFormats: readonly string[];
  /** Formats that it copies from a staging area. Default: none. */
  readonly stagingFileFormats?: readonly string[];
  /** One of them. Default: the first that the staging area takes. */
  readonly preferredStagingFileFormat?: string | null;
  /** Schemes of the URLs that it copies from, e.g. `s3`, `file`. Has to be told where there are formats. */
  readonly stagingSchemes?: readonly string[];
  /** Dialect of its SQL, as `sqlModel` names it, e.g. `duckdb`. Has to be told where `model` is among the file formats. */
  readonly sqlDialect?: string;
  /** Used for new schemas. Default: `snake_case`. */
  readonly namingConvention?: string;
  /** In code points. */
  readonly maxIdentifierLength: number;
  /** In code points. Default: as `maxIdentifierLength`. */
  readonly maxColumnIdentifierLength?: number;
  /** Identifiers that differ in case only are different. */
  readonly caseSensitiveIdentifiers: boolean;
  /** How unquoted text of an identifier is stored. Default: `none`. */
  readonly caseFolding?: "none" | "lower" | "upper";
  /** Default: [38, 9]. */
  readonly decimalPrecision?: readonly [precision: number, scale: number];
  readonly weiPrecision?: readonly [precision: number, scale: number];
  /** Fractional digits of a timestamp. Defaults: 6 and 6. */
  readonly timestampPrecision?: number;
  readonly maxTimestampPrecision?: number;
  readonly supportsNaiveTimestamp?: boolean;
  /** In bytes. Longer schema documents are stored compressed. */
  readonly maxTextBytes?: number;
  /** In bytes. */
  readonly maxQueryBytes?: number;
  /** In bytes; a load file is closed once it is larger. Default: 128 MiB. */
  readonly recommendedFileBytes?: number;
  /** Load files are kept, or go a long way: text is compressed with gzip, Parquet with Snappy. Default: false, read once and close by. */
  readonly compressesFiles?: boolean;
  readonly maxRowsPerInsert?: number;
  readonly supportsDdlTransactions: boolean;
  readonly supportsTransactions: boolean;
  /** `ALTER TABLE` takes several `ADD COLUMN`. Default: true. */
  readonly alterAddsManyColumns?: boolean;
  /** The type of a column with rows can become wider in place: integers of more bits, longer text, more digits. Default: false. */
  readonly widensColumns?: boolean;
  readonly supportsTruncate?: boolean;
  readonly supportsCreateTableIfNotExists?: boolean;
  readonly supportsMultipleStatements?: boolean;
  /** A column added to a table with rows may be `NOT NULL`. Default: false. */
  readonly enforcesNullsOnAlter?: boolean;
  /** The first is the default. */
  readonly replaceStrategies: readonly ReplaceStrategy[];
  readonly mergeStrategies: readonly MergeStrategy[];
  /** Without merge strategies, rows of tables that are merged elsewhere are appended, with a warning. Default: false, refused. */
  readonly appendsInsteadOfMerging?: boolean;
  /**
   * It hands rows on and keeps no tables: nothing is staged, emptied, merged or dropped there, and what a write disposition means is up
   * to who receives the rows. Default: false.
   */
  readonly forwardsRows?: boolean;
  /** Jobs that may run at the same time; 0: any number. Default: 0. */
  readonly maxParallelJobs?: number;
  /** Which jobs may run at the same time, where the settings do not say: all, one for each table, or one. Default: `parallel`. */
  readonly parallelismStrategy?: "parallel" | "table-sequential" | "sequential";
  /** Formats of tables that it writes, such as `delta`; hints for others are refused. Default: such hints have no effect. */
  readonly tableFormats?: readonly string[];
  /** Data types it has no column type for. Default: none. */
  readonly unsupportedTypes?: readonly DataType[];
  /** Deepest nesting a row may keep; forces the schema's `max_nesting`. Default: not forced. */
  readonly maxTableNesting?: number;
  /** Needs the name of a dataset. Default: true. */
  readonly needsDataset?: boolean;
}
