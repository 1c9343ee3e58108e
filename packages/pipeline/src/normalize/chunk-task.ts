import type { ChunkResult, ErrorCode, ErrorFamily, FilePart, FileTable, NormalizeRun, SchemaText } from "@dlt/core";
import type { ChunkEntry } from "../package/chunk.js";

/** One chunk to normalize, as data that can be handed to a thread. */
export interface ChunkTask {
  readonly entry: ChunkEntry;
  readonly data: Uint8Array;
  /** The schema to start from; `null` to go on with the one that the last task left. */
  readonly schema: SchemaText | null;
  readonly run: NormalizeRun;
  /** That of the chunk's tables, for a thread; `null` on the main one. */
  readonly format: ThreadFormat | null;
  /** No part has more rows. Default: they may have any number. */
  readonly maxFileRows?: number | undefined;
}

/** A file format, as a thread finds it. */
export interface ThreadFormat {
  readonly name: string;
  /** Of the module that exports it; `null` for one that is built in. */
  readonly file: string | null;
}

/** Rows of one table, encoded for its load file. */
export interface TablePart {
  readonly table: FileTable;
  readonly part: FilePart;
}

/** What normalizing and encoding a chunk gave. */
export interface ChunkOutcome
  extends Pick<
    ChunkResult,
    "touched" | "nullOnly" | "integers" | "becameDouble" | "widenable" | "origins" | "rowCounts"
  > {
  /** In the order of the tables: parents first. */
  readonly parts: readonly TablePart[];
  /** What the data added to the schema, in order: stored documents of partial tables as JSON text. Empty for most chunks. */
  readonly update: readonly string[];
}

/** An error on its way from a thread, where classes are lost. */
export interface ErrorData {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly dlt: {
    readonly family: ErrorFamily;
    readonly code: ErrorCode;
    readonly hint: string | undefined;
    readonly context: Readonly<Record<string, string | number | boolean | null>>;
  } | null;
}

/** What a thread answers. */
export type ChunkAnswer = { readonly outcome: ChunkOutcome } | { readonly error: ErrorData };
