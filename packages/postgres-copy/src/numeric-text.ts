import type { ColumnData } from "@dlt/core";
import { signs } from "./numeric-buffer.js";
import type { ColumnFields } from "./read-column.js";
import { invalidStream } from "./stream-head.js";

/** Text of the number in a row, with all digits behind its point: `1.10`, `-0.001`, `NaN`, `Infinity`. */
export function numericText({ view, starts, lengths }: ColumnFields, row: number): string {
  const { at, digits, weight, sign, scale } = headOf(view, starts[row] as number, lengths[row] as number);
  if (sign === signs.nan) return "NaN";
  if (sign === signs.infinity) return "Infinity";
  if (sign === signs.minusInfinity) return "-Infinity";
  let whole = "";
  for (let i = 0; i <= weight; i++) whole += group(view, at, digits, i);
  let fraction = "";
  for (let i = weight + 1; fraction.length < scale; i++) fraction += i < 0 ? "0000" : group(view, at, digits, i);
  const shown = whole.replace(/^0+(?=.)/, "") || "0";
  return `${sign === signs.minus ? "-" : ""}${shown}${scale > 0 ? `.${fraction.slice(0, scale)}` : ""}`;
}

/** Exact decimals of a scale; `null` when one of them is not finite, has more than 38 digits or more behind the point. */
export function readDecimal128({ view, rowCount, starts, lengths }: ColumnFields, scale: number): ColumnData | null {
  const words = new BigInt64Array(rowCount * 2);
  for (let row = 0; row < rowCount; row++) {
    const length = lengths[row] as number;
    if (length < 0) continue;
    const { at, digits, weight, sign } = headOf(view, starts[row] as number, length);
    if (sign !== signs.plus && sign !== signs.minus) return null;
    // Zeros behind the last digit, once all digits are whole.
    const zeros = scale + 4 * (weight - digits + 1);
    const unscaled = smallUnscaled(view, at, digits, zeros) ?? largeUnscaled(view, at, digits, zeros);
    if (unscaled === null) return null;
    const value = sign === signs.minus ? -unscaled : unscaled;
    words[row * 2] = BigInt.asIntN(64, value);
    words[row * 2 + 1] = value >> 64n;
  }
  return { layout: "decimal128", words, scale };
}

interface NumericHead {
  /** Where the digits begin. */
  readonly at: number;
  readonly digits: number;
  readonly weight: number;
  readonly sign: number;
  readonly scale: number;
}

function headOf(view: DataView, start: number, length: number): NumericHead {
  if (length < 8) throw invalidStream("a number is too short");
  const digits = view.getInt16(start);
  if (digits < 0 || length !== 8 + 2 * digits) throw invalidStream("a number has another length than it says");
  return {
    at: start + 8,
    digits,
    weight: view.getInt16(start + 2),
    sign: view.getUint16(start + 4),
    scale: view.getUint16(start + 6),
  };
}

function group(view: DataView, at: number, digits: number, index: number): string {
  return index < digits ? String(view.getInt16(at + 2 * index)).padStart(4, "0") : "0000";
}

/** By arithmetic of doubles, where that is exact. */
function smallUnscaled(view: DataView, at: number, digits: number, zeros: number): bigint | null {
  if (digits === 0) return 0n;
  if (digits > 3 || zeros > 3) return null;
  let value = 0;
  for (let i = 0; i < digits; i++) value = value * 10_000 + view.getInt16(at + 2 * i);
  if (zeros >= 0) return BigInt(value * 10 ** zeros);
  const unit = 10 ** -zeros;
  return value % unit === 0 ? BigInt(value / unit) : null;
}

function largeUnscaled(view: DataView, at: number, digits: number, zeros: number): bigint | null {
  if (digits > 20 || zeros > 38) return null;
  let value = 0n;
  for (let i = 0; i < digits; i++) value = value * 10_000n + BigInt(view.getInt16(at + 2 * i));
  if (zeros >= 0) value *= 10n ** BigInt(zeros);
  else {
    const unit = 10n ** BigInt(-zeros);
    if (value % unit !== 0n) return null;
    value /= unit;
  }
  return value < limit ? value : null;
}

const limit = 10n ** 38n;
