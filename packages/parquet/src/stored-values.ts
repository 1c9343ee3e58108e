import type { Column } from "@dlt/core";
import { SchemaError } from "@dlt/core";
import type { StoredColumn } from "./stored-column.js";

/** Values as they are stored: numbers, `bigint`, booleans or bytes; missing ones are `null` or `undefined`. */
export type StoredValues = ArrayLike<unknown>;

/** Rows of a file, from 0; `rowEnd` is not one of them. */
export interface RowRange {
  readonly rowStart: number;
  readonly rowEnd: number;
}

/** The column that stored values make. @throws SchemaError `FILE_VALUE_NOT_READ` for a value that would be rounded */
export function columnOfValues(column: StoredColumn, values: StoredValues, range: RowRange): Column {
  const { name, type, form } = column;
  const rowCount = range.rowEnd - range.rowStart;
  const base = { name, type, validity: validityOf(values, rowCount) };
  switch (form.kind) {
    case "bool": {
      const bits = new Uint8Array((rowCount + 7) >> 3);
      for (let row = 0; row < rowCount; row++) if (values[row] === true) setBit(bits, row);
      return { ...base, layout: "bits", values: bits };
    }
    case "double":
    case "float": {
      if (values instanceof Float64Array) return { ...base, layout: "fixed", values };
      return {
        ...base,
        layout: "fixed",
        values: Float64Array.from(values as ArrayLike<number>, (value) => value ?? 0),
      };
    }
    case "float16":
      return {
        ...base,
        layout: "fixed",
        values: Float64Array.from(values, (value) => (value == null ? 0 : half(value))),
      };
    case "days": {
      if (values instanceof Int32Array) return { ...base, layout: "fixed", values };
      return { ...base, layout: "fixed", values: Int32Array.from(values as ArrayLike<number>, (value) => value ?? 0) };
    }
    case "integer":
      return { ...base, layout: "fixed", values: integers(column, values, range) };
    case "decimal":
      return form.isWide
        ? {
            ...base,
            layout: "bytes",
            ...joined(values, rowCount, (value) => utf8.encode(decimalText(unscaled(value), form.scale))),
          }
        : { ...base, layout: "decimal128", words: decimalWords(values, rowCount), scale: form.scale };
    case "bytes":
      return { ...base, layout: "bytes", ...joined(values, rowCount, (value) => value as Uint8Array) };
    case "uuid":
      return {
        ...base,
        layout: "bytes",
        ...joined(values, rowCount, (value) => utf8.encode(uuidText(value as Uint8Array))),
      };
  }
}

const utf8 = new TextEncoder();

/** `null` when no value is missing. */
function validityOf(values: StoredValues, rowCount: number): Uint8Array | null {
  if (ArrayBuffer.isView(values)) return null;
  const bits = new Uint8Array((rowCount + 7) >> 3);
  let present = 0;
  for (let row = 0; row < rowCount; row++) {
    if (values[row] == null) continue;
    setBit(bits, row);
    present++;
  }
  return present === rowCount ? null : bits;
}

function setBit(bits: Uint8Array, row: number): void {
  bits[row >> 3] = (bits[row >> 3] as number) | (1 << (row & 7));
}

function integers(column: StoredColumn, values: StoredValues, { rowStart, rowEnd }: RowRange): BigInt64Array {
  const { name, form } = column;
  if (form.kind !== "integer") throw new TypeError("Integers were expected.");
  const { isSigned, bits, factor, divisor } = form;
  if (values instanceof BigInt64Array && isSigned && factor === divisor) return values;
  const result = new BigInt64Array(rowEnd - rowStart);
  for (let row = 0; row < result.length; row++) {
    const value = values[row] as number | bigint | null | undefined;
    if (value == null) continue;
    const stored = isSigned ? BigInt(value) : BigInt.asUintN(bits, BigInt(value));
    const scaled = (stored * factor) / divisor;
    if (scaled * divisor !== stored * factor || BigInt.asIntN(64, scaled) !== scaled)
      throw notRead(name, rowStart + row);
    result[row] = scaled;
  }
  return result;
}

function decimalWords(values: StoredValues, rowCount: number): BigInt64Array {
  const words = new BigInt64Array(rowCount * 2);
  for (let row = 0; row < rowCount; row++) {
    const value = values[row];
    if (value == null) continue;
    const whole = unscaled(value);
    words[row * 2] = BigInt.asIntN(64, whole);
    words[row * 2 + 1] = whole >> 64n;
  }
  return words;
}

/** Value × 10^scale: an integer, or its bytes, most significant first, two's complement. */
function unscaled(value: unknown): bigint {
  if (!(value instanceof Uint8Array)) return BigInt(value as number | bigint);
  let whole = 0n;
  for (const byte of value) whole = (whole << 8n) | BigInt(byte);
  return BigInt.asIntN(value.length * 8, whole);
}

function decimalText(whole: bigint, scale: number): string {
  if (scale <= 0) return `${whole * 10n ** BigInt(-scale)}`;
  const digits = `${whole < 0n ? -whole : whole}`.padStart(scale + 1, "0");
  return `${whole < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function joined(
  values: StoredValues,
  rowCount: number,
  bytesOf: (value: unknown) => Uint8Array,
): { readonly offsets: Int32Array; readonly data: Uint8Array } {
  const offsets = new Int32Array(rowCount + 1);
  const parts: (Uint8Array | null)[] = new Array(rowCount);
  let length = 0;
  for (let row = 0; row < rowCount; row++) {
    const value = values[row];
    const bytes = value == null ? null : bytesOf(value);
    parts[row] = bytes;
    length += bytes?.length ?? 0;
    offsets[row + 1] = length;
  }
  const data = new Uint8Array(length);
  for (let row = 0; row < rowCount; row++) {
    const bytes = parts[row];
    if (bytes != null) data.set(bytes, offsets[row]);
  }
  return { offsets, data };
}

function uuidText(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** A number of 16 bits, little-endian. */
function half(value: unknown): number {
  const [low = 0, high = 0] = value as Uint8Array;
  const exponent = (high >> 2) & 0x1f;
  const fraction = ((high & 3) << 8) | low;
  const sign = high >> 7 === 0 ? 1 : -1;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function notRead(column: string, row: number): SchemaError {
  return new SchemaError(
    "FILE_VALUE_NOT_READ",
    `Row ${row} (counted from 0) of a Parquet file has a value in column \`${column}\` that cannot be read without rounding it, or is beyond 64 bits.`,
    {
      hint: "Write the file with microseconds instead of nanoseconds, and integers of at most 63 bits.",
      context: { column, row },
    },
  );
}
