import { isSet } from "../columns/bitmap.js";
import { BytesBuilder, Decimal128Builder } from "../columns/column-builder.js";
import { decimalText, unscaledAt } from "../columns/decimal128.js";
import { joinColumns } from "../columns/join-batches.js";
import type { Column, ColumnType } from "../contract/batch.js";
import { encodeJson } from "../json/encode.js";
import { type ArrowArray, arrowArray, emptyArray, int64Values } from "./arrow-array.js";
import type { ArrowType, TimeUnit } from "./arrow-type.js";
import { fixedBytes, offsetBytes, viewBytes } from "./byte-values.js";
import { nestedReader } from "./nested-values.js";
import { decimalWords, doubles, exceedInt64, integers, smallIntegers, wideDecimalAt } from "./number-values.js";
import type { RawData, RawType } from "./raw-arrow.js";
import { typeUnsupported, valueUnsupported } from "./refusals.js";
import { days, micros32, micros64 } from "./time-values.js";

/** Dictionaries that were converted before: record batches share them. */
export type Dictionaries = Map<object, Column>;

/** The types that are not one value a row, but documents. */
export type NestedType = Extract<ArrowType, { readonly kind: "list" | "fixedList" | "struct" | "map" | "union" }>;

/**
 * An array as a column. Memory is shared where the layouts are the same. `null` for the type of nothing but nulls.
 *
 * | Arrow | data type |
 * | --- | --- |
 * | int8 … int64 | bigint, precision 8, 16, 32 or none |
 * | uint8, uint16, uint32, uint64 | bigint, precision 16, 32, none, none: what holds them with a sign |
 * | float16, float32, float64 | double |
 * | decimal32 … decimal256 | decimal with precision and scale |
 * | date32, date64 | date |
 * | time, timestamp | time and timestamp of precision 0, 3, 6, 9; `timezone: false` without a zone |
 * | utf8, large and view | text |
 * | binary, large and view; of fixed size | binary; with that precision |
 * | list, struct, map, union | json |
 * | dictionary, run-end encoded | that of the values |
 *
 * @throws SourceError `ARROW_TYPE_UNSUPPORTED` for durations and intervals, `ARROW_VALUE_UNSUPPORTED` for nanoseconds and dates
 * with a time of day
 */
export function arrowColumn(name: string, array: ArrowArray, dictionaries: Dictionaries): Column | null {
  const { type, validity } = array;
  const typed = (columnType: ColumnType): Pick<Column, "name" | "type" | "validity"> => ({
    name,
    type: columnType,
    validity,
  });
  switch (type.kind) {
    case "null":
      return null;
    case "int":
      if (type.bits === 64 && !type.signed && exceedInt64(array)) return largeIntegers(name, array);
      return { ...typed(integerType(type)), layout: "fixed", values: integers(array, type) };
    case "float":
      return { ...typed({ dataType: "double" }), layout: "fixed", values: doubles(array, type.bits) };
    case "bool":
      return { ...typed({ dataType: "bool" }), layout: "bits", values: array.values };
    case "bytes": {
      const bytes = type.layout === "views" ? viewBytes(name, array) : offsetBytes(name, array);
      return { ...typed({ dataType: type.isText ? "text" : "binary" }), layout: "bytes", ...bytes };
    }
    case "fixedBytes":
      return {
        ...typed({ dataType: "binary", precision: type.width }),
        layout: "bytes",
        ...fixedBytes(array, type.width),
      };
    case "decimal":
      return decimalColumn(name, array, type);
    case "date":
      return { ...typed({ dataType: "date" }), layout: "fixed", values: days(name, array, type.unit) };
    case "time": {
      const { unit } = type;
      const values = unit === "s" || unit === "ms" ? micros32(array, unit) : micros64(name, array, unit);
      return { ...typed({ dataType: "time", precision: digits[unit] }), layout: "fixed", values };
    }
    case "timestamp": {
      const zone = type.isNaive && { timezone: false };
      const columnType: ColumnType = { dataType: "timestamp", precision: digits[type.unit], ...zone };
      return { ...typed(columnType), layout: "fixed", values: micros64(name, array, type.unit) };
    }
    case "list":
    case "fixedList":
    case "struct":
    case "map":
    case "union":
      return documentColumn(name, array, type, dictionaries);
    case "runs":
      return runColumn(name, array, dictionaries);
    case "dictionary":
      return dictionaryColumn(name, array, type, dictionaries);
    case "unsupported":
      throw typeUnsupported(name, type.name);
  }
}

const digits: Readonly<Record<TimeUnit, number>> = { s: 0, ms: 3, us: 6, ns: 9 };

function integerType({ bits, signed }: { readonly bits: number; readonly signed: boolean }): ColumnType {
  const precision = signed ? bits : bits * 2;
  return { dataType: "bigint", ...(precision < 64 && { precision }) };
}

/** Integers beyond 63 bits travel as text, for columns that are declared to hold them. */
function largeIntegers(name: string, array: ArrowArray): Column {
  const { validity, length } = array;
  const values = int64Values(array, length);
  const textAt = (row: number): string => `${BigInt.asUintN(64, values[row] as bigint)}`;
  return textColumn(name, { dataType: "bigint" }, { validity, length, textAt });
}

/** Digits that 128 bits hold. */
const maxDigits = 38;

function decimalColumn(
  name: string,
  array: ArrowArray,
  { precision, scale, bits }: ArrowType & { readonly kind: "decimal" },
): Column {
  const { validity, length } = array;
  // A negative scale says how many zeros stand before the point.
  const type: ColumnType = {
    dataType: "decimal",
    precision: precision - Math.min(scale, 0),
    scale: Math.max(scale, 0),
  };
  const words = decimalWords(array, bits);
  if (words !== null && scale >= 0 && precision <= maxDigits)
    return { name, type, validity, layout: "decimal128", words, scale };
  const wide = words === null ? int64Values(array, length * 4) : null;
  const unscaled = (row: number): bigint =>
    wide === null ? unscaledAt(words ?? noWords, row) : wideDecimalAt(wide, row);
  if ((type.precision ?? 0) > maxDigits)
    return textColumn(name, type, { validity, length, textAt: (row) => decimalText(unscaled(row), scale) });
  const builder = new Decimal128Builder(name, type, 0);
  for (let row = 0; row < length; row++)
    if (isSet(validity, row)) builder.set(row, unscaled(row) * 10n ** BigInt(-scale));
  return builder.finish(length);
}

const noWords = new BigInt64Array(0);

function documentColumn(name: string, array: ArrowArray, type: NestedType, dictionaries: Dictionaries): Column {
  const { validity, length } = array;
  const read = nestedReader(name, array, type, dictionaries);
  const textAt = (row: number): string => encodeJson(read(row), { anyInteger: true });
  return textColumn(name, { dataType: "json" }, { validity, length, textAt });
}

const utf8 = new TextEncoder();

function textColumn(
  name: string,
  type: ColumnType,
  rows: { readonly validity: Uint8Array | null; readonly length: number; textAt(row: number): string },
): Column {
  const builder = new BytesBuilder(name, type);
  for (let row = 0; row < rows.length; row++)
    if (isSet(rows.validity, row)) builder.set(row, utf8.encode(rows.textAt(row)));
  return builder.finish(rows.length);
}

/** Runs as a dictionary: each row knows its run. */
function runColumn(name: string, array: ArrowArray, dictionaries: Dictionaries): Column | null {
  const [ends, values] = array.children;
  const column = values === undefined ? null : arrowColumn(name, arrowArray(values), dictionaries);
  if (ends === undefined || column === null) return null;
  const endArray = arrowArray(ends);
  const type = endArray.type;
  if (type.kind !== "int") throw typeUnsupported(name, "RunEndEncoded");
  const positions = type.bits === 64 ? int64Values(endArray, endArray.length) : smallIntegers(endArray, type);
  const indices = new Int32Array(array.length);
  let from = 0;
  for (let run = 0; run < positions.length && from < array.length; run++) {
    const to = Math.min(Number(positions[run]), array.length);
    indices.fill(run, from, to);
    from = to;
  }
  return { name, type: column.type, validity: array.validity, layout: "dictionary", indices, values: column };
}

function dictionaryColumn(
  name: string,
  array: ArrowArray,
  { indices: indexType, values: valueType }: ArrowType & { readonly kind: "dictionary" },
  dictionaries: Dictionaries,
): Column | null {
  const values = dictionaryValues(name, array.dictionary.data, valueType, dictionaries);
  if (values === null) return null;
  const { validity } = array;
  const indices = dictionaryIndices(name, array, indexType);
  return { name, type: values.type, validity, layout: "dictionary", indices, values };
}

function dictionaryValues(
  name: string,
  chunks: readonly RawData[],
  type: RawType,
  dictionaries: Dictionaries,
): Column | null {
  const [first] = chunks;
  if (first === undefined) return arrowColumn(name, emptyArray(type), dictionaries);
  // A dictionary that grows from batch to batch is a longer list of the same pieces.
  const known = dictionaries.get(chunks);
  if (known !== undefined) return { ...known, name };
  const parts: { column: Column; rowCount: number }[] = [];
  for (const chunk of chunks) {
    const column = arrowColumn(name, arrowArray(chunk), dictionaries);
    if (column === null) return null;
    parts.push({ column, rowCount: chunk.length });
  }
  const joined = joinColumns(parts);
  dictionaries.set(chunks, joined);
  return joined;
}

function dictionaryIndices(name: string, array: ArrowArray, raw: RawType): Int32Array {
  const { length, validity } = array;
  const type = { bits: raw.bitWidth ?? 32, signed: raw.isSigned ?? raw.signed ?? true };
  const given = type.bits === 64 ? int64Values(array, length) : smallIntegers(array, type);
  // What stands in place of a missing value is anything.
  if (given instanceof Int32Array && validity === null) return given;
  const indices = new Int32Array(length);
  for (let row = 0; row < length; row++) {
    if (!isSet(validity, row)) continue;
    const index = Number(given[row]);
    if (index > 0x7fffffff) throw valueUnsupported(name, row, "its dictionary has more than 2^31 values");
    indices[row] = index;
  }
  return indices;
}
