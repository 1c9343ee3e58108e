import { bitsFrom } from "../columns/copy-bits.js";
import { type ArrowType, arrowType } from "./arrow-type.js";
import type { RawData, RawType } from "./raw-arrow.js";

/** Neighbouring values of a column, whichever package holds them. Every buffer begins with the first row. */
export interface ArrowArray {
  readonly type: ArrowType;
  readonly length: number;
  /** A bit per row, 1 = value present; `null` when no value is missing. */
  readonly validity: Uint8Array | null;
  /** The bytes of the values; of a bool its bits. */
  readonly values: Uint8Array;
  readonly offsets: Int32Array | BigInt64Array;
  readonly sizes: Int32Array | BigInt64Array;
  readonly typeIds: Int8Array;
  /** What views point into. */
  readonly buffers: readonly Uint8Array[];
  readonly children: readonly RawData[];
  readonly dictionary: { readonly data: readonly RawData[] };
}

export function arrowArray(raw: RawData): ArrowArray {
  const { length, offset = 0 } = raw;
  const type = arrowType(raw.type);
  const validity = raw.nullBitmap ?? raw.validity ?? null;
  const values = bytesOf(raw.values);
  return {
    type,
    length,
    validity:
      validity === null || validity.length === 0 || raw.nullCount === 0 ? null : bitsFrom(validity, offset, length),
    values: type.kind === "bool" ? bitsFrom(values, offset, length) : values,
    offsets: raw.valueOffsets ?? raw.offsets ?? noOffsets,
    sizes: raw.sizes ?? noOffsets,
    typeIds: raw.typeIds ?? new Int8Array(0),
    buffers: raw.variadicBuffers ?? raw.data ?? [],
    children: raw.children ?? [],
    dictionary: raw.dictionary ?? { data: [] },
  };
}

const noOffsets = new Int32Array(1);

/** The array of a type without values. */
export function emptyArray(type: RawType): ArrowArray {
  return arrowArray({
    type,
    length: 0,
    nullCount: 0,
    children: (type.children ?? []).map((field) => ({ type: field.type, length: 0, nullCount: 0 })),
  });
}

function bytesOf(values: ArrayBufferView | null | undefined): Uint8Array {
  if (values === null || values === undefined) return new Uint8Array(0);
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** The first `count` values of an array as 32-bit integers: a view where they lie at a multiple of four. */
export function int32Values({ values }: ArrowArray, count: number): Int32Array {
  const { buffer, byteOffset } = values.byteOffset % 4 === 0 ? values : values.slice();
  return new Int32Array(buffer, byteOffset, count);
}

/** The first `count` values of an array as 64-bit integers: a view where they lie at a multiple of eight. */
export function int64Values({ values }: ArrowArray, count: number): BigInt64Array {
  const { buffer, byteOffset } = values.byteOffset % 8 === 0 ? values : values.slice();
  return new BigInt64Array(buffer, byteOffset, count);
}
