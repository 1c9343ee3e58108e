import type { Column, DataType } from "@dlt/core";
import { decimalWords, integerDecimalWords, textDecimalWords } from "./decimals.js";
import type { PhysicalType } from "./physical-type.js";
import { parquetTypes } from "./physical-type.js";
import type { ColumnPlace } from "./refusals.js";
import { typeRefused, valueOutOfRange } from "./refusals.js";
import type { Values, WordValues } from "./values.js";

/** Which values are converted, and how to say where one of them stands. */
export interface ValueSource {
  /** Those at `indices`, or, where that is `null`, the first `count`. */
  readonly indices: Int32Array | null;
  readonly count: number;
  /** One more than the largest index. */
  readonly indexCount: number;
  readonly place: ColumnPlace;
  /** The row that has the value at `index`. */
  readonly rowOf: (index: number) => number;
}

/**
 * Converts values to their physical type. Memory is shared with the batch where nothing has to change. Besides the table's own
 * type the batch may bring bigint for double and decimals, one of decimal and wei for the other, one of text and json for the other.
 * @throws SchemaError `FILE_VALUE_OUT_OF_RANGE`, `FILE_COLUMN_TYPE_MISMATCH`
 */
export function physicalValues(column: Column, target: PhysicalType, source: ValueSource): Values {
  const given = column.type.dataType;
  const wanted = source.place.column.dataType;
  switch (column.layout) {
    case "bits":
      if (given === "bool" && wanted === "bool") return { kind: "bits", bits: column.values };
      break;
    case "bytes":
      if (isText(given) && isText(wanted))
        return { kind: "bytes", isText: true, offsets: column.offsets, data: column.data };
      if (given === "binary" && wanted === "binary") {
        return { kind: "bytes", isText: false, offsets: column.offsets, data: column.data };
      }
      if (given === "bigint") return fromIntegers(integersOfText(column, source), target, source);
      if (isDecimal(given) && isDecimal(wanted)) return words(textDecimalWords(column, target, source), target);
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

/** Integers that came as decimal text, because some of them are beyond 64 bits. */
function integersOfText(
  { offsets, data }: Column & { readonly layout: "bytes" },
  { indices, count, indexCount, place, rowOf }: ValueSource,
): BigInt64Array {
  const integers = new BigInt64Array(indexCount);
  for (let position = 0; position < count; position++) {
    const index = indices === null ? position : (indices[position] as number);
    const integer = BigInt(utf8.decode(data.subarray(offsets[index], offsets[index + 1])));
    if (BigInt.asIntN(64, integer) !== integer) throw valueOutOfRange(place, rowOf(index));
    integers[index] = integer;
  }
  return integers;
}

const utf8 = new TextDecoder();

function narrowed(
  integers: BigInt64Array,
  bits: number,
  { indices, count, indexCount, place, rowOf }: ValueSource,
): Int32Array {
  const halves = new Int32Array(integers.buffer, integers.byteOffset, integers.length * 2);
  const narrow = new Int32Array(indexCount);
  const shift = 32 - bits;
  for (let position = 0; position < count; position++) {
    const index = indices === null ? position : (indices[position] as number);
    const low = halves[index * 2] as number;
    if (halves[index * 2 + 1] !== low >> 31 || (low << shift) >> shift !== low)
      throw valueOutOfRange(place, rowOf(index));
    narrow[index] = low;
  }
  return narrow;
}

function doubles(integers: BigInt64Array, { indices, count, indexCount, place, rowOf }: ValueSource): Float64Array {
  const values = new Float64Array(indexCount);
  for (let position = 0; position < count; position++) {
    const index = indices === null ? position : (indices[position] as number);
    const integer = integers[index] as bigint;
    const value = Number(integer);
    if (BigInt(value) !== integer) throw valueOutOfRange(place, rowOf(index));
    values[index] = value;
  }
  return values;
}
