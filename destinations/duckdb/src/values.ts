import {
  arrayFromArrayValue,
  arrayFromListValue,
  blobValue,
  bytesFromBlobValue,
  bytesFromGeometryValue,
  DuckDBTimestampTZValue,
  DuckDBTypeId,
  type DuckDBValue,
  type DuckDBValueConverter,
  fromVariantValue,
  objectArrayFromMapValue,
  objectFromStructValue,
  objectFromUnionValue,
  timestampTZValue,
  timestampValue,
} from "@duckdb/node-api";

/**
 * A value of a result as JavaScript has it: integers are numbers, beyond ±(2^53 - 1) bigints; bytes are a Uint8Array; lists and
 * structs are arrays and objects. What JavaScript has no exact type for is text: decimals, dates, times, intervals, and
 * timestamps (`2024-01-02T03:04:05.123456+00:00`, in UTC).
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
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_S:
    case DuckDBTypeId.TIMESTAMP_MS:
    case DuckDBTypeId.TIMESTAMP_NS:
      return String(value).replace(" ", "T");
    case DuckDBTypeId.TIMESTAMP_TZ:
      return utcText(value);
    default:
      return String(value);
  }
};

/** A parameter as the driver takes it. Values of the driver's own classes pass through. */
export function toDuckdbValue(value: unknown): DuckDBValue {
  if (value === undefined) return null;
  if (value instanceof Date) return timestampTZValue(BigInt(value.getTime()) * 1000n);
  if (value instanceof Uint8Array) return blobValue(value);
  return value as DuckDBValue;
}

function utcText(value: DuckDBValue): string {
  if (!(value instanceof DuckDBTimestampTZValue) || !value.isFinite) return String(value);
  return `${String(timestampValue(value.micros)).replace(" ", "T")}+00:00`;
}
