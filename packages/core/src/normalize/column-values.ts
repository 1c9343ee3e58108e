import {
  BitBuilder,
  BytesBuilder,
  type ColumnBuilder,
  Decimal128Builder,
  Float64Builder,
  Int32Builder,
  Int64Builder,
} from "../columns/column-builder.js";
import type { ColumnType } from "../contract/batch.js";
import type { NormalizeRun } from "../contract/normalizer.js";
import type { ColumnSchema, DataType } from "../contract/schema.js";
import { InternalError, SchemaError } from "../errors/index.js";
import { encodeJson } from "../json/encode.js";
import { documentValue } from "../json/typed-values.js";
import { CalendarDate } from "../values/calendar-date.js";
import type { DataValue } from "../values/data-value.js";
import { Decimal } from "../values/decimal.js";
import { Float } from "../values/float.js";
import { HexBytes } from "../values/hex-bytes.js";
import { normalizeTime, TimeOfDay } from "../values/time-of-day.js";
import { Timestamp } from "../values/timestamp.js";
import { Wei } from "../values/wei.js";
import { fieldKind } from "./plan.js";

const encoder = new TextEncoder();
const int64Min = -(2n ** 63n);
const int64Max = 2n ** 63n - 1n;
/** Digits that 128 bits hold. */
const decimal128Digits = 38;

/** What the scanner does with values of a complete column. */
export function kindOf(column: ColumnSchema): number {
  switch (column.dataType) {
    case "text":
      return fieldKind.text;
    case "bigint":
      return fieldKind.bigint;
    case "double":
      return fieldKind.double;
    case "bool":
      return fieldKind.bool;
    case "timestamp":
      return fieldKind.timestamp;
    case "json":
      return fieldKind.json;
    default:
      return fieldKind.converted;
  }
}

/** An empty builder for a complete column. */
export function builderFor(column: ColumnSchema, run: NormalizeRun): ColumnBuilder {
  const { name } = column;
  const dataType = column.dataType as DataType;
  const [precision, scale] = decimalSize(column, run);
  const type: ColumnType = {
    dataType,
    ...(dataType === "decimal" || dataType === "wei"
      ? { precision, scale }
      : typeof column.precision === "number" && { precision: column.precision }),
    ...(column.timezone === false && { timezone: false }),
  };
  switch (dataType) {
    case "text":
    case "json":
    case "binary":
      return new BytesBuilder(name, type);
    case "bigint":
    case "timestamp":
    case "time":
      return new Int64Builder(name, type);
    case "date":
      return new Int32Builder(name, type);
    case "double":
      return new Float64Builder(name, type);
    case "bool":
      return new BitBuilder(name, type);
    case "decimal":
    case "wei":
      // What 128 bits cannot hold travels as text, exact to the last digit.
      return precision > decimal128Digits ? new BytesBuilder(name, type) : new Decimal128Builder(name, type, scale);
  }
}

/** Precision and scale of a column of decimals: those of the destination where it says nothing. */
export function decimalSize(
  column: ColumnSchema,
  run: Pick<NormalizeRun, "decimalPrecision" | "weiPrecision">,
): readonly [precision: number, scale: number] {
  const [precision, scale] = column.dataType === "wei" ? run.weiPrecision : run.decimalPrecision;
  // As the destination makes the column: its default scale, where the precision has room for it.
  if (typeof column.precision === "number")
    return [column.precision, column.scale ?? (scale <= column.precision ? scale : 0)];
  return [precision, column.scale ?? scale];
}

/**
 * Writes a value that is of the column's data type already.
 *
 * @throws SchemaError `COLUMN_VALUE_OUT_OF_RANGE` when the column cannot hold it
 */
export function setValue(
  builder: ColumnBuilder,
  row: number,
  value: DataValue,
  place: { readonly table: string; readonly rowNumber: number },
): void {
  if (builder instanceof BytesBuilder) builder.set(row, bytesOf(builder.type, value));
  else if (builder instanceof Float64Builder) builder.set(row, value instanceof Float ? value.value : Number(value));
  else if (builder instanceof BitBuilder) builder.set(row, value === true);
  else if (builder instanceof Int32Builder && value instanceof CalendarDate) builder.set(row, value.days);
  else if (builder instanceof Int64Builder && typeof value === "number") builder.setNumber(row, value);
  else if (builder instanceof Int64Builder || builder instanceof Decimal128Builder) {
    const integer = builder instanceof Int64Builder ? integerOf(value) : unscaledOf(value, builder);
    if (integer === null) throw outOfRange(builder, place);
    if (builder instanceof Int64Builder) builder.setBigInt(row, integer);
    else builder.set(row, integer);
  } else {
    throw new InternalError(
      "INTERNAL_STATE_UNEXPECTED",
      `Column \`${place.table}.${builder.name}\` got a value of another type.`,
    );
  }
}

/** Integer, instant or time of day as the integer that a column holds; null beyond 64 bits. */
function integerOf(value: DataValue): bigint | null {
  if (value instanceof Timestamp) return value.micros;
  if (value instanceof TimeOfDay) return BigInt(normalizeTime(value).micros);
  return typeof value === "bigint" && value >= int64Min && value <= int64Max ? value : null;
}

/** A decimal as the integer that a column of a scale holds; null when it has more digits than the column. */
function unscaledOf(value: DataValue, { scale, type }: Decimal128Builder): bigint | null {
  const decimal = value instanceof Decimal ? value : value instanceof Wei ? value.decimal : new Decimal(String(value));
  const integer = decimal.rounded(scale);
  const limit = 10n ** BigInt(type.precision ?? decimal128Digits);
  return integer !== null && integer < limit && integer > -limit ? integer : null;
}

function bytesOf({ dataType }: ColumnType, value: DataValue): Uint8Array {
  if (value instanceof HexBytes) return value.bytes;
  if (value instanceof Uint8Array) return value;
  if (dataType === "json") return encoder.encode(encodeJson(documentValue(value), { anyInteger: true }));
  return encoder.encode(String(value));
}

/** The error for a value that a column cannot hold. */
export function outOfRange(
  builder: ColumnBuilder,
  { table, rowNumber }: { readonly table: string; readonly rowNumber: number },
): SchemaError {
  const { dataType, precision, scale } = builder.type;
  const limits =
    dataType === "decimal" || dataType === "wei"
      ? `${precision} digits, ${scale} of them after the point`
      : `${precision ?? 64} bits`;
  return new SchemaError(
    "COLUMN_VALUE_OUT_OF_RANGE",
    `Row ${rowNumber} has a value for column \`${table}.${builder.name}\` that ${dataType} columns of ${limits} cannot hold.`,
    {
      hint: `Declare \`${builder.name}\` as text, or with a larger precision, in the hints of the resource.`,
      context: { table, column: builder.name, dataType, row: rowNumber },
    },
  );
}
