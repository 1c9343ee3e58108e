import { CalendarDate, type ColumnSchema, parseIso, TimeOfDay, Timestamp } from "@dlt/core";
import { decodeBase64 } from "@dlt/core/engine";

/**
 * A value in one spelling for each data type, so that what was written can be compared with what any driver gives: numbers, decimals and
 * wei without needless zeros, points in time as microseconds, bytes as hexadecimal digits, documents with sorted keys. A value of a form
 * that its type does not have is told by its kind, so that it equals nothing.
 */
export function storedValue({ dataType }: Pick<ColumnSchema, "dataType">, value: unknown): string | null {
  if (value === null || value === undefined) return null;
  switch (dataType) {
    case "text":
      return typeof value === "string" ? value : strange(value);
    case "bigint":
      return isNumeric(value) && /^[+-]?\d+$/.test(String(value)) ? String(BigInt(value)) : strange(value);
    case "double":
      return isNumeric(value) ? (spelledDouble(value) ?? strange(value)) : strange(value);
    case "bool":
      return spelledFlag(value) ?? strange(value);
    case "decimal":
    case "wei":
      return isNumeric(value) ? (plainDecimal(String(value)) ?? strange(value)) : strange(value);
    case "timestamp":
    case "date":
    case "time":
      return pointInTime(dataType, value) ?? strange(value);
    case "binary":
      return hexDigits(value) ?? strange(value);
    case "json":
      return sortedJson(typeof value === "string" ? parsed(value) : value);
    default:
      return strange(value);
  }
}

/** Microseconds since 1970 or midnight, and days since 1970. */
function pointInTime(dataType: "timestamp" | "date" | "time", value: unknown): string | null {
  if (typeof value === "bigint") return String(value);
  const read = value instanceof Date ? parseIso(value.toISOString()) : parseIso(String(value));
  if (dataType === "timestamp" && read instanceof Timestamp) return String(read.micros);
  if (dataType === "time" && read instanceof TimeOfDay) return String(read.micros);
  if (dataType === "date" && read instanceof CalendarDate) return String(read.days);
  return dataType === "date" && read instanceof Timestamp ? String(read.micros / 86_400_000_000n) : null;
}

/** Of bytes, of their hexadecimal digits behind `\x`, of Base64, or of what they are in UTF-8. */
function hexDigits(value: unknown): string | null {
  if (typeof value === "string" && value.startsWith("\\x")) return value.slice(2).toLowerCase();
  const bytes = typeof value === "string" ? (decodeBase64(value) ?? Buffer.from(value)) : value;
  return bytes instanceof Uint8Array ? Buffer.from(bytes).toString("hex") : null;
}

/** Zero with its sign; NaN and infinities by the names that they have in JavaScript. */
function spelledDouble(value: string | number | bigint): string | null {
  const text = String(value).toLowerCase();
  if (/^[+-]?inf(inity)?$/.test(text)) return text.startsWith("-") ? "-Infinity" : "Infinity";
  if (text === "nan") return "NaN";
  const number = Number(value);
  if (Number.isNaN(number)) return null;
  return Object.is(number, -0) ? "-0" : String(number);
}

function spelledFlag(value: unknown): string | null {
  const text = String(value).toLowerCase();
  return text === "true" || text === "false" ? text : null;
}

function plainDecimal(text: string): string | null {
  const [, sign = "", integer = "", fraction = ""] = /^([+-]?)0*(\d+)(?:\.(\d*?)0*)?$/.exec(text) ?? [];
  if (integer === "") return null;
  const digits = fraction === "" ? integer : `${integer}.${fraction}`;
  return sign === "-" && digits !== "0" ? `-${digits}` : digits;
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** A document that is a text may come without its quotes. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isNumeric(value: unknown): value is string | number | bigint {
  return typeof value === "number" || typeof value === "bigint" || typeof value === "string";
}

function strange(value: unknown): string {
  return `${typeof value} in a strange form: ${String(value)}`;
}
