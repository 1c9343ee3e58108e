import type { ValueRange } from "./statistics.js";

/** The pages of one column in a part. Offsets count from the start of the part. */
export interface ChunkLayout {
  /** Ids of the Parquet format. */
  readonly type: number;
  readonly codec: number;
  /** Where its pages begin: with the dictionary page if it has one. */
  readonly offset: number;
  /** 0 without a dictionary page. */
  readonly dictionaryBytes: number;
  /** All pages with their headers, as stored. */
  readonly storedBytes: number;
  /** The same before compression. */
  readonly uncompressedBytes: number;
  readonly nullCount: number;
  /** Smallest and largest value as PLAIN bytes; `null` where they are not kept or there is no value. */
  readonly range: ValueRange | null;
}

/** What `FilePart.layout` of this format is: a row group with a chunk for each column of the table. */
export interface PartLayout {
  readonly format: "parquet";
  readonly chunks: readonly ChunkLayout[];
}

/** True for the layout of a part that was encoded for these physical types. */
export function isPartLayout(value: unknown, types: readonly number[]): value is PartLayout {
  if (typeof value !== "object" || value === null) return false;
  const { format, chunks } = value as Partial<PartLayout>;
  return (
    format === "parquet" &&
    chunks?.length === types.length &&
    chunks.every((chunk, index) => chunk.type === types[index])
  );
}
