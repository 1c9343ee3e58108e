import type { SettingType } from "../contract/config.js";
import { decodeBase64 } from "../hash/base64.js";
import { CalendarDate, midnight } from "../values/calendar-date.js";
import { Decimal, parseDecimal } from "../values/decimal.js";
import { parseHexBytes } from "../values/hex-bytes.js";
import { parseIso } from "../values/iso-text.js";
import { readers } from "../values/setting-text.js";
import { TimeOfDay } from "../values/time-of-day.js";
import { Timestamp } from "../values/timestamp.js";
import { kindOf } from "../values/value-kind.js";

/** What a declared type is in code. */
export interface SettingTypes {
  readonly text: string;
  readonly boolean: boolean;
  /** Up to 2^53. */
  readonly integer: number;
  readonly number: number;
  readonly decimal: Decimal;
  readonly bytes: Uint8Array;
  /** Without an offset in its text it is naive. */
  readonly timestamp: Timestamp;
  readonly date: CalendarDate;
  readonly time: TimeOfDay;
  readonly list: readonly unknown[];
  readonly object: Readonly<Record<string, unknown>>;
}

interface Kind {
  /** Ends the sentence "expected …". */
  readonly wanted: string;
  /** From text of a variable, or a value of TOML; `undefined`: it is something else. */
  read(native: unknown): unknown;
  /** Whether a value given in code is of the type. */
  holds(value: unknown): boolean;
}

/** Rules of each type: what is read from a place, and what is taken from code. */
export const settingTypes: { readonly [Type in SettingType]: Kind } = {
  text: { wanted: "a text", read: readers.text, holds: (value) => typeof value === "string" },
  boolean: {
    wanted: "yes or no (true, false, 1, 0)",
    read: readers.boolean,
    holds: (value) => typeof value === "boolean",
  },
  integer: { wanted: "an integer", read: readers.integer, holds: Number.isSafeInteger },
  number: { wanted: "a number", read: readers.number, holds: (value) => typeof value === "number" },
  decimal: { wanted: "a decimal number", read: readDecimal, holds: isKind("decimal") },
  bytes: { wanted: "bytes as Base64, or as hexadecimal digits after `0x`", read: readBytes, holds: isBytes },
  timestamp: { wanted: "a time of ISO 8601", read: readTimestamp, holds: isKind("timestamp") },
  date: {
    wanted: "a date of ISO 8601",
    read: (native) => {
      const value = typeof native === "string" ? parseIso(native.trim()) : native;
      return value instanceof CalendarDate ? value : undefined;
    },
    holds: isKind("date"),
  },
  time: {
    wanted: "a time of day of ISO 8601",
    read: (native) => {
      const value = typeof native === "string" ? parseIso(native.trim()) : native;
      return value instanceof TimeOfDay ? value : undefined;
    },
    holds: isKind("time"),
  },
  list: { wanted: "a list, in text as JSON", read: readList, holds: Array.isArray },
  object: {
    wanted: "an object, in text as JSON",
    read: (native) => {
      const value = readers.structure(native);
      return Array.isArray(value) ? undefined : value;
    },
    holds: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  },
};

function isKind(kind: string): (value: unknown) => boolean {
  return (value) => typeof value === "object" && value !== null && kindOf(value) === kind;
}

function isBytes(value: unknown): boolean {
  return value instanceof Uint8Array;
}

function readDecimal(native: unknown): Decimal | undefined {
  const text = readers.text(native)?.trim() ?? "";
  if (/^0x[\da-f]+$/i.test(text)) return new Decimal(BigInt(text));
  return parseDecimal(text) ?? undefined;
}

function readBytes(native: unknown): Uint8Array | undefined {
  if (typeof native !== "string") return undefined;
  const text = native.trim();
  return (text.startsWith("0x") ? parseHexBytes(text) : decodeBase64(text)) ?? undefined;
}

function readTimestamp(native: unknown): Timestamp | undefined {
  if (typeof native === "number" && Number.isFinite(native)) return Timestamp.fromDate(new Date(native * 1000));
  const value = typeof native === "string" ? parseIso(native.trim().toUpperCase()) : null;
  if (value instanceof CalendarDate) return midnight(value);
  return value instanceof Timestamp ? value : undefined;
}

/** `(1, 2)`, as Python writes tuples, is taken like `[1, 2]`. */
function readList(native: unknown): readonly unknown[] | undefined {
  const tuple = typeof native === "string" ? /^\s*\((.*?),?\s*\)\s*$/s.exec(native) : null;
  const value = readers.structure(tuple === null ? native : `[${tuple[1]}]`);
  return Array.isArray(value) ? value : undefined;
}
