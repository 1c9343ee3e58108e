import type { IncrementalDefinition } from "../../authoring/definition.js";
import { SourceError } from "../../errors/index.js";
import {
  civilFromDays,
  dateText,
  daysFromCivil,
  firstIsoMonday,
  offsetText,
  secondsPerDay,
} from "../../values/calendar.js";
import { CalendarDate } from "../../values/calendar-date.js";
import { Float } from "../../values/float.js";
import { parseIso } from "../../values/iso-text.js";
import { Timestamp } from "../../values/timestamp.js";
import { kindOf } from "../../values/value-kind.js";
import type { CursorOrder } from "./order.js";

/** True when a cursor starts before its last value. */
export function hasLag({ lag, lastValueFunc, endValue }: IncrementalDefinition): boolean {
  return lag !== undefined && lag !== 0 && typeof lastValueFunc !== "function" && endValue === undefined;
}

/** True when a lag was given that nothing can be subtracted for: only the function knows what comes before its value. */
export function ignoresLag({ lag, lastValueFunc }: IncrementalDefinition): boolean {
  return lag !== undefined && lag !== 0 && typeof lastValueFunc === "function";
}

/**
 * Where a run starts whose cursor has a lag: that much before the last value (after it for `min`), but not before the initial
 * value. Seconds for timestamps and for text with a time, days for dates; text keeps its form.
 *
 * @throws SourceError `CURSOR_LAG_UNSUPPORTED` for a value that nothing can be subtracted from
 */
export function laggedStart(last: unknown, cursor: IncrementalDefinition, order: CursorOrder): unknown {
  const { cursorPath, lag = 0, lastValueFunc, initialValue } = cursor;
  const shift = { cursorPath, by: lastValueFunc === "max" ? -lag : lag };
  const lagged = shifted(last, shift);
  const bounded = initialValue !== undefined && initialValue !== null && order.compare(lagged, initialValue) < 1;
  return bounded ? initialValue : lagged;
}

/** By how much the last value of a cursor is moved. */
interface Shift {
  readonly cursorPath: string;
  readonly by: number;
}

function shifted(value: unknown, shift: Shift): unknown {
  const { by } = shift;
  if (typeof value === "string") return shiftedText(value, shift);
  if (typeof value === "number") return Number.isInteger(value) ? Math.trunc(value + by) + 0 : value + by;
  if (typeof value === "boolean") return Math.trunc(Number(value) + by) + 0;
  if (typeof value === "bigint") return value + BigInt(Math.trunc(by));
  const kind = typeof value === "object" && value !== null ? kindOf(value) : undefined;
  if (kind === "float") return new Float((value as Float).value + by);
  if (kind === "date") return new CalendarDate((value as CalendarDate).days + Math.floor(by));
  if (kind === "timestamp") return shiftedTimestamp(value as Timestamp, by);
  throw unsupported(shift, `a value of type ${kind ?? typeof value}`);
}

function shiftedTimestamp(value: Timestamp, bySeconds: number): Timestamp {
  const micros = Math.round(bySeconds * 1e6) + value.microseconds;
  const carried = Math.floor(micros / 1e6);
  return new Timestamp({
    seconds: value.seconds + carried,
    microseconds: micros - carried * 1e6,
    offsetMinutes: value.offsetMinutes,
  });
}

/** A form of date texts: seconds are what is added, unless it has days only. */
interface TextForm {
  readonly pattern: RegExp;
  readonly unit: "days" | "seconds";
  /** `text` is the value that was shifted. */
  format(value: Timestamp, text: string): string;
}

const forms: readonly TextForm[] = [
  { pattern: /^\d{4}-\d{2}-\d{2}$/, unit: "days", format: (value) => dateText(wallDays(value)) },
  { pattern: /^\d{8}$/, unit: "days", format: (value) => dateText(wallDays(value)).replaceAll("-", "") },
  {
    pattern: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/,
    unit: "seconds",
    format: (value) => value.toString().slice(0, 19),
  },
  {
    pattern: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})$/,
    unit: "seconds",
    format: (value, text) => {
      const fraction = text.includes(".") ? `.${String(value.microseconds).padStart(6, "0")}` : "";
      return value.toString().slice(0, 19) + fraction + zoneText(value, text);
    },
  },
  { pattern: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/, unit: "seconds", format: (value) => value.toString().slice(0, 16) },
  { pattern: /^\d{4}-\d{2}-\d{2}T\d{2}$/, unit: "seconds", format: (value) => value.toString().slice(0, 13) },
  { pattern: /^\d{4}-\d{2}$/, unit: "seconds", format: (value) => dateText(wallDays(value)).slice(0, 7) },
  { pattern: /^\d{6}$/, unit: "seconds", format: (value) => dateText(wallDays(value)).slice(0, 7).replace("-", "") },
  { pattern: /^\d{4}$/, unit: "seconds", format: (value) => dateText(wallDays(value)).slice(0, 4) },
  {
    pattern: /^\d{4}-W\d{2}(-\d)?$/,
    unit: "seconds",
    format: (value, text) => weekText(wallDays(value), text.length > 8),
  },
  { pattern: /^\d{4}-\d{3}$/, unit: "seconds", format: (value) => ordinalText(wallDays(value)) },
];

function shiftedText(text: string, shift: Shift): string {
  const { by } = shift;
  const form = forms.find(({ pattern }) => pattern.test(text));
  if (form === undefined) throw unsupported(shift, "text in none of the forms of a date that are known");
  const parsed = parseIso(/^\d{6}$/.test(text) ? `${text.slice(0, 4)}-${text.slice(4)}` : text);
  if (parsed === null || kindOf(parsed) === "time") throw unsupported(shift, "text that is no date of the calendar");
  const start =
    kindOf(parsed) === "date"
      ? new Timestamp({ seconds: (parsed as CalendarDate).days * secondsPerDay, offsetMinutes: null })
      : (parsed as Timestamp);
  return form.format(shiftedTimestamp(start, form.unit === "days" ? Math.floor(by) * secondsPerDay : by), text);
}

function wallDays(value: Timestamp): number {
  return Math.floor((value.seconds + (value.offsetMinutes ?? 0) * 60) / secondsPerDay);
}

function zoneText({ offsetMinutes }: Timestamp, text: string): string {
  if (text.endsWith("Z")) return "Z";
  const zone = offsetText(offsetMinutes);
  return text.at(-3) === ":" ? zone : zone.replace(":", "");
}

/** ISO 8601: `2023-W10`, `2023-W10-3`. */
function weekText(days: number, withDay: boolean): string {
  const { year } = civilFromDays(days);
  const ofYear = days >= firstIsoMonday(year + 1) ? year + 1 : days < firstIsoMonday(year) ? year - 1 : year;
  const since = days - firstIsoMonday(ofYear);
  const week = `${String(ofYear).padStart(4, "0")}-W${String(Math.floor(since / 7) + 1).padStart(2, "0")}`;
  return withDay ? `${week}-${(since % 7) + 1}` : week;
}

/** ISO 8601: `2023-062`. */
function ordinalText(days: number): string {
  const { year } = civilFromDays(days);
  const day = days - daysFromCivil({ year, month: 1, day: 1 }) + 1;
  return `${String(year).padStart(4, "0")}-${String(day).padStart(3, "0")}`;
}

function unsupported({ cursorPath }: Shift, what: string): SourceError {
  return new SourceError(
    "CURSOR_LAG_UNSUPPORTED",
    `The lag of the cursor \`${cursorPath}\` cannot be applied to the last value that was stored, ${what}.`,
    {
      hint: 'Leave out `lag`; or bring the field into a form of ISO 8601 (`2024-01-02T03:04:05Z`) with `addMap`, and run with `refresh: "drop_data"`, which forgets the stored value.',
      context: { cursor: cursorPath },
    },
  );
}
