import type { ColumnType } from "@dlt/core";
import { SchemaError } from "@dlt/core";
import type { FileMetaData } from "hyparquet";

/** How the values of a column are stored, beside their type. */
type StoredForm =
  | { readonly kind: "bool" | "double" | "float" | "float16" | "bytes" | "uuid" | "days" }
  /** An integer is so many units of the column's own; in `divisor` of them, what would be rounded is refused. */
  | {
      readonly kind: "integer";
      readonly isSigned: boolean;
      readonly bits: 32 | 64;
      readonly factor: bigint;
      readonly divisor: bigint;
    }
  | { readonly kind: "decimal"; readonly scale: number; readonly isWide: boolean };

/** A column of a file. */
export interface StoredColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly form: StoredForm;
}

type Element = FileMetaData["schema"][number];

/** A column by what the schema of its file says. @throws SchemaError `FILE_COLUMN_NOT_READ` */
export function storedColumn(element: Element | undefined, name: string): StoredColumn {
  if (element === undefined) throw notRead(name, "the file has no such column");
  if ((element.num_children ?? 0) > 0 || element.repetition_type === "REPEATED") throw notRead(name, "it is nested");
  return { name, ...meaningOf(element) };
}

function meaningOf(element: Element): Omit<StoredColumn, "name"> {
  const { name, converted_type: converted, logical_type: logical } = element;
  const meaning = logical?.type ?? converted;
  switch (element.type) {
    case "BOOLEAN":
      return { type: { dataType: "bool" }, form: { kind: "bool" } };
    case "FLOAT":
      return { type: { dataType: "double" }, form: { kind: "float" } };
    case "DOUBLE":
      return { type: { dataType: "double" }, form: { kind: "double" } };
    case "INT32":
    case "INT64": {
      const bits = element.type === "INT32" ? 32 : 64;
      if (meaning === "DECIMAL") return decimal(element);
      if (meaning === "DATE") return { type: { dataType: "date" }, form: { kind: "days" } };
      if (logical?.type === "TIMESTAMP") return timestamp(logical.unit, logical.isAdjustedToUTC, bits);
      if (logical?.type === "TIME") return time(logical.unit, bits);
      if (converted === "TIMESTAMP_MILLIS" || converted === "TIMESTAMP_MICROS")
        return timestamp(converted === "TIMESTAMP_MILLIS" ? "MILLIS" : "MICROS", true, bits);
      if (converted === "TIME_MILLIS" || converted === "TIME_MICROS")
        return time(converted === "TIME_MILLIS" ? "MILLIS" : "MICROS", bits);
      return integer(element, bits);
    }
    case "BYTE_ARRAY":
    case "FIXED_LEN_BYTE_ARRAY":
      break;
    default:
      throw notRead(name, `values of the type ${element.type} are not known`);
  }
  switch (meaning) {
    case undefined:
    case "BSON": {
      const { type_length: precision } = element;
      return { type: { dataType: "binary", ...(precision !== undefined && { precision }) }, form: { kind: "bytes" } };
    }
    case "STRING":
    case "UTF8":
    case "ENUM":
      return { type: { dataType: "text" }, form: { kind: "bytes" } };
    case "JSON":
      return { type: { dataType: "json" }, form: { kind: "bytes" } };
    case "UUID":
      return { type: { dataType: "text" }, form: { kind: "uuid" } };
    case "FLOAT16":
      return { type: { dataType: "double" }, form: { kind: "float16" } };
    case "DECIMAL":
      return decimal(element);
    default:
      throw notRead(name, `a column cannot be ${meaning}`);
  }
}

type TimeUnit = "MILLIS" | "MICROS" | "NANOS";

const units = {
  MILLIS: { precision: 3, factor: 1000n, divisor: 1n },
  MICROS: { precision: 6, factor: 1n, divisor: 1n },
  NANOS: { precision: 9, factor: 1n, divisor: 1000n },
} as const;

function timestamp(unit: TimeUnit, timezone: boolean, bits: 32 | 64): Omit<StoredColumn, "name"> {
  const { precision, ...scaling } = units[unit];
  return {
    type: { dataType: "timestamp", precision, timezone },
    form: { kind: "integer", isSigned: true, bits, ...scaling },
  };
}

function time(unit: TimeUnit, bits: 32 | 64): Omit<StoredColumn, "name"> {
  const { factor, divisor } = units[unit];
  // More than microseconds no time has.
  const precision = unit === "MILLIS" ? 3 : 6;
  return { type: { dataType: "time", precision }, form: { kind: "integer", isSigned: true, bits, factor, divisor } };
}

function integer(
  { converted_type: converted, logical_type: logical }: Element,
  bits: 32 | 64,
): Omit<StoredColumn, "name"> {
  const [, unsigned = "", width] = /^(U?)INT_(\d+)$/.exec(converted ?? "") ?? [];
  const isSigned = logical?.type === "INTEGER" ? logical.isSigned : unsigned === "";
  const valueBits = logical?.type === "INTEGER" ? logical.bitWidth : Number(width ?? bits);
  // What has no sign needs room for one.
  const needed = isSigned ? valueBits : valueBits * 2;
  return {
    type: { dataType: "bigint", ...(needed <= 32 && { precision: needed }) },
    form: { kind: "integer", isSigned, bits, factor: 1n, divisor: 1n },
  };
}

function decimal({
  precision: digits = 38,
  scale: places = 0,
  logical_type: logical,
}: Element): Omit<StoredColumn, "name"> {
  const { precision, scale } = logical?.type === "DECIMAL" ? logical : { precision: digits, scale: places };
  return {
    type: { dataType: "decimal", precision, scale },
    form: { kind: "decimal", scale, isWide: precision > 38 },
  };
}

function notRead(column: string, reason: string): SchemaError {
  return new SchemaError("FILE_COLUMN_NOT_READ", `Column \`${column}\` of a Parquet file cannot be read: ${reason}.`, {
    hint: "Write the file with flat columns of other types, or leave the column out.",
    context: { column },
  });
}
