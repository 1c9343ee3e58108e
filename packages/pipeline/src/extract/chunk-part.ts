import type { Rejection } from "@dlt/core";
import type { ChunkEntry } from "../package/chunk.js";
import type { FoundFile } from "../package/imported-file.js";
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

/** Rows that were gathered, or a file, and become a chunk. */
export type ChunkPart = DescribedPart & { readonly content: ChunkContent };

export interface DescribedPart extends Pick<ChunkEntry, "framing" | "loadFile"> {
  readonly place: ChunkPlace;
  /** `null` when text was passed through uncounted. */
  readonly rowCount: number | null;
}

/** What is written into the file of a chunk, or the file that it is. */
export type ChunkContent = Uint8Array | FoundFile;
