import type { PhysicalType } from "./physical-type.js";
import { parquetTypes } from "./physical-type.js";
import type { ValueList } from "./values.js";

/** Smallest and largest value as PLAIN bytes. */
export interface ValueRange {
  readonly min: Uint8Array;
  readonly max: Uint8Array;
}

/** The range of numbers and times of 32 and 64 bits; `null` for other types, without a value, and where one is NaN. */
export function rangeOf(list: ValueList, type: PhysicalType["type"]): ValueRange | null {
  if (list.values.kind !== "words" || list.count === 0) return null;
  const { words } = list.values;
  switch (type) {
    case parquetTypes.int32:
      return rangeOf32(words, list);
    case parquetTypes.int64:
      return rangeOf64(words, list);
    case parquetTypes.double:
      return rangeOfDoubles(words, list);
    default:
      return null;
  }
}

function rangeOf32(words: Int32Array, { indices, count }: ValueList): ValueRange {
  let min = 0x7fffffff;
  let max = -0x80000000;
  for (let position = 0; position < count; position++) {
    const index = indices === null ? position : (indices[position] as number);
    const value = words[index] as number;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min: bytesOf(Int32Array.of(min)), max: bytesOf(Int32Array.of(max)) };
}

// Compared in halves: a `bigint` for each value would cost far more. Adding 2^31 makes the order of the low halves that of
// signed words.
function rangeOf64(words: Int32Array, { indices, count }: ValueList): ValueRange {
  let minHigh = 0x7fffffff;
  let minLow = 0x7fffffff;
  let maxHigh = -0x80000000;
  let maxLow = -0x80000000;
  for (let position = 0; position < count; position++) {
    const index = indices === null ? position : (indices[position] as number);
    const low = (words[index * 2] as number) ^ -0x80000000;
    const high = words[index * 2 + 1] as number;
    if (high < minHigh || (high === minHigh && low < minLow)) {
      minHigh = high;
      minLow = low;
    }
    if (high > maxHigh || (high === maxHigh && low > maxLow)) {
      maxHigh = high;
      maxLow = low;
    }
  }
  return {
    min: bytesOf(Int32Array.of(minLow ^ -0x80000000, minHigh)),
    max: bytesOf(Int32Array.of(maxLow ^ -0x80000000, maxHigh)),
  };
}

function rangeOfDoubles(words: Int32Array, { indices, count }: ValueList): ValueRange | null {
  const values = new Float64Array(words.buffer, words.byteOffset, words.length / 2);
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let position = 0; position < count; position++) {
    const index = indices === null ? position : (indices[position] as number);
    const value = values[index] as number;
    if (Number.isNaN(value)) return null;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  // The format asks for the signs that hold for either zero.
  return { min: bytesOf(Float64Array.of(min === 0 ? -0 : min)), max: bytesOf(Float64Array.of(max === 0 ? 0 : max)) };
}

function bytesOf(value: Int32Array | Float64Array): Uint8Array {
  return new Uint8Array(value.buffer);
}
