import {
  daysFromCivil,
  daysInMonth,
  firstDay,
  firstIsoMonday,
  isLeapYear,
  isoWeeksInYear,
  lastDay,
  secondsPerDay,
} from "./calendar.js";
import { CalendarDate } from "./calendar-date.js";
import { asciiDigits } from "./number-text.js";
import { TimeOfDay } from "./time-of-day.js";
import { Timestamp } from "./timestamp.js";

/**
 * Reads a date, a time of day, or both, in the forms of ISO 8601 (`2024-01-02T03:04:05.678Z`, `20240102T0304`, `2024-W01-1`,
 * `2024-032`, `2024`, `03:04`, `T03`), then in some common ones (`2024/01/02 3:4:5`, `3:04`). Upper case, no white space
 * around. Digits of a fraction beyond the sixth are dropped. `null` for any other text.
 */
export function parseIso(text: string): Timestamp | CalendarDate | TimeOfDay | null {
  return parseStandard(text) ?? parseCommon(text);
}

/** How dates and times go together: extended (`-` and `:`) or basic (neither). */
type Style = "extended" | "basic";

interface DatePart {
  readonly days: number;
  readonly length: number;
  /** `null`: nothing may follow. */
  readonly style: Style | null;
}

interface TimePart {
  readonly second: number;
  readonly microseconds: number;
  readonly offsetMinutes: number | null;
}

function parseStandard(text: string): Timestamp | CalendarDate | TimeOfDay | null {
  const date = matchDate(text);
  if (date === null) {
    const leading = text.startsWith("T");
    if (!leading && text.charAt(2) !== ":") return null;
    const time = leading ? matchTime(text.slice(1), "basic") : matchTime(text, "extended");
    return time === null ? null : timeOfDay(time);
  }
  if (!(date.days >= firstDay && date.days <= lastDay)) return null; // NaN too
  if (text.length === date.length) return new CalendarDate(date.days);
  const separator = text.charAt(date.length);
  if (date.style === null || (separator !== "T" && separator !== " ")) return null;
  const time = matchTime(text.slice(date.length + 1), date.style);
  return time === null ? null : timestamp(date.days, time);
}

// A date ends where neither a digit nor a dash follows, so that `2024-013` is not read as `2024-01` and a rest.
const calendarDate = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?|(\d{2})(\d{2}))(?![\d-])/;
const ordinalDate = /^(\d{4})(-?)(\d{3})(?!\d)/;
const weekDate = /^(\d{4})(-?)W(\d{2})(?:(-?)(\d))?(?![\d-])/;
const bareYear = /^(\d{4})$/;

function matchDate(text: string): DatePart | null {
  const calendar = calendarDate.exec(text);
  if (calendar !== null) {
    const [{ length }, year, month, day, basicMonth, basicDay] = calendar;
    const days = calendarDays(Number(year), Number(month ?? basicMonth), Number(day ?? basicDay ?? 1));
    return { days, length, style: month === undefined ? "basic" : "extended" };
  }
  const ordinal = ordinalDate.exec(text);
  if (ordinal !== null) {
    const [{ length }, year, dash, day] = ordinal;
    return { days: ordinalDays(Number(year), Number(day)), length, style: dash === "" ? "basic" : "extended" };
  }
  const week = weekDate.exec(text);
  if (week !== null) {
    const [{ length }, year, dash, number, secondDash = dash, weekday = "1"] = week;
    if (secondDash !== dash) return null;
    const days = weekDays(Number(year), Number(number), Number(weekday));
    return { days, length, style: dash === "" ? "basic" : "extended" };
  }
  const year = bareYear.exec(text);
  return year === null ? null : { days: calendarDays(Number(year[1]), 1, 1), length: 4, style: null };
}

const extendedTime = /^(\d{2})(?::(\d{2})(?::(\d{2})(?:[.,](\d+))?)?)?(Z|[+-].*)?$/;
// After a basic date hours and minutes may have a colon, seconds not.
const basicTime = /^(\d{2})(?::?(\d{2})|(\d{2})(\d{2})(?:[.,](\d+))?)?(Z|[+-].*)?$/;

function matchTime(text: string, style: Style): TimePart | null {
  if (style === "extended") {
    const match = extendedTime.exec(text);
    return match === null ? null : timePart(match[1], match[2], match[3], match[4], match[5]);
  }
  const match = basicTime.exec(text);
  if (match === null) return null;
  const [, hour, minute, minuteBeforeSecond, second, fraction, zone] = match;
  return timePart(hour, minute ?? minuteBeforeSecond, second, fraction, zone);
}

// Optional date and optional time, of which at least one is there.
const common = /^(?:(\d{4})(?:[/:]?(\d{2})[/:]?(\d{2}))?)?( ?(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?(?:[.,|](\d{1,9}))?)?$/;

// Unlike the standard forms the common ones take every decimal digit of Unicode.
function parseCommon(text: string): Timestamp | CalendarDate | TimeOfDay | null {
  const match = common.exec(asciiDigits(text));
  if (match === null) return null;
  const [, year, month = "1", day = "1", clock, hour, minute, second, fraction] = match;
  const time = clock === undefined ? null : timePart(hour, minute, second, fraction, undefined);
  if (clock !== undefined && time === null) return null;
  if (year === undefined) return time === null ? null : timeOfDay(time);
  const days = calendarDays(Number(year), Number(month), Number(day));
  if (Number.isNaN(days)) return null;
  return time === null ? new CalendarDate(days) : timestamp(days, time);
}

/** NaN for a day that does not exist. */
function calendarDays(year: number, month: number, day: number): number {
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return Number.NaN;
  return daysFromCivil({ year, month, day });
}

function ordinalDays(year: number, day: number): number {
  if (year < 1 || day < 1 || day > (isLeapYear(year) ? 366 : 365)) return Number.NaN;
  return daysFromCivil({ year, month: 1, day: 1 }) + day - 1;
}

// Week 0 is the one before week 1, weekday 0 the day before Monday: the reference takes both.
function weekDays(year: number, week: number, weekday: number): number {
  if (week > isoWeeksInYear(year) || weekday > 7) return Number.NaN;
  return firstIsoMonday(year) + (week - 1) * 7 + weekday - 1;
}

type Digits = string | undefined;

function timePart(hour: Digits, minute: Digits, second: Digits, fraction: Digits, zone: Digits): TimePart | null {
  const hours = Number(hour);
  const minutes = Number(minute ?? 0);
  const seconds = Number(second ?? 0);
  const offsetMinutes = zone === undefined ? null : matchZone(zone);
  if (hours > 23 || minutes > 59 || seconds > 59 || Number.isNaN(offsetMinutes)) return null;
  return {
    second: hours * 3600 + minutes * 60 + seconds,
    microseconds: fraction === undefined ? 0 : Number(fraction.slice(0, 6).padEnd(6, "0")),
    offsetMinutes,
  };
}

/** NaN for an offset that does not exist. */
function matchZone(zone: string): number {
  if (zone === "Z") return 0;
  const match = /^([+-])(\d{2})(?::?(\d{2}))?$/.exec(zone);
  if (match === null) return Number.NaN;
  // The reference carries minutes beyond 59 over to the hours.
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  if (minutes >= 24 * 60) return Number.NaN;
  return (match[1] === "-" ? -1 : 1) * minutes + 0;
}

function timestamp(days: number, { second, microseconds, offsetMinutes }: TimePart): Timestamp {
  const seconds = days * secondsPerDay + second - (offsetMinutes ?? 0) * 60;
  return new Timestamp({ seconds, microseconds, offsetMinutes });
}

function timeOfDay({ second, microseconds, offsetMinutes }: TimePart): TimeOfDay {
  return new TimeOfDay(second * 1e6 + microseconds, offsetMinutes);
}
