import type {
  ColumnKey,
  FileFormat,
  NamingConventions,
  NormalizeRun,
  PartialTable,
  RecordedOrigin,
  SchemaText,
} from "@dlt/core";
import type { Chunk, ChunkEntry } from "../package/chunk.js";
import type { FileEntry, JsonValueDocument } from "../package/manifest.js";
import type { PipelinePoint } from "../points.js";
import type { Progress } from "../progress/progress.js";
import type { BuiltInFormats } from "./built-in-formats.js";
import type { SchemaChange } from "./schema-owner.js";

/** What normalizing a package needs. */
export interface NormalizeStageInput {
  /** Chunks in order of their index, each already on disk. May be produced while it is consumed. */
  readonly chunks: AsyncIterable<Chunk>;
  /** Reads a chunk again that was consumed before; the caller gets a buffer of its own. */
  readChunk(entry: ChunkEntry): Promise<Uint8Array>;
  /** Gives the file of a chunk that is loaded as it is a second name. */
  linkChunk(entry: ChunkEntry, path: string): Promise<void>;
  /** The schema that the package starts from: naming convention and normalizers already those of the destination. */
  readonly schema: SchemaText;
  /** With what is known of columns that were added since the package was begun, where these are not its first chunks. */
  readonly run: NormalizeRun;
  /** Naming conventions beside those of the library. A package whose schema has one of them is normalized on the main thread. */
  readonly conventions?: NamingConventions;
  /** Stored documents of tables declared without rows, merged after the last chunk. Asked for once the chunks are at an end. */
  tables(): readonly JsonValueDocument[];
  /** Tables that get a file without rows. Asked for once the chunks are at an end. */
  emptyTables(): readonly string[];
  /** The format for the load files of a root table and of all tables below it. */
  formatFor(table: string): FileFormat;
  /** Formats that threads know. Files of others are encoded there if the format has a module for threads. */
  readonly builtIn: BuiltInFormats;
  /** An existing empty folder that the load files are written to, as `<folder>/<FileEntry.name>`. */
  readonly folder: string;
  /** Threads beside the main one; 0 and 1 both mean: on the main thread. */
  readonly workers: number;
  /** Bytes of chunks that the main thread normalizes before threads are worth their start. Default: 16 MiB. */
  readonly bytesBeforeThreads?: number;
  /** A load file is closed once it is larger. */
  readonly maxFileBytes: number;
  /** No load file has more rows. Default: it may have any number. */
  readonly maxFileRows?: number | undefined;
  readonly signal: AbortSignal;
  reached(point: PipelinePoint): void | Promise<void>;
  /** Told how far it has come. Default: nobody is. */
  readonly progress?: Progress;
}

/** What normalizing a package gave. Files are complete and synced to disk when it is returned. */
export interface NormalizeStageResult {
  /** Schema with all updates merged; version and hash not bumped, `seen-data` not set: that is the caller's. */
  readonly schema: SchemaText;
  /** What was added by the data, tables merged by name. */
  readonly update: readonly PartialTable[];
  /** What decided the types of the columns that data or hints added, in order. */
  readonly origins: readonly RecordedOrigin[];
  readonly files: readonly FileEntry[];
  readonly rowCounts: Readonly<Record<string, number>>;
  readonly nullOnly: readonly (readonly [table: string, key: string])[];
  /** Every change of the schema, in order: merged into the schema that the stage started from, they give `schema`. */
  readonly changes: readonly SchemaChange[];
  /** Tables whose definitions the rows depend on. */
  readonly touched: readonly string[];
  /** Columns that became bigint because of integral JavaScript numbers. */
  readonly integers: readonly ColumnKey[];
  /** Columns whose type came from batches of columns. */
  readonly widenable: readonly ColumnKey[];
}
