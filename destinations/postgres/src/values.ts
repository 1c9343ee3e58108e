import { type DataValue, Decimal, isDltError, kindOf, parseIso, Timestamp } from "@dlt/core";
import pg from "pg";

/**
 * Values of a result: integers are numbers, beyond ±(2^53 - 1) bigints; bytes are a Uint8Array; decimals, dates, times and timestamps
 * have the classes of `@dlt/core`, timestamps with time zone in UTC. Text stands for the other types, documents among them, and for
 * times before the year 1, after 9999, or infinite.
 */
export const fromPostgres: pg.CustomTypesConfig = {
  getTypeParser: (oid: number) => parsers.get(oid) ?? ((text: string) => text),
} as pg.CustomTypesConfig;

const { builtins } = pg.types;

const parsers = new Map<number, (text: string) => unknown>([
  [builtins.BOOL, (text) => text === "t"],
  [builtins.INT2, Number],
  [builtins.INT4, Number],
  [builtins.OID, Number],
  [builtins.INT8, (text) => (Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text))],
  [builtins.FLOAT4, doubleOf],
  [builtins.FLOAT8, doubleOf],
  [builtins.NUMERIC, (text) => new Decimal(text)],
  [builtins.BYTEA, (text) => (text.startsWith("\\x") ? new Uint8Array(Buffer.from(text.slice(2), "hex")) : text)],
  [builtins.DATE, calendarValue],
  [builtins.TIME, calendarValue],
  [builtins.TIMESTAMP, calendarValue],
  [builtins.TIMESTAMPTZ, calendarValue],
]);

function doubleOf(text: string): number {
  return Number(text);
}

/** Text where the server writes another form than ISO 8601, or the classes of `@dlt/core` cannot hold the value. */
function calendarValue(text: string): unknown {
  try {
    // Offsets have whole hours alone where there are no minutes.
    const value = parseIso(text.replace(/([+-]\d\d)$/, (offset) => (text.includes(":") ? `${offset}:00` : offset)));
    return value instanceof Timestamp && value.offsetMinutes !== null
      ? Timestamp.fromMicros(value.micros)
      : (value ?? text);
  } catch (error) {
    if (isDltError(error)) return text;
    throw error;
  }
}

/** A parameter as the driver takes it. Values of other classes pass through. */
export function toPostgresValue(value: unknown): unknown {
  if (value === undefined) return null;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (typeof value === "bigint") return String(value);
  const isOwn = typeof value === "object" && value !== null && kindOf(value as DataValue & object) !== undefined;
  return isOwn ? String(value) : value;
}
