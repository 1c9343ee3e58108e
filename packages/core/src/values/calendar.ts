/** Date of the proleptic Gregorian calendar. Months and days count from 1. */
export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export const firstDay = -719162; // 0001-01-01
export const lastDay = 2932896; // 9999-12-31
export const secondsPerDay = 86400;

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

export function daysInMonth(year: number, month: number): number {
  return month === 2 ? (isLeapYear(year) ? 29 : 28) : 30 + ((month + (month >> 3)) & 1);
}

/** Days since 1970-01-01. Howard Hinnant, "chrono-compatible low-level date algorithms": years begin in March. */
export function daysFromCivil({ year, month, day }: CivilDate): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146097 + dayOfEra - 719468;
}

/** Undoes `daysFromCivil`. */
export function civilFromDays(days: number): CivilDate {
  const shifted = days + 719468;
  const era = Math.floor(shifted / 146097);
  const dayOfEra = shifted - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
  };
}

/** Monday of ISO week 1: the week with January 4. In days since 1970. */
export function firstIsoMonday(year: number): number {
  const fourth = daysFromCivil({ year, month: 1, day: 4 });
  return fourth - isoWeekday(fourth) + 1;
}

/** 52 or 53. */
export function isoWeeksInYear(year: number): number {
  return (firstIsoMonday(year + 1) - firstIsoMonday(year)) / 7;
}

/** `2024-01-02` */
export function dateText(days: number): string {
  const { year, month, day } = civilFromDays(days);
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}`;
}

/** `03:04:05`, with six digits of a fraction unless it is zero. */
export function timeText(secondOfDay: number, microseconds: number): string {
  const hours = Math.floor(secondOfDay / 3600);
  const minutes = Math.floor(secondOfDay / 60) % 60;
  const text = `${padded(hours, 2)}:${padded(minutes, 2)}:${padded(secondOfDay % 60, 2)}`;
  return microseconds === 0 ? text : `${text}.${padded(microseconds, 6)}`;
}

/** `+02:00`; empty for a naive value. */
export function offsetText(offsetMinutes: number | null): string {
  if (offsetMinutes === null) return "";
  const magnitude = Math.abs(offsetMinutes);
  return `${offsetMinutes < 0 ? "-" : "+"}${padded(Math.floor(magnitude / 60), 2)}:${padded(magnitude % 60, 2)}`;
}

/** 1 (Monday) to 7. */
function isoWeekday(days: number): number {
  return ((((days + 3) % 7) + 7) % 7) + 1;
}

function padded(value: number, width: number): string {
  return `${value}`.padStart(width, "0");
}
