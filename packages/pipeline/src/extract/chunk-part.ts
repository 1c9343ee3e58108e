import type { Rejection } from "@dlt/core";
import type { ChunkEntry } from "../package/chunk.js";
import type { JsonValueDocument } from "../package/manifest.js";

/** What rows of a chunk have in common. */
export interface ChunkPlace {
  readonly resource: string;
  readonly table: string;
  readonly numbers: "text" | "objects";
  /** Rows of the resource before these. */
  readonly firstRow: number;
  /** Merged into the schema before the chunk. */
  readonly update: readonly JsonValueDocument[];
  /** Why the rows were rejected. */
  readonly rejected?: Rejection;
}

/** Rows that were gathered and become a chunk. */
export interface ChunkPart {
  readonly place: ChunkPlace;
  readonly framing: ChunkEntry["framing"];
  /** `null` when text was passed through uncounted. */
  readonly rowCount: number | null;
  readonly data: Uint8Array;
}
