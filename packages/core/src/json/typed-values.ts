import { encodeBase64 } from "../hash/base64.js";
import { CalendarDate, midnight } from "../values/calendar-date.js";
import type { DataValue } from "../values/data-value.js";
import { type Decimal, parseDecimal } from "../values/decimal.js";
import { HexBytes, parseHexBytes } from "../values/hex-bytes.js";
import { parseIso } from "../values/iso-text.js";
import { decodeBase64AsPython } from "../values/python-base64.js";
import { TimeOfDay } from "../values/time-of-day.js";
import { Timestamp } from "../values/timestamp.js";
import { kindOf } from "../values/value-kind.js";
import { Wei } from "../values/wei.js";
import { mapScalars } from "./map-scalars.js";
import type { JsonValue } from "./value.js";

/** What JSON cannot say travels as a string that begins with one private-use character. Format of Python dlt 1.26. */
export const typeMarkers = {
  decimal: "\uf026",
  timestamp: "\uf027",
  date: "\uf028",
  uuid: "\uf029",
  hexbytes: "\uf02a",
  bytes: "\uf02b",
  wei: "\uf02c",
  time: "\uf02d",
} as const;

/** The value of a text with a type marker; text without one, or that does not fit its marker, as it is. */
export function decodeMarked(text: string): DataValue {
  if (!isMarked(text)) return text;
  return unmarked(text.charAt(0), text.slice(1)) ?? text;
}

/** Decodes all marked texts within a value, but not keys. */
export function decodeTyped(value: JsonValue): DataValue {
  return mapScalars(value, (scalar) => (typeof scalar === "string" ? decodeMarked(scalar) : scalar));
}

/** Takes the type markers off all texts within a value, but not off keys; the text after a marker stays. */
export function removeMarkers(value: DataValue): DataValue {
  return mapScalars(value, (scalar) => (typeof scalar === "string" && isMarked(scalar) ? scalar.slice(1) : scalar));
}

/**
 * A value as a document holds it: typed values are the texts behind their markers (an instant in UTC ends in `+00:00`), and
 * texts have no markers. Keys stay.
 */
export function documentValue(value: DataValue): DataValue {
  return mapScalars(value, (scalar) => {
    if (typeof scalar === "string") return isMarked(scalar) ? scalar.slice(1) : scalar;
    const text = typeof scalar === "object" && scalar !== null ? typedText(scalar, { marked: true }) : undefined;
    return text === undefined ? scalar : text.slice(1);
  });
}

function isMarked(text: string): boolean {
  const first = text.charCodeAt(0);
  return text.length > 1 && first >= firstMarker && first <= lastMarker;
}

const firstMarker = 0xf026;
const lastMarker = 0xf02d;

/** `null` when the text does not fit. */
function unmarked(marker: string, text: string): DataValue {
  switch (marker) {
    case typeMarkers.decimal:
      return parseDecimal(text);
    case typeMarkers.timestamp: {
      const value = parseIso(text);
      return value instanceof CalendarDate ? midnight(value) : value instanceof Timestamp ? value : null;
    }
    case typeMarkers.date: {
      const value = writtenDate.test(text) ? parseIso(text) : null;
      return value instanceof CalendarDate ? value : null;
    }
    case typeMarkers.time: {
      const [, digits, colon] = writtenTime.exec(text) ?? [];
      const value = digits === undefined ? null : parseIso(colon === undefined ? `T${digits}` : digits);
      return value instanceof TimeOfDay ? value : null;
    }
    case typeMarkers.hexbytes: {
      const bytes = parseHexBytes(text);
      return bytes === null ? null : new HexBytes(bytes);
    }
    case typeMarkers.bytes:
      return decodeBase64AsPython(text);
    case typeMarkers.wei: {
      const decimal = parseDecimal(text);
      return decimal === null ? null : new Wei(decimal);
    }
    default:
      return uuidText(text);
  }
}

// Dates and times behind a marker have fewer forms than in text: days, not months or years; two digits each.
const writtenDate = /^\d{4}(?:-\d\d-\d\d|\d{4}|-?W\d\d(?:-?\d)?)$/;
const writtenTime = /^T?(\d\d(?:(:)\d\d(?::\d\d(?:[.,]\d+)?)?|\d\d(?:\d\d(?:[.,]\d+)?)?)?(?:Z|[+-]\d\d(?::?\d\d)?)?)$/;

/** A UUID is text here, in its usual form; `null` when it is none. */
function uuidText(text: string): string | null {
  const digits = text
    .replace(/urn:|uuid:/g, "")
    .replace(/^[{}]+|[{}]+$/g, "")
    .replaceAll("-", "")
    .toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(digits)) return null;
  return [0, 8, 12, 16, 20].map((start, part) => digits.slice(start, [8, 12, 16, 20, 32][part])).join("-");
}

/**
 * The text of a typed value in JSON and its marker; `undefined` for any other object. Without markers an instant in UTC ends in
 * `Z`, as orjson writes it; with markers in `+00:00`.
 */
export function typedText(value: object, { marked }: { readonly marked: boolean }): string | undefined {
  switch (kindOf(value)) {
    case "decimal":
      return mark(typeMarkers.decimal, `${value as Decimal}`, marked);
    case "wei":
      return mark(typeMarkers.wei, `${value as Wei}`, marked);
    case "timestamp":
      return marked
        ? mark(typeMarkers.timestamp, `${value as Timestamp}`, marked)
        : `${value as Timestamp}`.replace("+00:00", "Z");
    case "date":
      return mark(typeMarkers.date, `${value as CalendarDate}`, marked);
    case "time":
      return mark(typeMarkers.time, `${value as TimeOfDay}`, marked);
    case "hexbytes":
      return mark(typeMarkers.hexbytes, `${value as HexBytes}`, marked);
    default:
      if (!(value instanceof Uint8Array)) return undefined;
      return mark(typeMarkers.bytes, encodeBase64(value, { padding: true }), marked);
  }
}

function mark(marker: string, text: string, marked: boolean): string {
  return marked ? marker + text : text;
}
