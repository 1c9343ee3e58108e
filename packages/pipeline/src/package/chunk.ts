import type { Rejection, ReplayedRows } from "@dlt/core";
import type { JsonValueDocument } from "./manifest.js";

/** A raw chunk as listed in the manifest of an extracted package: rows of one resource for one root table. */
export interface ChunkEntry {
  /** Position in the package, from 0. */
  readonly index: number;
  readonly resource: string;
  /** Normalized name of the root table. */
  readonly table: string;
  /** File name in the folder `chunks` of the package, e.g. `000012.jsonl`. Small chunks that follow each other share one. */
  readonly file: string;
  /** Byte at which the chunk starts in a file that it shares; otherwise the file is the chunk. */
  readonly start?: number;
  /** `columns`: the file holds one encoded column batch; `file`: it is loaded as it is; otherwise JSON text. */
  readonly framing: "lines" | "array" | "columns" | "file";
  /** What is known of a file that is loaded as it is. */
  readonly loadFile?: { readonly format: string; readonly isCompressed: boolean };
  /** `objects`: integral numbers came from JavaScript numbers, so a later fraction may still make a new column double. */
  readonly numbers: "text" | "objects";
  /** Rows before this chunk in its resource. */
  readonly firstRow: number;
  /** Known when rows came as objects; `null` for text that was passed through, and for files when nobody told it. */
  readonly rowCount: number | null;
  readonly bytes: number;
  /** Stored documents of partial tables (hints) that are merged into the schema before this chunk, in order. */
  readonly update: readonly JsonValueDocument[];
  /** Its rows were rejected while they were extracted, and go to `_dlt_rejects`. */
  readonly rejected?: Rejection;
  /** Its rows come from `_dlt_rejects` and are loaded again. */
  readonly replay?: ReplayedRows;
}

/**
 * A chunk on its way to the normalizer. The receiver owns `data`; the file holds the same bytes. Of a file that is loaded as it is nothing
 * is read, and `data` is empty.
 */
export interface Chunk {
  readonly entry: ChunkEntry;
  readonly data: Uint8Array;
}

/** Names a chunk in what is told of packages, e.g. `orders.000012.jsonl`. */
export function chunkJobId({ table, index, file }: ChunkEntry): string {
  const [, ...extension] = file.split(".");
  return [table, String(index).padStart(6, "0"), ...extension].join(".");
}
