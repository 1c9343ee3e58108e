/** Values of a column as they are written, found by index. */
export type WireColumn = NoValues | BitValues | FixedValues | ByteValues;

interface Indexed {
  /** For each row the index of its value, -1 for none. `null` when every row has a value and its index is the row. */
  readonly indices: Int32Array | null;
}

interface NoValues {
  readonly kind: "none";
}

/** Booleans: a bit each, one byte when written. */
export interface BitValues extends Indexed {
  readonly kind: "bits";
  readonly bits: Uint8Array;
}

/** Numbers in halves of 32 bits, low first: value `i` begins at `words[i × stride]`. Of 2 bytes only the low ones are written. */
export interface FixedValues extends Indexed {
  readonly kind: "fixed";
  readonly words: Int32Array;
  readonly stride: 1 | 2;
  readonly bytes: 2 | 4 | 8;
}

/** Value `i` is `data[offsets[i] … offsets[i + 1]]`. */
export interface ByteValues extends Indexed {
  readonly kind: "bytes";
  readonly offsets: Int32Array;
  readonly data: Uint8Array;
  /** A byte that is written before each value. */
  readonly prefix: number | null;
}
