import type { ColumnBatch, ColumnType } from "./batch.js";

/** A complete column of a file, in the order of the file. */
export interface FileColumn extends ColumnType {
  readonly name: string;
  readonly nullable: boolean;
}

/** The table a file is written for. Columns are fixed when the file is opened; a table that grows gets another file. */
export interface FileTable {
  readonly name: string;
  readonly columns: readonly FileColumn[];
}

/**
 * Encoded rows, ready to be put into a file of the same format and columns. Plain data: it can be handed to another thread.
 * `layout` is what the writer needs to know of the bytes (a structured-clonable value of the format's own).
 */
export interface FilePart {
  readonly rowCount: number;
  readonly bytes: Uint8Array;
  readonly layout?: unknown;
}

/** Where the bytes of a file go, in order. */
export interface ByteSink {
  /** Resolves when the sink can take more. */
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** Puts parts into a file, in the order they are given. */
export interface FileWriter {
  /** Resolves when the sink can take more. */
  write(part: FilePart): Promise<void>;
  /** Writes any footer and closes the sink. Call once; before it resolves the file is not valid. */
  close(): Promise<{ readonly rowCount: number; readonly bytes: number }>;
}

/**
 * A module that threads load: a file that needs no others. It is what `#<name>` stands for among the `imports` of the package that
 * `from` is in or, in a bundled application, which leaves these behind, `<name>.mjs` beside the bundle.
 */
export interface ThreadModule {
  /** Name of the package, e.g. `@dlt/postgres-copy`. */
  readonly package: string;
  /** e.g. `pgcopy.worker`; the package has it as `dist/pgcopy.worker.js`. */
  readonly name: string;
  /** `import.meta.url` of a module of the package; undefined in a bundle that does not know it. */
  readonly from: string | undefined;
}

/**
 * A format of load files. Encoding is separate from writing, so that it can happen on any thread while the one owner of a
 * file appends parts in order: the file does not depend on how many threads encoded it.
 */
export interface FileFormat {
  /** e.g. `parquet`; as in capabilities and file names. */
  readonly name: string;
  /** Without a dot. */
  readonly extension: string;
  /** Exports the format as `fileFormat`. Without it the rows of its files are encoded on the main thread alone. */
  readonly threadModule?: ThreadModule;
  /**
   * Encodes rows. Pure. A column of `table` that the batch lacks is null throughout; values follow the type of the batch's
   * column where it is wider than the table's.
   * @throws SchemaError `FILE_VALUE_OUT_OF_RANGE` for a value that the column cannot hold
   */
  encode(batch: ColumnBatch, table: FileTable): FilePart;
  open(table: FileTable, sink: ByteSink): FileWriter;
}
