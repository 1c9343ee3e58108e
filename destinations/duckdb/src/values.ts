import { CalendarDate, Decimal, isDltError, kindOf, TimeOfDay, Timestamp, type Wei } from "@dlt/core";
import {
  arrayFromArrayValue,
  arrayFromListValue,
  blobValue,
  bytesFromBlobValue,
  bytesFromGeometryValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  DuckDBTypeId,
  type DuckDBValue,
  type DuckDBValueConverter,
  dateValue,
  decimalValue,
  fromVariantValue,
  objectArrayFromMapValue,
  objectFromStructValue,
  objectFromUnionValue,
  timestampTZValue,
  timestampValue,
  timeValue,
} from "@duckdb/node-api";

/**
 * A value of a result: integers are numbers, beyond ±(2^53 - 1) bigints; bytes are a Uint8Array; lists and structs are arrays
 * and objects; decimals, dates, times and timestamps have the classes of `@dlt/core`. Text stands for the other types, for
 * nanoseconds, and for times before the year 1, after 9999, or infinite.
 */
export const fromDuckdbValue: DuckDBValueConverter<unknown> = (value, type, converter) => {
  if (value === null) return null;
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (typeof value !== "object") return value;
  switch (type.typeId) {
    case DuckDBTypeId.BLOB:
      return bytesFromBlobValue(value);
    case DuckDBTypeId.GEOMETRY:
      return bytesFromGeometryValue(value);
    case DuckDBTypeId.DECIMAL:
      return value instanceof DuckDBDecimalValue ? toDecimal(value) : String(value);
    case DuckDBTypeId.LIST:
      return arrayFromListValue(value, type, converter);
    case DuckDBTypeId.ARRAY:
      return arrayFromArrayValue(value, type, converter);
    case DuckDBTypeId.STRUCT:
      return objectFromStructValue(value, type, converter);
    case DuckDBTypeId.MAP:
      return objectArrayFromMapValue(value, type, converter);
    case DuckDBTypeId.UNION:
      return objectFromUnionValue(value, type, converter);
    case DuckDBTypeId.VARIANT:
      return fromVariantValue(value, type, converter);
    default:
      return fromTemporalValue(value) ?? String(value);
  }
};

/** A parameter as the driver takes it. Values of the driver's own classes pass through. */
export function toDuckdbValue(value: unknown): DuckDBValue {
  if (value === undefined) return null;
  if (value instanceof Uint8Array) return blobValue(value);
  if (value instanceof Date) return timestampTZValue(BigInt(value.getTime()) * 1000n);
  return (typeof value === "object" && value !== null ? fromOwnValue(value) : null) ?? (value as DuckDBValue);
}

/** For an object of a class of `@dlt/core`, of whatever copy; otherwise null. */
function fromOwnValue(value: object): DuckDBValue {
  switch (kindOf(value)) {
    case "timestamp": {
      const { micros, offsetMinutes } = value as Timestamp;
      return offsetMinutes === null ? timestampValue(micros) : timestampTZValue(micros);
    }
    case "date":
      return dateValue((value as CalendarDate).days);
    case "time":
      return timeValue(BigInt((value as TimeOfDay).micros));
    case "decimal":
      return fromDecimal(value as Decimal);
    case "wei":
      return fromDecimal((value as Wei).decimal);
    case "float":
      return Number(value);
    case "hexbytes":
      return String(value);
    case undefined:
      return null;
  }
}

/** Text where DuckDB's decimals, of 38 digits, are too small. */
function fromDecimal(decimal: Decimal): DuckDBValue {
  const { negative, digits, exponent, special } = decimal;
  if (exponent > 38) return String(decimal);
  const scale = Math.max(0, -exponent);
  const unscaled = BigInt(digits) * 10n ** BigInt(Math.max(0, exponent));
  const width = Math.max(String(unscaled).length, scale);
  if (special !== null || width > 38) return String(decimal);
  return decimalValue(negative ? -unscaled : unscaled, width, scale);
}

function toDecimal({ value, scale }: DuckDBDecimalValue): Decimal {
  const negative = value < 0n;
  return new Decimal({ negative, digits: String(negative ? -value : value), exponent: 0 - scale, special: null });
}

/** Null for a value of another type, and for one that the classes of `@dlt/core` cannot hold. */
function fromTemporalValue(value: DuckDBValue): Timestamp | CalendarDate | TimeOfDay | null {
  try {
    if (value instanceof DuckDBTimestampTZValue) return Timestamp.fromMicros(value.micros);
    if (value instanceof DuckDBTimestampValue) return Timestamp.fromMicros(value.micros, null);
    if (value instanceof DuckDBTimestampMillisecondsValue) return Timestamp.fromMicros(value.millis * 1000n, null);
    if (value instanceof DuckDBTimestampSecondsValue) return Timestamp.fromMicros(value.seconds * 1_000_000n, null);
    if (value instanceof DuckDBDateValue) return new CalendarDate(value.days);
    if (value instanceof DuckDBTimeValue) return new TimeOfDay(Number(value.micros));
    return null;
  } catch (error) {
    if (isDltError(error)) return null;
    throw error;
  }
}
