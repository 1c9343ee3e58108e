import { Decimal, isDltError } from "@dlt/core";

/**
 * Numbers in the form of `numeric`, one behind another: count of digits, weight of the first, sign, digits after the point, then
 * digits to the base of 10,000, most significant first, without zeros at either end.
 * https://github.com/postgres/postgres/blob/REL_18_STABLE/src/backend/utils/adt/numeric.c
 */
export class NumericBuffer {
  bytes = new Uint8Array(1 << 12);
  length = 0;
  private view = new DataView(this.bytes.buffer);
  /** Digits of the number at hand, least significant first. */
  private readonly groups = new Int16Array(maxGroups);
  private readonly limbs = new Float64Array(5);

  /** Adds `value` / 10^`scale`, for an integer of at most 2^53 in magnitude. */
  addSafeInteger(value: number, scale: number): void {
    const pad = padding(scale);
    const magnitude = Math.abs(value);
    if (magnitude > maxPadded) {
      this.addLimbs(value < 0, [magnitude % two32, Math.floor(magnitude / two32), 0, 0], scale);
      return;
    }
    let rest = magnitude * (tens[pad] as number);
    let count = 0;
    while (rest > 0) {
      const above = Math.floor(rest / base);
      this.groups[count++] = rest - above * base;
      rest = above;
    }
    this.addGroups(value < 0, count, scale);
  }

  /** The same for an integer of 128 bits: four words of 32, least significant first, in two's complement. */
  addWords(words: Int32Array, at: number, scale: number): void {
    const word0 = words[at] as number;
    const word1 = words[at + 1] as number;
    const word2 = words[at + 2] as number;
    const word3 = words[at + 3] as number;
    const negative = word3 < 0;
    if (word2 === word1 >> 31 && word3 === word1 >> 31 && word1 >= -0x200000 && word1 < 0x200000) {
      this.addSafeInteger(word1 * two32 + (word0 >>> 0), scale);
    } else if (negative) this.addLimbs(true, negated(word0, word1, word2, word3), scale);
    else this.addLimbs(false, [word0 >>> 0, word1 >>> 0, word2 >>> 0, word3 >>> 0], scale);
  }

  /**
   * Adds the number of a text; false when it has more digits than `numeric` holds, or more before its point than `most`, which infinities
   * have as well.
   */
  addText(text: Uint8Array, from: number, to: number, most = Number.POSITIVE_INFINITY): boolean {
    const negative = text[from] === minus;
    const start = negative || text[from] === plus ? from + 1 : from;
    let point = to;
    for (let at = start; at < to; at++) {
      const character = text[at] as number;
      if (character === dot && point === to) point = at;
      else if (character < zero || character > nine) return this.addUnusual(text.subarray(from, to), most);
    }
    const scale = point === to ? 0 : to - point - 1;
    if (point - start > maxBefore || scale > maxScale || to === start)
      return this.addUnusual(text.subarray(from, to), most);
    let first = start;
    while (first < point && text[first] === zero) first++;
    if (point - first > most) return false;
    // From the right: the last group is filled up with zeros, as after the point none is written half.
    let count = 0;
    let group = 0;
    let unit = tens[padding(scale)] as number;
    for (let at = to - 1; at >= start; at--) {
      if (at === point) continue;
      group += ((text[at] as number) - zero) * unit;
      unit *= 10;
      if (unit === base) {
        this.groups[count++] = group;
        group = 0;
        unit = 1;
      }
    }
    if (group > 0) this.groups[count++] = group;
    while (count > 0 && this.groups[count - 1] === 0) count--;
    this.addGroups(negative, count, scale);
    return true;
  }

  /** Exponents, NaN and infinities. */
  private addUnusual(text: Uint8Array, most: number): boolean {
    const decimal = decimalOf(utf8.decode(text));
    if (decimal === null) return false;
    if (decimal.special !== null) {
      if (decimal.special !== "NaN" && most < Number.POSITIVE_INFINITY) return false;
      this.addHead(
        0,
        0,
        decimal.special === "NaN" ? signs.nan : decimal.negative ? signs.minusInfinity : signs.infinity,
        0,
      );
      return true;
    }
    const { digits, exponent } = decimal;
    if (digits.length + exponent > maxBefore || -exponent > maxScale) return false;
    const padded = exponent >= 0 ? digits + "0".repeat(exponent) : digits.padStart(1 - exponent, "0");
    const split = exponent >= 0 ? padded.length : padded.length + exponent;
    const plain = `${decimal.negative ? "-" : ""}${padded.slice(0, split)}${exponent < 0 ? `.${padded.slice(split)}` : ""}`;
    const bytes = new TextEncoder().encode(plain);
    return this.addText(bytes, 0, bytes.length, most);
  }

  private addLimbs(negative: boolean, magnitude: readonly number[], scale: number): void {
    const { limbs } = this;
    const factor = tens[padding(scale)] as number;
    let carry = 0;
    for (let i = 0; i < 4; i++) {
      const product = (magnitude[i] as number) * factor + carry;
      carry = Math.floor(product / two32);
      limbs[i] = product - carry * two32;
    }
    limbs[4] = carry;
    let top = 4;
    let count = 0;
    for (;;) {
      while (top >= 0 && limbs[top] === 0) top--;
      if (top < 0) break;
      let rest = 0;
      for (let i = top; i >= 0; i--) {
        const current = rest * two32 + (limbs[i] as number);
        const quotient = Math.floor(current / base);
        limbs[i] = quotient;
        rest = current - quotient * base;
      }
      this.groups[count++] = rest;
    }
    this.addGroups(negative, count, scale);
  }

  /** Writes the groups at hand, of which the most significant is not zero. */
  private addGroups(negative: boolean, count: number, scale: number): void {
    const { groups } = this;
    let low = 0;
    while (low < count && groups[low] === 0) low++;
    const digits = count - low;
    const weight = digits === 0 ? 0 : count - 1 - Math.ceil(scale / 4);
    this.addHead(digits, weight, negative && digits > 0 ? signs.minus : signs.plus, scale);
    for (let i = count - 1; i >= low; i--) {
      this.view.setInt16(this.length, groups[i] as number);
      this.length += 2;
    }
  }

  /** Leaves room for the digits behind it. */
  private addHead(digits: number, weight: number, sign: number, scale: number): void {
    const needed = this.length + 8 + 2 * digits;
    if (needed > this.bytes.length) {
      const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2));
      grown.set(this.bytes.subarray(0, this.length));
      this.bytes = grown;
      this.view = new DataView(grown.buffer);
    }
    const { view, length } = this;
    view.setInt16(length, digits);
    view.setInt16(length + 2, weight);
    view.setUint16(length + 4, sign);
    view.setUint16(length + 6, Math.max(0, scale));
    this.length = length + 8;
  }
}

export const signs = { plus: 0x0000, minus: 0x4000, nan: 0xc000, infinity: 0xd000, minusInfinity: 0xf000 } as const;

const base = 10_000;
const two32 = 2 ** 32;
const tens: readonly number[] = [1, 10, 100, 1000];
/** What stays exact when it is multiplied by 1,000. */
const maxPadded = Math.floor(Number.MAX_SAFE_INTEGER / 1000);
const maxBefore = 131_072;
const maxScale = 16_383;
const maxGroups = maxBefore / 4 + Math.ceil(maxScale / 4) + 1;
const [plus, minus, dot, zero, nine] = [0x2b, 0x2d, 0x2e, 0x30, 0x39] as const;
const utf8 = new TextDecoder();

/** Zeros that make the digits after the point whole groups. */
function padding(scale: number): number {
  return (4 - (scale % 4)) % 4;
}

/** Magnitude of a negative integer of 128 bits. */
function negated(word0: number, word1: number, word2: number, word3: number): readonly number[] {
  const magnitude: number[] = [];
  let carry = 1;
  for (const word of [word0, word1, word2, word3]) {
    const sum = (~word >>> 0) + carry;
    carry = sum === two32 ? 1 : 0;
    magnitude.push(carry === 1 ? 0 : sum);
  }
  return magnitude;
}

function decimalOf(text: string): Decimal | null {
  try {
    return new Decimal(text);
  } catch (error) {
    if (isDltError(error)) return null;
    throw error;
  }
}
