/** Values in their physical type, found by index. Some may mean nothing, such as those of rows without a value. */
export type Values = WordValues | BitValues | ByteValues;

/** Values of 4, 8, 16 or 32 bytes, as words in the order of memory. */
export interface WordValues {
  readonly kind: "words";
  readonly words: Int32Array;
  readonly wordsPerValue: number;
}

export interface BitValues {
  readonly kind: "bits";
  readonly bits: Uint8Array;
}

export interface ByteValues {
  readonly kind: "bytes";
  /** The bytes are UTF-8. */
  readonly isText: boolean;
  readonly offsets: Int32Array;
  readonly data: Uint8Array;
}

/** The values at `indices`, or, where that is `null`, the first `count`. */
export interface ValueList {
  readonly values: Values;
  readonly indices: Int32Array | null;
  readonly count: number;
}
