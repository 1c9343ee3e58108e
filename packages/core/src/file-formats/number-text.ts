import { decimalText, unscaledAt } from "../columns/decimal128.js";
import type { TextBuffer } from "./text-buffer.js";

/** Writes an integer of at most 2^53 in magnitude; -0 as 0. */
export function writeInteger(out: TextBuffer, value: number): void {
  if (value < 0) out.byte(minus);
  const magnitude = Math.abs(value);
  writePadded(out, magnitude, digitCount(magnitude));
}

/** Writes a double: integral ones as `2.0`, others by `text`. */
export function writeDouble(out: TextBuffer, value: number, text: (value: number) => string): void {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
    writeInteger(out, value);
    out.byte(point);
    out.byte(zero);
  } else {
    out.ascii(text(value));
  }
}

/** Writes the decimal at `index`, with every digit of its scale. */
export function writeDecimal(out: TextBuffer, { words, halves, scale }: DecimalValues, index: number): void {
  const high = halves[index * 4 + 1] as number;
  const sign = high >> 31;
  const fitsOneWord = halves[index * 4 + 2] === sign && halves[index * 4 + 3] === sign;
  if (fitsOneWord && isSafeHigh(high) && scale >= 0 && scale <= maxExactScale) {
    writeFixedPoint(out, high * 4294967296 + ((halves[index * 4] as number) >>> 0), scale);
  } else {
    out.ascii(decimalText(unscaledAt(words, index), scale));
  }
}

function writeFixedPoint(out: TextBuffer, unscaled: number, scale: number): void {
  if (unscaled < 0) out.byte(minus);
  const magnitude = Math.abs(unscaled);
  const unit = 10 ** scale;
  const fraction = magnitude % unit;
  writeInteger(out, (magnitude - fraction) / unit);
  if (scale === 0) return;
  out.byte(point);
  writePadded(out, fraction, scale);
}

/** `words` as in a column of layout `decimal128`; `halves` is a view of 32 bits on the same memory. */
export interface DecimalValues {
  readonly words: BigInt64Array;
  readonly halves: Int32Array;
  readonly scale: number;
}

/** A view of 32 bits on 64-bit integers, low half first: reading them makes no `BigInt`. */
export function halvesOf(values: BigInt64Array): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, values.length * 2);
}

/** True when a 64-bit integer with this high half is at most 2^53 in magnitude. */
export function isSafeHigh(high: number): boolean {
  return high >= -0x200000 && high < 0x200000;
}

/** Writes an integer from 0 to 2^53 with exactly `width` digits. */
export function writePadded(out: TextBuffer, value: number, width: number): void {
  out.reserve(width);
  const { bytes } = out;
  let at = out.length + width;
  out.length = at;
  let rest = value;
  const from = at - width;
  // Division of doubles is slower than that of 32-bit integers, and needed for the upper digits only.
  while (rest > 0x7fffffff) {
    const digit = rest % 10;
    bytes[--at] = zero + digit;
    rest = (rest - digit) / 10;
  }
  let small = rest | 0;
  while (at > from) {
    const tenth = (small / 10) | 0;
    bytes[--at] = zero + small - tenth * 10;
    small = tenth;
  }
}

function digitCount(value: number): number {
  let count = 1;
  for (let limit = 10; value >= limit; limit *= 10) count++;
  return count;
}

const minus = 0x2d;
const point = 0x2e;
const zero = 0x30;
/** Powers of ten are exact doubles up to here. */
const maxExactScale = 22;
