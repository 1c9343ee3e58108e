import { SourceError } from "../../errors/index.js";
import { compareCodePoints } from "../../json/code-point-order.js";
import { isPlainObject } from "../../json/encode.js";
import { storableValue, Unstorable } from "../../json/storable-value.js";
import type { CalendarDate } from "../../values/calendar-date.js";
import { compareDecimals, Decimal } from "../../values/decimal.js";
import type { Float } from "../../values/float.js";
import type { TimeOfDay } from "../../values/time-of-day.js";
import { Timestamp } from "../../values/timestamp.js";
import { kindOf } from "../../values/value-kind.js";
import type { Wei } from "../../values/wei.js";

type Kind = "number" | "decimal" | "text" | "date" | "time" | "aware timestamp" | "naive timestamp";

/** A value as cursors compare and keep it, and as its row is stored: a `Date` is a timestamp in UTC. */
export function cursorValue(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date) return Timestamp.fromDate(value);
  if (kindOf(value) !== undefined || Array.isArray(value) || value instanceof Map || isPlainObject(value)) return value;
  const stored = storableValue(value, { fromToJson: false });
  return stored instanceof Unstorable ? value : stored;
}

export function isTimestamp(value: unknown): value is Timestamp {
  return typeof value === "object" && value !== null && kindOf(value) === "timestamp";
}

/**
 * Negative, zero or positive. Texts compare by code points and are never parsed; integers and floats compare with each other
 * and with decimals; timestamps with an offset by their instants.
 *
 * @throws SourceError `CURSOR_NOT_COMPARABLE` for values of different kinds, and of kinds without an order
 */
export function compareCursors(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number" && Number.isFinite(a - b)) return a - b;
  if (typeof a === "string" && typeof b === "string") return compareCodePoints(a, b);
  const kindA = cursorKind(a);
  const kindB = cursorKind(b);
  if (isNumeric(kindA) && isNumeric(kindB)) return compareNumbers(a, b, kindA === "decimal" || kindB === "decimal");
  if (kindA === null || kindA !== kindB) throw notComparable(a, b);
  switch (kindA) {
    case "aware timestamp":
    case "naive timestamp":
      return compareTimestamps(a as Timestamp, b as Timestamp);
    case "date":
      return (a as CalendarDate).days - (b as CalendarDate).days;
    case "time":
      return (a as TimeOfDay).micros - (b as TimeOfDay).micros;
    default:
      throw notComparable(a, b);
  }
}

function compareTimestamps(a: Timestamp, b: Timestamp): number {
  return a.seconds - b.seconds || a.microseconds - b.microseconds;
}

function compareNumbers(a: unknown, b: unknown, exactly: boolean): number {
  if (exactly) return compareDecimals(decimalOf(a), decimalOf(b));
  const left = plainNumber(a);
  const right = plainNumber(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

function decimalOf(value: unknown): Decimal {
  if (typeof value === "object" && value !== null) {
    const kind = kindOf(value);
    if (kind === "decimal") return value as Decimal;
    if (kind === "wei") return (value as Wei).decimal;
  }
  return new Decimal(String(plainNumber(value)));
}

function plainNumber(value: unknown): number | bigint {
  if (typeof value === "object" && value !== null) return (value as Float).value;
  return typeof value === "bigint" ? value : Number(value);
}

function isNumeric(kind: Kind | null): boolean {
  return kind === "number" || kind === "decimal";
}

/** `null` for what has no order. */
function cursorKind(value: unknown): Kind | null {
  switch (typeof value) {
    case "string":
      return "text";
    case "number":
      return Number.isNaN(value) ? null : "number";
    case "bigint":
    case "boolean":
      return "number";
    case "object":
      return value === null ? null : kindOfObject(value);
    default:
      return null;
  }
}

function kindOfObject(value: object): Kind | null {
  const kind = kindOf(value);
  switch (kind) {
    case "float":
      return Number.isNaN((value as Float).value) ? null : "number";
    case "decimal":
      return (value as Decimal).special === "NaN" ? null : "decimal";
    case "wei":
      return "decimal";
    case "timestamp":
      return (value as Timestamp).offsetMinutes === null ? "naive timestamp" : "aware timestamp";
    case "date":
    case "time":
      return kind;
    default:
      return null;
  }
}

function notComparable(a: unknown, b: unknown): SourceError {
  const names = [describedKind(a), describedKind(b)];
  return new SourceError(
    "CURSOR_NOT_COMPARABLE",
    `The cursor meets values that have no order among them: ${names.join(" and ")}.`,
    {
      hint: "Give `initialValue` in the form that the rows have, or bring the field into one form with `addMap`.",
    },
  );
}

function describedKind(value: unknown): string {
  const kind = cursorKind(value);
  if (kind !== null) return `a ${kind}`.replace(/^a (?=[aeiou])/, "an ");
  return Array.isArray(value)
    ? "a list"
    : typeof value === "object"
      ? "an object"
      : `${value === undefined ? "nothing" : "not a number"}`;
}
