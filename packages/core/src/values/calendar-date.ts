import { SchemaError } from "../errors/index.js";
import { dateText, daysFromCivil, daysInMonth, firstDay, lastDay, secondsPerDay } from "./calendar.js";
import { normalizeTimestamp, Timestamp } from "./timestamp.js";
import { valueKind } from "./value-kind.js";

/** A date without a time, years 1 to 9999. */
export class CalendarDate {
  /** Since 1970-01-01. */
  readonly days: number;

  /** @throws SchemaError `DATE_OUT_OF_RANGE` outside of the years 1 to 9999 */
  constructor(days: number) {
    if (!Number.isInteger(days) || days < firstDay || days > lastDay) throw outOfRange();
    this.days = days;
  }

  /** Months and days count from 1. */
  static of(year: number, month: number, day: number): CalendarDate {
    if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) throw outOfRange();
    return new CalendarDate(daysFromCivil({ year, month, day }));
  }

  get [valueKind]() {
    return "date" as const;
  }

  /** `2024-01-02` */
  toString(): string {
    return dateText(this.days);
  }

  toJSON(): string {
    return this.toString();
  }
}

/** Midnight of the date, naive. */
export function midnight(date: CalendarDate): Timestamp {
  return new Timestamp({ seconds: date.days * secondsPerDay, offsetMinutes: null });
}

/** The date in UTC; `null` outside of the years 1 to 9999. */
export function dateOfTimestamp(timestamp: Timestamp): CalendarDate | null {
  const utc = normalizeTimestamp(timestamp, { timezone: true });
  return utc === null ? null : new CalendarDate(Math.floor(utc.seconds / secondsPerDay));
}

function outOfRange(): SchemaError {
  return new SchemaError("DATE_OUT_OF_RANGE", "A date does not exist or lies outside of the years 1 to 9999.", {
    hint: "Use null for a date that is not known.",
  });
}
