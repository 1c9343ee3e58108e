import { isSet } from "../columns/bitmap.js";
import { type ArrowArray, int32Values, int64Values } from "./arrow-array.js";

/** Integers of any width and sign as signed ones of 64 bits. The same memory where they are that already. */
export function integers(
  array: ArrowArray,
  { bits, signed }: { readonly bits: number; readonly signed: boolean },
): BigInt64Array {
  const { length } = array;
  if (bits === 64) return int64Values(array, length);
  const narrow = smallIntegers(array, { bits, signed });
  const halves = new Int32Array(length * 2);
  for (let row = 0; row < length; row++) {
    const value = narrow[row] as number;
    halves[row * 2] = value;
    // The sign fills the high half; an unsigned value has none.
    halves[row * 2 + 1] = signed ? value >> 31 : 0;
  }
  return new BigInt64Array(halves.buffer);
}

/** True when unsigned integers of 64 bits have no sign to spare. */
export function exceedInt64(array: ArrowArray): boolean {
  const { length, validity } = array;
  const values = int64Values(array, length);
  const halves = new Int32Array(values.buffer, values.byteOffset, length * 2);
  for (let row = 0; row < length; row++) if ((halves[row * 2 + 1] as number) < 0 && isSet(validity, row)) return true;
  return false;
}

/** Integers of at most 32 bits in their own width. */
export function smallIntegers(
  array: ArrowArray,
  { bits, signed }: { readonly bits: number; readonly signed: boolean },
): Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array {
  const { values, length } = array;
  if (bits === 32) {
    const words = int32Values(array, length);
    return signed ? words : new Uint32Array(words.buffer, words.byteOffset, length);
  }
  if (bits === 8) {
    return signed ? new Int8Array(values.buffer, values.byteOffset, length) : values.subarray(0, length);
  }
  const { buffer, byteOffset } = values.byteOffset % 2 === 0 ? values : values.slice();
  return signed ? new Int16Array(buffer, byteOffset, length) : new Uint16Array(buffer, byteOffset, length);
}

/** Floats of any width as doubles. */
export function doubles(array: ArrowArray, bits: 16 | 32 | 64): Float64Array {
  const { length, values } = array;
  if (bits === 64) {
    const words = int64Values(array, length);
    return new Float64Array(words.buffer, words.byteOffset, length);
  }
  if (bits === 32) {
    const words = int32Values(array, length);
    return Float64Array.from(new Float32Array(words.buffer, words.byteOffset, length));
  }
  const doubles = new Float64Array(length);
  for (let row = 0; row < length; row++)
    doubles[row] = halfFloat((values[row * 2] as number) | ((values[row * 2 + 1] as number) << 8));
  return doubles;
}

/** The number that 16 bits stand for: IEEE 754, binary16. */
function halfFloat(bits: number): number {
  const sign = (bits & 0x8000) === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Decimals as words of 128 bits; `null` when some need more. The same memory where they have 128 bits. */
export function decimalWords(array: ArrowArray, bits: number): BigInt64Array | null {
  const { length, validity } = array;
  if (bits === 128) return int64Values(array, length * 2);
  const words = new BigInt64Array(length * 2);
  if (bits === 256) {
    const given = int64Values(array, length * 4);
    for (let row = 0; row < length; row++) {
      if (!isSet(validity, row)) continue;
      const high = given[row * 4 + 1] as bigint;
      const sign = high >> 63n;
      if (given[row * 4 + 2] !== sign || given[row * 4 + 3] !== sign) return null;
      words[row * 2] = given[row * 4] as bigint;
      words[row * 2 + 1] = high;
    }
    return words;
  }
  const narrow = bits === 64 ? int64Values(array, length) : int32Values(array, length);
  for (let row = 0; row < length; row++) {
    const value = BigInt(narrow[row] as number | bigint);
    words[row * 2] = value;
    words[row * 2 + 1] = value >> 63n;
  }
  return words;
}

/** A decimal of 256 bits, unscaled. */
export function wideDecimalAt(words: BigInt64Array, row: number): bigint {
  let value = words[row * 4 + 3] as bigint;
  for (let word = 2; word >= 0; word--) value = (value << 64n) | BigInt.asUintN(64, words[row * 4 + word] as bigint);
  return value;
}
