import type { Column, DataType } from "@dlt/core";
import { isSet } from "./bits.js";
import { decimalWords, integerDecimalWords } from "./decimals.js";
import type { PhysicalType } from "./physical-type.js";
import { parquetTypes } from "./physical-type.js";
import type { Presence } from "./presence.js";
import type { ColumnPlace } from "./refusals.js";
import { typeRefused, valueOutOfRange } from "./refusals.js";

/** The values of a column as Parquet stores them, with a place for every row; those of rows without a value mean nothing. */
export type Values = WordValues | BitValues | ByteValues;

/** Values of 4, 8, 16 or 32 bytes, as words in the order of memory. */
export interface WordValues {
  readonly kind: "words";
  readonly words: Int32Array;
  readonly wordsPerValue: number;
}

export interface BitValues {
  readonly kind: "bits";
  readonly bits: Uint8Array;
}

export interface ByteValues {
  readonly kind: "bytes";
  readonly offsets: Int32Array;
  readonly data: Uint8Array;
}

/** The values to convert, and how to say where one of them stands. */
export interface ValueSource {
  readonly present: Presence;
  readonly place: ColumnPlace;
  /** The row that has the value at `index`. */
  readonly rowOf: (index: number) => number;
}

/**
 * Converts values to their physical type. Memory is shared with the batch where nothing has to change. Besides the table's own
 * type the batch may bring bigint for double and decimals, one of decimal and wei for the other, one of text and json for the other.
 * @throws SchemaError `FILE_VALUE_OUT_OF_RANGE`, `FILE_COLUMN_TYPE_MISMATCH`
 */
export function toValues(column: Column, target: PhysicalType, source: ValueSource): Values {
  const given = column.type.dataType;
  const wanted = source.place.column.dataType;
  switch (column.layout) {
    case "bits":
      if (given === "bool" && wanted === "bool") return { kind: "bits", bits: column.values };
      break;
    case "bytes":
      if (given === wanted || (isText(given) && isText(wanted))) {
        if (isText(wanted) || wanted === "binary") return { kind: "bytes", offsets: column.offsets, data: column.data };
      }
      break;
    case "decimal128":
      if (isDecimal(given) && isDecimal(wanted)) return words(decimalWords(column, target, source), target);
      break;
    case "fixed":
      if (column.values instanceof BigInt64Array) {
        if (given === "bigint") return fromIntegers(column.values, target, source);
        if (given === wanted && (given === "timestamp" || given === "time")) return words(column.values, target);
      } else if (given === wanted && given === (column.values instanceof Float64Array ? "double" : "date")) {
        return words(column.values, target);
      }
      break;
    case "dictionary":
      break;
  }
  throw typeRefused(source.place, column.type);
}

const isText = (type: DataType): boolean => type === "text" || type === "json";
const isDecimal = (type: DataType): boolean => type === "decimal" || type === "wei";

function words(values: Int32Array | BigInt64Array | Float64Array, target: PhysicalType): WordValues {
  const view =
    values instanceof Int32Array ? values : new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  return { kind: "words", words: view, wordsPerValue: target.valueBytes / 4 };
}

function fromIntegers(integers: BigInt64Array, target: PhysicalType, source: ValueSource): Values {
  const wanted = source.place.column.dataType;
  if (isDecimal(wanted)) return words(integerDecimalWords(integers, target, source), target);
  if (wanted === "double") return words(doubles(integers, source), target);
  if (wanted !== "bigint") throw typeRefused(source.place, { dataType: "bigint" });
  return words(target.type === parquetTypes.int64 ? integers : narrowed(integers, target.precision, source), target);
}

function narrowed(integers: BigInt64Array, bits: number, { present, place, rowOf }: ValueSource): Int32Array {
  const halves = new Int32Array(integers.buffer, integers.byteOffset, integers.length * 2);
  const narrow = new Int32Array(present.rowCount);
  const shift = 32 - bits;
  for (let position = 0; position < present.count; position++) {
    const index = present.rows === null ? position : (present.rows[position] as number);
    const low = halves[index * 2] as number;
    if (halves[index * 2 + 1] !== low >> 31 || (low << shift) >> shift !== low)
      throw valueOutOfRange(place, rowOf(index));
    narrow[index] = low;
  }
  return narrow;
}

function doubles(integers: BigInt64Array, { present, place, rowOf }: ValueSource): Float64Array {
  const values = new Float64Array(present.rowCount);
  for (let position = 0; position < present.count; position++) {
    const index = present.rows === null ? position : (present.rows[position] as number);
    const integer = integers[index] as bigint;
    const value = Number(integer);
    if (BigInt(value) !== integer) throw valueOutOfRange(place, rowOf(index));
    values[index] = value;
  }
  return values;
}

/** Values picked by index, in order. Index -1 stands for a row without a value. */
export function gather(values: Values, indices: Int32Array): Values {
  switch (values.kind) {
    case "words":
      return gatherWords(values, indices);
    case "bits":
      return gatherBits(values, indices);
    case "bytes":
      return gatherBytes(values, indices);
  }
}

function gatherWords({ words: from, wordsPerValue }: WordValues, indices: Int32Array): WordValues {
  const picked = new Int32Array(indices.length * wordsPerValue);
  let position = 0;
  for (const index of indices) {
    if (index >= 0) {
      for (let word = 0; word < wordsPerValue; word++)
        picked[position + word] = from[index * wordsPerValue + word] as number;
    }
    position += wordsPerValue;
  }
  return { kind: "words", words: picked, wordsPerValue };
}

function gatherBits({ bits }: BitValues, indices: Int32Array): BitValues {
  const picked = new Uint8Array((indices.length + 7) >> 3);
  for (let row = 0; row < indices.length; row++) {
    const index = indices[row] as number;
    if (index >= 0 && isSet(bits, index)) picked[row >> 3] = (picked[row >> 3] as number) | (1 << (row & 7));
  }
  return { kind: "bits", bits: picked };
}

function gatherBytes({ offsets, data }: ByteValues, indices: Int32Array): ByteValues {
  const starts = new Int32Array(indices.length + 1);
  let length = 0;
  for (let row = 0; row < indices.length; row++) {
    const index = indices[row] as number;
    if (index >= 0) length += (offsets[index + 1] as number) - (offsets[index] as number);
    starts[row + 1] = length;
  }
  const picked = new Uint8Array(length);
  for (let row = 0; row < indices.length; row++) {
    const index = indices[row] as number;
    if (index >= 0) picked.set(data.subarray(offsets[index], offsets[index + 1]), starts[row]);
  }
  return { kind: "bytes", offsets: starts, data: picked };
}
