import { type Column, Decimal } from "@dlt/core";
import type { PhysicalType } from "./physical-type.js";
import type { ValueSource } from "./physical-values.js";
import { valueOutOfRange } from "./refusals.js";

/** Two words per value, low then high, two's complement of value × 10^scale. */
interface Decimals {
  readonly words: BigInt64Array;
  readonly scale: number;
}

/**
 * Decimals as a file stores them: one little-endian word of 64 bits, or 16 or 32 bytes, most significant first.
 * @throws SchemaError `FILE_VALUE_OUT_OF_RANGE` for too many digits before or after the point
 */
export function decimalWords({ words, scale }: Decimals, target: PhysicalType, source: ValueSource): Int32Array {
  if (scale === target.scale && target.valueBytes <= 16) return sameScale(words, target, source);
  return rescaled((index) => decimalAt(words, index), scale, target, source);
}

/** Integers as decimals of the file. */
export function integerDecimalWords(integers: BigInt64Array, target: PhysicalType, source: ValueSource): Int32Array {
  return rescaled((index) => integers[index] as bigint, 0, target, source);
}

/** Decimals that came as text, because some of them have more digits than their type says. They are rounded as SQL does. */
export function textDecimalWords(
  { offsets, data }: Column & { readonly layout: "bytes" },
  target: PhysicalType,
  source: ValueSource,
): Int32Array {
  const at = (index: number): bigint => {
    const rounded = new Decimal(utf8.decode(data.subarray(offsets[index], offsets[index + 1]))).rounded(target.scale);
    if (rounded === null) throw valueOutOfRange(source.place, source.rowOf(index));
    return rounded;
  };
  return rescaled(at, target.scale, target, source);
}

const utf8 = new TextDecoder();

function sameScale(
  words: BigInt64Array,
  { precision, valueBytes }: PhysicalType,
  { indices, count, indexCount, place, rowOf }: ValueSource,
): Int32Array {
  const from = new Int32Array(words.buffer, words.byteOffset, words.length * 2);
  const to = new Int32Array((indexCount * valueBytes) / 4);
  const view = new DataView(to.buffer);
  // What is nearer to the limit than doubles can tell is compared exactly.
  const surelyFits = 10 ** precision * (1 - 1e-12);
  for (let position = 0; position < count; position++) {
    const index = indices === null ? position : (indices[position] as number);
    const word0 = from[index * 4] as number;
    const word1 = from[index * 4 + 1] as number;
    const word2 = from[index * 4 + 2] as number;
    const word3 = from[index * 4 + 3] as number;
    const size = Math.abs(word3 * 2 ** 96 + (word2 >>> 0) * 2 ** 64 + (word1 >>> 0) * 2 ** 32 + (word0 >>> 0));
    if (size >= surelyFits && !fits(decimalAt(words, index), precision)) throw valueOutOfRange(place, rowOf(index));
    if (valueBytes === 8) {
      to[index * 2] = word0;
      to[index * 2 + 1] = word1;
    } else {
      const at = index * 16;
      view.setInt32(at, word3);
      view.setInt32(at + 4, word2);
      view.setInt32(at + 8, word1);
      view.setInt32(at + 12, word0);
    }
  }
  return to;
}

function rescaled(
  at: (index: number) => bigint,
  scale: number,
  target: PhysicalType,
  { indices, count, indexCount, place, rowOf }: ValueSource,
): Int32Array {
  const { precision, valueBytes } = target;
  const to = new Int32Array((indexCount * valueBytes) / 4);
  const view = new DataView(to.buffer);
  const factor = 10n ** BigInt(Math.abs(target.scale - scale));
  for (let position = 0; position < count; position++) {
    const index = indices === null ? position : (indices[position] as number);
    const given = at(index);
    const value = target.scale >= scale ? given * factor : given / factor;
    const exact = target.scale >= scale || value * factor === given;
    if (!exact || !fits(value, precision)) throw valueOutOfRange(place, rowOf(index));
    if (valueBytes === 8) {
      view.setBigInt64(index * 8, value, true);
    } else {
      const end = (index + 1) * valueBytes;
      for (let byte = 8, rest = value; byte <= valueBytes; byte += 8, rest >>= 64n) view.setBigInt64(end - byte, rest);
    }
  }
  return to;
}

function fits(value: bigint, precision: number): boolean {
  const limit = 10n ** BigInt(precision);
  return value < limit && value > -limit;
}

function decimalAt(words: BigInt64Array, index: number): bigint {
  return ((words[index * 2 + 1] as bigint) << 64n) | BigInt.asUintN(64, words[index * 2] as bigint);
}
