import type { FileColumn } from "@dlt/core";
import type { ThriftStruct } from "./thrift.js";
import { bool, i8, i32, struct } from "./thrift.js";

/** Type ids of the Parquet format. */
export const parquetTypes = {
  boolean: 0,
  int32: 1,
  int64: 2,
  double: 5,
  byteArray: 6,
  fixedLengthByteArray: 7,
} as const;

/** How a column is stored in a file. */
export interface PhysicalType {
  readonly type: (typeof parquetTypes)[keyof typeof parquetTypes];
  /** Bytes of a value; 0 where they differ or are less than one. */
  readonly valueBytes: number;
  /** Precision of a decimal, bits of an integer; otherwise 0. */
  readonly precision: number;
  /** Of a decimal; otherwise 0. */
  readonly scale: number;
  /** The older name of the logical type, for readers that know no other. */
  readonly convertedType: number | undefined;
  readonly logicalType: ThriftStruct | undefined;
}

const convertedTypes = {
  utf8: 0,
  decimal: 5,
  date: 6,
  timeMicros: 8,
  timestampMicros: 10,
  int8: 15,
  int16: 16,
  int32: 17,
} as const;

const micros = struct([2, struct()]);
const plain = { precision: 0, scale: 0, convertedType: undefined, logicalType: undefined };

// Made once: a part of a wide table is small, and asks for the type of each of its columns.
const text: PhysicalType = {
  ...plain,
  type: parquetTypes.byteArray,
  valueBytes: 0,
  convertedType: convertedTypes.utf8,
  logicalType: struct([1, struct()]),
};
const binary: PhysicalType = { ...plain, type: parquetTypes.byteArray, valueBytes: 0 };
const double: PhysicalType = { ...plain, type: parquetTypes.double, valueBytes: 8 };
const boolean: PhysicalType = { ...plain, type: parquetTypes.boolean, valueBytes: 0 };
const int64: PhysicalType = { ...plain, type: parquetTypes.int64, valueBytes: 8, precision: 64 };
const date: PhysicalType = {
  ...plain,
  type: parquetTypes.int32,
  valueBytes: 4,
  convertedType: convertedTypes.date,
  logicalType: struct([6, struct()]),
};
// Of no zone: DuckDB takes an adjusted time for TIME WITH TIME ZONE.
const time: PhysicalType = {
  ...plain,
  type: parquetTypes.int64,
  valueBytes: 8,
  convertedType: convertedTypes.timeMicros,
  logicalType: struct([7, struct([1, bool(false)], [2, micros])]),
};
const zonedTimestamp = timestampType(true);
const localTimestamp = timestampType(false);

function timestampType(isZoned: boolean): PhysicalType {
  return {
    ...plain,
    type: parquetTypes.int64,
    valueBytes: 8,
    convertedType: convertedTypes.timestampMicros,
    logicalType: struct([8, struct([1, bool(isZoned)], [2, micros])]),
  };
}

/**
 * Physical and logical type of a column, as in
 * https://github.com/apache/parquet-format/blob/master/LogicalTypes.md.
 */
export function physicalType(column: FileColumn): PhysicalType {
  switch (column.dataType) {
    case "text":
    case "json": // as text, which every reader takes and DuckDB casts to JSON
      return text;
    case "binary":
      return binary;
    case "double":
      return double;
    case "bool":
      return boolean;
    case "date":
      return date;
    case "time":
      return time;
    case "timestamp":
      return column.timezone === false ? localTimestamp : zonedTimestamp;
    case "bigint":
      return integerType(column.precision ?? 64);
    case "decimal":
      return decimalType(column.precision ?? 38, column.scale ?? (column.precision === undefined ? 9 : 0));
    case "wei":
      return decimalType(column.precision ?? 38, column.scale ?? 0);
  }
}

function integerType(precision: number): PhysicalType {
  if (precision > 32) return int64;
  const bits = precision <= 8 ? 8 : precision <= 16 ? 16 : 32;
  return {
    type: parquetTypes.int32,
    valueBytes: 4,
    precision: bits,
    scale: 0,
    convertedType: convertedTypes[`int${bits}`],
    logicalType: struct([10, struct([1, i8(bits)], [2, bool(true)])]),
  };
}

/** Most digits of a decimal of 256 bits. */
const maxPrecision = 76;

function decimalType(asked: number, askedScale: number): PhysicalType {
  const precision = Math.min(asked, maxPrecision);
  const scale = precision === asked ? askedScale : Math.max(0, precision - (asked - askedScale));
  const wide = precision > 18;
  return {
    type: wide ? parquetTypes.fixedLengthByteArray : parquetTypes.int64,
    valueBytes: wide ? (precision > 38 ? 32 : 16) : 8,
    precision,
    scale,
    convertedType: convertedTypes.decimal,
    logicalType: struct([5, struct([1, i32(scale)], [2, i32(precision)])]),
  };
}
