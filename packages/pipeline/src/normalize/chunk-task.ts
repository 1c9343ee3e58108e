import type { ChunkResult, ErrorCode, ErrorFamily, FilePart, FileTable, NormalizeRun, SchemaText } from "@dlt/core";
import type { ChunkEntry } from "../package/chunk.js";

/** One chunk to normalize, as data that can be handed to a thread. */
export interface ChunkTask {
  readonly entry: ChunkEntry;
  readonly data: Uint8Array;
  /** The schema to start from; `null` to go on with the one that the last task left. */
  readonly schema: SchemaText | null;
  readonly run: NormalizeRun;
  /** Name of the file format of the chunk's tables. */
  readonly format: string;
  /** No part has more rows. Default: they may have any number. */
  readonly maxFileRows?: number | undefined;
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
