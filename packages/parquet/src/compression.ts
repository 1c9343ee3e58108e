/** How pages are compressed. */
export type Compression = "none";

/** A compression of pages, with its id in the Parquet format. */
export interface Codec {
  readonly id: number;
  /** `null`: bytes stay as they are. */
  readonly compress: ((bytes: Uint8Array) => Uint8Array) | null;
}

export function codecOf(compression: Compression): Codec {
  switch (compression) {
    case "none":
      return { id: 0, compress: null };
  }
}
