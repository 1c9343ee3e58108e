import type { RecordedOrigin } from "@dlt/core";
import type { ChunkEntry } from "./chunk.js";

/** A JSON document of the stored (snake_case) form. */
export type JsonValueDocument = Readonly<Record<string, unknown>>;

/** `manifest.json` of an extracted package. Its rename into place, with the chunks, is the commit of an extract. */
export interface ExtractManifest {
  readonly format: 1;
  readonly loadId: string;
  readonly schemaName: string;
  /** 32 random bytes, base64; makes normalizing this package repeatable. */
  readonly idSeed: string;
  /** Microseconds since 1970 UTC, decimal text. */
  readonly createdAt: string;
  readonly chunks: readonly ChunkEntry[];
  /** Root tables that get an empty file (a `replace` resource without rows, a table to be made without rows). */
  readonly emptyTables: readonly string[];
  /** Stored documents of tables that were declared without rows: merged into the schema after the last chunk. */
  readonly tables: readonly JsonValueDocument[];
  /** Stored documents of tables to drop or to truncate when the package is loaded. */
  readonly dropTables: readonly JsonValueDocument[];
  readonly truncateTables: readonly JsonValueDocument[];
  /** Rows were rejected before: tables that are replaced otherwise keep what they have. Default: false. */
  readonly isReplay?: boolean;
  /** Resource by resource: rows, bytes, seconds. */
  readonly resources: Readonly<Record<string, { readonly rowCount: number | null; readonly bytes: number }>>;
}

/** A load file of a normalized package. */
export interface FileEntry {
  readonly table: string;
  /** 10 hex characters, from load id, table and number of the file. */
  readonly fileId: string;
  readonly format: string;
  /** `<table>.<fileId>.<format>`, with `.gz` for a compressed one: the job id. */
  readonly name: string;
  /** `null`: unknown, for a file that is loaded as it is. */
  readonly rowCount: number | null;
  readonly bytes: number;
  /** The file was not written here, or is no file of rows: it is loaded as it is. Default: false. */
  readonly isImported?: boolean;
}

/** `manifest.json` of a normalized package. */
export interface LoadManifest {
  readonly format: 1;
  readonly loadId: string;
  readonly schemaName: string;
  readonly createdAt: string;
  readonly files: readonly FileEntry[];
  /** Stored documents of tables with only what normalizing added. */
  readonly update: readonly JsonValueDocument[];
  readonly dropTables: readonly JsonValueDocument[];
  readonly truncateTables: readonly JsonValueDocument[];
  /** What decided the types of columns that are new or changed. */
  readonly origins?: readonly RecordedOrigin[];
  /** As in `ExtractManifest`. */
  readonly isReplay?: boolean;
  readonly rowCounts: Readonly<Record<string, number>>;
  readonly nullOnly: readonly (readonly [table: string, key: string])[];
}
