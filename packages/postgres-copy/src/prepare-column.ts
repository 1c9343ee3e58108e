import { type Column, type DataType, type FileColumn, indexedValues } from "@dlt/core";
import { copyType, jsonbVersion, valueBytes } from "./copy-type.js";
import {
  dateLimits,
  epochDays,
  epochMicros,
  infiniteDate,
  isInfiniteTimestamp,
  maxTime,
  timestampLimits,
} from "./epoch.js";
import { numericOfIntegers, numericOfText, type RowIndices } from "./numeric-values.js";
import { typeRefused, valueOutOfRange, zeroRefused } from "./refusals.js";
import type { ByteValues, FixedValues, WireColumn } from "./wire-column.js";
import { rowWithZero } from "./zero-characters.js";

/**
 * The values of a column as they are written. Memory is shared with the batch where nothing has to change. Besides the table's own
 * type the batch may bring bigint for double and decimals, one of decimal and wei for the other, and json for text.
 * @throws SchemaError `FILE_VALUE_OUT_OF_RANGE`, `FILE_COLUMN_TYPE_MISMATCH`, `FILE_TEXT_HAS_ZERO`
 */
export function prepareColumn(
  column: Column | undefined,
  {
    table,
    column: wantedColumn,
    rowCount,
  }: { readonly table: string; readonly column: FileColumn; readonly rowCount: number },
): WireColumn {
  if (column === undefined) return { kind: "none" };
  const { values, indices } = indexedValues(column, rowCount);
  const rows = { rowCount, indices, place: { table, column: wantedColumn } };
  const prepared = prepareValues(values, rows);
  if (prepared === null) throw typeRefused(rows.place, values.type);
  return prepared;
}

type Plain = Exclude<Column, { readonly layout: "dictionary" }>;

/** `null` for values that are not what the column takes. */
function prepareValues(values: Plain, rows: RowIndices): WireColumn | null {
  const given = values.type.dataType;
  const wanted = rows.place.column.dataType;
  switch (values.layout) {
    case "bits":
      return given === "bool" && wanted === "bool"
        ? { kind: "bits", bits: values.values, indices: rows.indices }
        : null;
    case "bytes":
      return prepareBytes(values, rows);
    case "decimal128": {
      if (!isDecimal(given) || !isDecimal(wanted)) return null;
      return numericOfIntegers({ words: halvesOf(values.words), wordsPerValue: 4, scale: values.scale }, rows);
    }
    case "fixed":
      if (values.values instanceof BigInt64Array) return prepareIntegers(values.values, given, rows);
      if (values.values instanceof Int32Array)
        return given === "date" && wanted === "date" ? dates(values.values, rows) : null;
      return given === "double" && wanted === "double" ? eightBytes(values.values, rows.indices) : null;
  }
}

function prepareBytes(values: Plain & { readonly layout: "bytes" }, rows: RowIndices): WireColumn | null {
  const given = values.type.dataType;
  const wanted = rows.place.column.dataType;
  if (isDecimal(wanted) && (isDecimal(given) || given === "bigint")) return numericOfText(values, rows);
  if (given === "bigint") return wanted === "bigint" ? narrowed(integersOfText(values, rows), rows) : null;
  const { offsets, data } = values;
  const bytes: ByteValues = { kind: "bytes", offsets, data, indices: rows.indices, prefix: null };
  if (given === "binary") return wanted === "binary" ? bytes : null;
  const isText = given === "text" || given === "json";
  if (!isText || (wanted !== given && wanted !== "text")) return null;
  const isJson = wanted === "json";
  const row = rowWithZero(bytes, { rowCount: rows.rowCount, isJson });
  if (row >= 0) throw zeroRefused(rows.place, row);
  const { precision } = rows.place.column;
  if (wanted === "text" && precision !== undefined) checkLengths(bytes, rows, precision);
  return isJson ? { ...bytes, prefix: jsonbVersion } : bytes;
}

/** Text of a column with a length is counted in characters. */
function checkLengths({ offsets, data }: ByteValues, { rowCount, indices, place }: RowIndices, most: number): void {
  for (let row = 0; row < rowCount; row++) {
    const index = indices === null ? row : (indices[row] as number);
    if (index < 0) continue;
    const end = offsets[index + 1] as number;
    let characters = 0;
    for (let at = offsets[index] as number; at < end; at++) if (((data[at] as number) & 0xc0) !== 0x80) characters++;
    if (characters > most) throw valueOutOfRange(place, row);
  }
}

function prepareIntegers(integers: BigInt64Array, given: DataType, rows: RowIndices): WireColumn | null {
  const wanted = rows.place.column.dataType;
  if (given === "bigint") {
    if (wanted === "bigint") return narrowed(integers, rows);
    if (wanted === "double") return eightBytes(doubles(integers, rows), rows.indices);
    return isDecimal(wanted)
      ? numericOfIntegers({ words: halvesOf(integers), wordsPerValue: 2, scale: 0 }, rows)
      : null;
  }
  if (given !== wanted) return null;
  if (given === "timestamp") return timestamps(halvesOf(integers), rows);
  return given === "time" ? times(integers, rows) : null;
}

const isDecimal = (type: DataType): boolean => type === "decimal" || type === "wei";

/** A view of 32 bits on values of 64, low half first: reading them makes no `BigInt`. */
function halvesOf(values: BigInt64Array | Float64Array): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, values.length * 2);
}

function eightBytes(values: BigInt64Array | Float64Array, indices: Int32Array | null): FixedValues {
  return { kind: "fixed", words: halvesOf(values), stride: 2, bytes: 8, indices };
}

/** Integers in as many bytes as the column has. */
function narrowed(integers: BigInt64Array, { rowCount, indices, place }: RowIndices): FixedValues {
  const bytes = valueBytes[copyType(place.column)] as 2 | 4 | 8;
  const words = halvesOf(integers);
  if (bytes < 8) {
    const shift = 32 - bytes * 8;
    for (let row = 0; row < rowCount; row++) {
      const index = indices === null ? row : (indices[row] as number);
      if (index < 0) continue;
      const low = words[index * 2] as number;
      if (words[index * 2 + 1] !== low >> 31 || (low << shift) >> shift !== low) throw valueOutOfRange(place, row);
    }
  }
  return { kind: "fixed", words, stride: 2, bytes, indices };
}

/** Integers that came as decimal text, because some of them are beyond 64 bits. */
function integersOfText(
  { offsets, data }: Plain & { readonly layout: "bytes" },
  { rowCount, indices, place }: RowIndices,
): BigInt64Array {
  const integers = new BigInt64Array(offsets.length);
  for (let row = 0; row < rowCount; row++) {
    const index = indices === null ? row : (indices[row] as number);
    if (index < 0) continue;
    const integer = BigInt(utf8.decode(data.subarray(offsets[index], offsets[index + 1])));
    if (BigInt.asIntN(64, integer) !== integer) throw valueOutOfRange(place, row);
    integers[index] = integer;
  }
  return integers;
}

const utf8 = new TextDecoder();

function doubles(integers: BigInt64Array, { rowCount, indices, place }: RowIndices): Float64Array {
  const values = new Float64Array(integers.length);
  for (let row = 0; row < rowCount; row++) {
    const index = indices === null ? row : (indices[row] as number);
    if (index < 0) continue;
    const integer = integers[index] as bigint;
    const value = Number(integer);
    if (BigInt(value) !== integer) throw valueOutOfRange(place, row);
    values[index] = value;
  }
  return values;
}

function dates(days: Int32Array, { rowCount, indices, place }: RowIndices): FixedValues {
  const words = new Int32Array(days.length);
  for (let row = 0; row < rowCount; row++) {
    const index = indices === null ? row : (indices[row] as number);
    if (index < 0) continue;
    const day = days[index] as number;
    if (day === infiniteDate.after || day === infiniteDate.before) words[index] = day;
    else {
      const shifted = day - epochDays;
      if (shifted < dateLimits.first || shifted >= dateLimits.end) throw valueOutOfRange(place, row);
      words[index] = shifted;
    }
  }
  return { kind: "fixed", words, stride: 1, bytes: 4, indices };
}

function timestamps(micros: Int32Array, { rowCount, indices, place }: RowIndices): FixedValues {
  const words = new Int32Array(micros.length);
  for (let row = 0; row < rowCount; row++) {
    const index = indices === null ? row : (indices[row] as number);
    if (index < 0) continue;
    const low = micros[index * 2] as number;
    const high = micros[index * 2 + 1] as number;
    if (isInfiniteTimestamp(low, high)) {
      words[index * 2] = low;
      words[index * 2 + 1] = high;
      continue;
    }
    const lowDifference = (low >>> 0) - epochMicros.low;
    const highDifference = high - epochMicros.high - (lowDifference < 0 ? 1 : 0);
    const total = highDifference * 2 ** 32 + (lowDifference >>> 0);
    if (total < timestampLimits.first || total >= timestampLimits.end) throw valueOutOfRange(place, row);
    words[index * 2] = lowDifference;
    words[index * 2 + 1] = highDifference;
  }
  return { kind: "fixed", words, stride: 2, bytes: 8, indices };
}

function times(micros: BigInt64Array, { rowCount, indices, place }: RowIndices): FixedValues {
  const words = halvesOf(micros);
  for (let row = 0; row < rowCount; row++) {
    const index = indices === null ? row : (indices[row] as number);
    if (index < 0) continue;
    const time = (words[index * 2 + 1] as number) * 2 ** 32 + ((words[index * 2] as number) >>> 0);
    if (time < 0 || time > maxTime) throw valueOutOfRange(place, row);
  }
  return { kind: "fixed", words, stride: 2, bytes: 8, indices };
}
