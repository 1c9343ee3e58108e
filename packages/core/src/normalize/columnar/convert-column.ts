import { setBits } from "../../columns/bitmap.js";
import {
  BitBuilder,
  type ColumnBuilder,
  Decimal128Builder,
  Float64Builder,
  Int64Builder,
} from "../../columns/column-builder.js";
import { indexedValues } from "../../columns/indexed-values.js";
import { valueReader } from "../../columns/value-reader.js";
import type { Column } from "../../contract/batch.js";
import type { DataType } from "../../contract/schema.js";
import { isDltError } from "../../errors/index.js";
import type { CompleteColumn } from "../../schema/predicates.js";
import type { DataValue } from "../../values/data-value.js";
import { compareDecimals, Decimal, unscaled } from "../../values/decimal.js";
import { Float } from "../../values/float.js";
import { Timestamp } from "../../values/timestamp.js";
import { Wei } from "../../values/wei.js";
import { builderFor, setValue } from "../column-values.js";
import type { NormalizeState } from "../state.js";
import type { Fit } from "./fit-column.js";

/**
 * Converts a column to the data type of the table's column by the rules for single values, as long as nothing is lost: numbers
 * keep their value, times their time of day, and only 0 and 1 become truth values.
 */
export function convertColumn(state: NormalizeState, column: Column, stored: CompleteColumn, rowCount: number): Fit {
  const { dataType: to } = stored;
  const from = column.type.dataType;
  // Documents are text already.
  if (from === "json" && to === "text" && state.converts) return { outcome: "fits", column: retyped(column, "text") };
  const builder = builderFor(stored, state.run);
  const { values, indices } = indexedValues(column, rowCount);
  const set = (state.converts ? fastSetter(values, builder) : null) ?? generalSetter(state, values, builder);
  const failing = { index: -1 };
  const converted = mapValues(column, { rowCount, builder, found: { values, indices } }, (index) => {
    if (failing.index < 0 && !set(index)) failing.index = index;
  });
  if (failing.index < 0) return { outcome: "fits", column: converted };
  const row = indices === null ? failing.index : indices.indexOf(failing.index);
  return { outcome: "misfit", row, wider: null };
}

function retyped(column: Column, dataType: DataType): Column {
  const type = { dataType };
  return column.layout === "dictionary"
    ? { ...column, type, values: retyped(column.values, dataType) }
    : { ...column, type };
}

/**
 * The column with other values: `set` puts the one at an index into the builder. Each value of a dictionary is set once, and those
 * that no row has are not. Without a dictionary the index is the row.
 */
export function mapValues(
  column: Column,
  {
    rowCount,
    builder,
    found = indexedValues(column, rowCount),
  }: { readonly rowCount: number; readonly builder: ColumnBuilder; readonly found?: ReturnType<typeof indexedValues> },
  set: (index: number) => void,
): Column {
  const { indices } = found;
  if (column.layout !== "dictionary") {
    for (let row = 0; row < rowCount; row++) if (indices === null || (indices[row] as number) >= 0) set(row);
    return builder.finish(rowCount);
  }
  const used = indices ?? new Int32Array(0);
  let count = 0;
  for (const index of used) if (index >= count) count = index + 1;
  const isUsed = new Uint8Array(count);
  for (const index of used) if (index >= 0) isUsed[index] = 1;
  for (let index = 0; index < count; index++) if (isUsed[index] === 1) set(index);
  const values = builder.finish(count);
  return { name: column.name, type: values.type, ...presentIndices(used), layout: "dictionary", values };
}

/** Indices with a bitmap instead of -1 for rows without a value. */
function presentIndices(indices: Int32Array): { readonly validity: Uint8Array | null; readonly indices: Int32Array } {
  if (!indices.includes(-1)) return { validity: null, indices };
  const validity = new Uint8Array((indices.length + 7) >> 3);
  for (let row = 0; row < indices.length; row++)
    if ((indices[row] as number) >= 0) setBits(validity, row, row + 1, true);
  return { validity, indices: indices.map((index) => Math.max(index, 0)) };
}

/** Sets the value at an index; false when it would lose something. */
type Setter = (index: number) => boolean;

/** For the conversions that whole tables come with: integers to doubles and back. `null` for others. */
function fastSetter(values: Column, builder: ColumnBuilder): Setter | null {
  if (values.layout !== "fixed") return null;
  const numbers = values.values;
  if (builder instanceof Float64Builder && numbers instanceof BigInt64Array && values.type.dataType === "bigint") {
    const halves = new Int32Array(numbers.buffer, numbers.byteOffset, numbers.length * 2);
    return (index) => {
      const high = halves[index * 2 + 1] as number;
      const number = high * 4_294_967_296 + ((halves[index * 2] as number) >>> 0);
      builder.set(index, number);
      // Within 53 bits every integer is a double.
      return (high >= -0x200000 && high < 0x200000) || BigInt(number) === numbers[index];
    };
  }
  if (builder instanceof Int64Builder && numbers instanceof Float64Array && builder.type.dataType === "bigint") {
    return (index) => {
      const number = numbers[index] as number;
      if (!Number.isInteger(number) || Math.abs(number) >= 2 ** 63) return false;
      if (Number.isSafeInteger(number)) builder.setNumber(index, number);
      else builder.setBigInt(index, BigInt(number));
      return true;
    };
  }
  return null;
}

function generalSetter(state: NormalizeState, values: Column, builder: ColumnBuilder): Setter {
  const read = valueReader(values);
  const from = values.type.dataType;
  const to = builder.type.dataType;
  const place = { table: "", rowNumber: 0 };
  return (index) => {
    const value = read(index);
    const converted = convert(state, value, from, to);
    if (converted === null || !isSame(state, { value, from }, { value: converted, builder })) return false;
    try {
      setValue(builder, index, converted, place);
      return true;
    } catch (error) {
      if (isDltError(error) && error.code === "COLUMN_VALUE_OUT_OF_RANGE") return false;
      throw error;
    }
  };
}

/** `null` for what cannot be converted. A double becomes the decimal that it is written as, not its binary expansion. */
function convert(state: NormalizeState, value: DataValue, from: DataType, to: DataType): DataValue {
  const number = from === "double" && to === "decimal" ? decimalOf(value) : null;
  if (number !== null && state.converts) return number;
  const converted = state.convert(value, from, to);
  return converted.outcome === "value" ? converted.value : null;
}

/** False when a conversion lost something of a value. Text says what it says: it was read or written as a whole. */
function isSame(
  state: NormalizeState,
  given: { readonly value: DataValue; readonly from: DataType },
  converted: { readonly value: DataValue; readonly builder: ColumnBuilder },
): boolean {
  const { value, from } = given;
  const { builder } = converted;
  if (builder.type.dataType === "date") return isMidnight(convert(state, value, from, "timestamp") ?? value);
  if (builder instanceof Decimal128Builder) {
    const decimal = decimalOf(converted.value);
    if (decimal === null || unscaled(decimal, builder.scale) === null) return false;
  }
  const number = decimalOf(value);
  if (number === null) return true;
  if (builder instanceof BitBuilder) return unscaled(number, 0) === 0n || unscaled(number, 0) === 1n;
  const after = converted.value instanceof Timestamp ? secondsOf(converted.value) : decimalOf(converted.value);
  return after === null || compareDecimals(number, after) === 0;
}

const microsPerDay = 86_400_000_000n;

function isMidnight(value: DataValue): boolean {
  return value instanceof Timestamp && value.micros % microsPerDay === 0n;
}

function secondsOf({ micros }: Timestamp): Decimal {
  return new Decimal({
    negative: micros < 0n,
    digits: `${micros < 0n ? -micros : micros}`,
    exponent: -6,
    special: null,
  });
}

/** `null` for what is no number. */
function decimalOf(value: DataValue): Decimal | null {
  if (value instanceof Decimal) return value;
  if (value instanceof Wei) return value.decimal;
  if (value instanceof Float) return new Decimal(String(value.value));
  return typeof value === "number" || typeof value === "bigint" ? new Decimal(String(value)) : null;
}
