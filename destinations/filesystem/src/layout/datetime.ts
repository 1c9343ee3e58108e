import { Timestamp } from "@dlt/core";

/** A time: ISO 8601 text (without an offset: in UTC), a `Date`, or a function that gives either; it is asked once for a load. */
export type DatetimeSource = string | Date | (() => string | Date);

/** @throws TypeError with the end of a sentence that names the setting */
export function parseDatetimeSource(native: unknown): DatetimeSource {
  if (typeof native === "function") return native as () => string | Date;
  if (readDatetime(native) === null) throw new TypeError("expected a time such as 2024-06-20T12:00:00+02:00");
  return native as string | Date;
}

const isoText =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?(?:(Z)|([+-])(\d\d):?(\d\d))?$/i;

/** A time from a `Date` or ISO 8601 text, with the offset of the text; `null` for anything else. */
export function readDatetime(native: unknown): Timestamp | null {
  if (native instanceof Date) return Number.isNaN(native.getTime()) ? null : Timestamp.fromDate(native);
  const match = typeof native === "string" ? isoText.exec(native.trim()) : null;
  if (match === null) return null;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", , sign, hours, minutes] = match;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hour), Number(minute), Number(second));
  // The 31st of June became the 1st of July, and 24 o'clock the next day.
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day) || Number(minute) > 59) return null;
  const offsetMinutes = sign === undefined ? 0 : (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  return new Timestamp({
    seconds: date.getTime() / 1000 - offsetMinutes * 60,
    microseconds: Number(fraction.padEnd(6, "0").slice(0, 6)),
    offsetMinutes,
  });
}

const months = "january february march april may june july august september october november december".split(" ");
const days = "sunday monday tuesday wednesday thursday friday saturday".split(" ");

const digits = (value: number, length: number): string => String(value).padStart(length, "0");

/** The tokens of a wall time, as the library pendulum formats them, in lower case. */
const tokens: Readonly<Record<string, (wall: Date, microseconds: number) => string>> = {
  YYYY: (wall) => digits(wall.getUTCFullYear(), 4),
  YY: (wall) => digits(wall.getUTCFullYear() % 100, 2),
  Y: (wall) => String(wall.getUTCFullYear()),
  Q: (wall) => String(Math.floor(wall.getUTCMonth() / 3) + 1),
  MMMM: (wall) => months[wall.getUTCMonth()] ?? "",
  MMM: (wall) => (months[wall.getUTCMonth()] ?? "").slice(0, 3),
  MM: (wall) => digits(wall.getUTCMonth() + 1, 2),
  M: (wall) => String(wall.getUTCMonth() + 1),
  DD: (wall) => digits(wall.getUTCDate(), 2),
  D: (wall) => String(wall.getUTCDate()),
  HH: (wall) => digits(wall.getUTCHours(), 2),
  H: (wall) => String(wall.getUTCHours()),
  mm: (wall) => digits(wall.getUTCMinutes(), 2),
  m: (wall) => String(wall.getUTCMinutes()),
  ss: (wall) => digits(wall.getUTCSeconds(), 2),
  s: (wall) => String(wall.getUTCSeconds()),
  SSSS: (_, microseconds) => digits(Math.floor(microseconds / 100), 4),
  SSS: (_, microseconds) => digits(Math.floor(microseconds / 1000), 3),
  SS: (_, microseconds) => digits(Math.floor(microseconds / 10_000), 2),
  S: (_, microseconds) => String(Math.floor(microseconds / 100_000)),
  dddd: (wall) => days[wall.getUTCDay()] ?? "",
  ddd: (wall) => (days[wall.getUTCDay()] ?? "").slice(0, 3),
  dd: (wall) => (days[wall.getUTCDay()] ?? "").slice(0, 2),
  d: (wall) => String(wall.getUTCDay()),
  curr_date: (wall) =>
    `${digits(wall.getUTCFullYear(), 4)}-${digits(wall.getUTCMonth() + 1, 2)}-${digits(wall.getUTCDate(), 2)}`,
};

/** Names of the placeholders that stand for parts of a date or time, with what their values look like. */
export const datetimePatterns: readonly (readonly [name: string, pattern: string])[] = Object.keys(tokens).map(
  (name) => {
    if (name === "curr_date") return [name, "\\d{4}-\\d\\d-\\d\\d"];
    return [name, ["MMMM", "MMM", "dddd", "ddd", "dd"].includes(name) ? "[a-z]+" : "\\d+"];
  },
);

/** Their values for a time, as a clock on the wall shows it at its offset. */
export function datetimeValues(time: Timestamp): Readonly<Record<string, string>> {
  const wall = new Date((time.seconds + (time.offsetMinutes ?? 0) * 60) * 1000);
  return Object.fromEntries(Object.entries(tokens).map(([name, format]) => [name, format(wall, time.microseconds)]));
}
