import { type CalendarDate, type CursorType, Decimal, Float, kindOf, Timestamp, type ValueKind } from "@dlt/core";
import { dateOfTimestamp, midnight, parseIso, readers, timestampFromUnixTime } from "@dlt/core/engine";

type Kind = CursorType | "text" | "number" | "decimal" | "float" | "time";

/**
 * Makes a value of a cursor from what a place holds: of the declared type, or of the type of the declared initial value. Without
 * either, the value stays as it is. A value that is of the type already is given back.
 */
export function cursorValueReader(type: CursorType | undefined, like: unknown): (native: unknown) => unknown {
  const kind = type ?? kindOfValue(like);
  if (kind === null) return (native) => native;
  const read = kindReaders[kind];
  return (native) => {
    const value = read(native, like);
    if (value !== undefined) return value;
    throw new TypeError(`expected ${kindNames[kind]}, as the cursor has`);
  };
}

const kindNames: Readonly<Record<Kind, string>> = {
  timestamp: "a date and time in ISO 8601, such as `2024-01-02T03:04:05Z`",
  date: "a date, such as `2024-01-02`",
  time: "a time of day, such as `03:04:05`",
  double: "a number",
  number: "a number",
  float: "a number",
  bigint: "an integer",
  decimal: "a decimal number",
  text: "a text",
};

const kindReaders: Readonly<Record<Kind, (native: unknown, like: unknown) => unknown>> = {
  text: (native) => readers.text(native),
  number: (native) => readers.number(native),
  double: (native) => readers.number(native),
  bigint: integerOf,
  float(native) {
    const number = isKind(native, "float") ? (native as Float).value : readers.number(native);
    return number === undefined ? undefined : new Float(number);
  },
  decimal(native) {
    if (isKind(native, "decimal")) return native;
    const text = readers.text(native)?.trim();
    return text !== undefined && /^[+-]?\d+(\.\d*)?$/.test(text) ? new Decimal(text) : undefined;
  },
  time(native) {
    const value = isoValue(native);
    return isKind(value, "time") ? value : undefined;
  },
  date(native) {
    const value = isoValue(native);
    if (isKind(value, "timestamp")) return dateOfTimestamp(value as Timestamp) ?? undefined;
    return isKind(value, "date") ? value : undefined;
  },
  timestamp(native, like) {
    const value = instantOf(native);
    if (value === null) return undefined;
    return like instanceof Date ? new Date(Number(value.micros) / 1000) : zonedLike(value, like);
  },
};

function kindOfValue(value: unknown): Kind | null {
  if (typeof value === "string") return "text";
  if (typeof value === "number") return "number";
  if (typeof value === "bigint") return "bigint";
  if (typeof value !== "object" || value === null) return null;
  if (value instanceof Date) return "timestamp";
  const kind = kindOf(value);
  return kind !== undefined && kind in kindReaders ? (kind as Kind) : null;
}

function isKind(value: unknown, kind: ValueKind): boolean {
  return typeof value === "object" && value !== null && kindOf(value) === kind;
}

/** Of a `bigint` cursor always one; otherwise a number, as long as it is exact. */
function integerOf(native: unknown, like: unknown): number | bigint | undefined {
  const text = typeof native === "bigint" ? String(native) : readers.text(native)?.trim();
  if (text === undefined || !/^[+-]?\d+$/.test(text)) return undefined;
  const integer = BigInt(text.replace(/^\+/, ""));
  const isExact = Number.isSafeInteger(Number(integer));
  return typeof like === "bigint" || !isExact ? integer : Number(integer);
}

function isoValue(native: unknown): unknown {
  return typeof native === "string" ? parseIso(native.trim()) : native;
}

/** Numbers are seconds since 1970 UTC. */
function instantOf(native: unknown): Timestamp | null {
  if (typeof native === "number" || typeof native === "bigint") return timestampFromUnixTime(native);
  const value = native instanceof Date ? Timestamp.fromDate(native) : isoValue(native);
  if (isKind(value, "date")) return midnight(value as CalendarDate);
  return isKind(value, "timestamp") ? (value as Timestamp) : null;
}

/** With an offset or without, as the other one is; a time without one is in UTC. */
function zonedLike(value: Timestamp, like: unknown): Timestamp {
  if (!isKind(like, "timestamp")) return value;
  const isNaive = (like as Timestamp).offsetMinutes === null;
  if (isNaive === (value.offsetMinutes === null)) return value;
  const { seconds, microseconds } = value;
  return new Timestamp({ seconds, microseconds, offsetMinutes: isNaive ? null : 0 });
}
