import { SchemaError } from "../errors/index.js";
import { dateText, firstDay, lastDay, offsetText, secondsPerDay, timeText } from "./calendar.js";
import { valueKind } from "./value-kind.js";

export interface TimestampParts {
  /** Since 1970-01-01T00:00:00, in UTC; of a naive value as if its wall time were UTC. */
  readonly seconds: number;
  /** 0 to 999,999, added to `seconds`. Default: 0. */
  readonly microseconds?: number;
  /** East of UTC. `null`: naive, a wall time without a zone. Default: 0. */
  readonly offsetMinutes?: number | null;
}

/** A date and time of day, to the microsecond, years 1 to 9999: an instant with the offset it was written with, or naive. */
export class Timestamp {
  readonly seconds: number;
  readonly microseconds: number;
  readonly offsetMinutes: number | null;

  /** @throws SchemaError `TIMESTAMP_OUT_OF_RANGE` when the wall time is not within the years 1 to 9999 */
  constructor({ seconds, microseconds = 0, offsetMinutes = 0 }: TimestampParts) {
    if (!isInRange(seconds + (offsetMinutes ?? 0) * 60)) throw outOfRange();
    this.seconds = seconds;
    this.microseconds = microseconds;
    this.offsetMinutes = offsetMinutes;
  }

  /** The instant of a `Date`, in UTC. */
  static fromDate(date: Date): Timestamp {
    const ms = date.getTime();
    if (Number.isNaN(ms)) throw outOfRange();
    const seconds = Math.floor(ms / 1000);
    return new Timestamp({ seconds, microseconds: (ms - seconds * 1000) * 1000 });
  }

  /** Microseconds since 1970, in UTC or naive. */
  static fromMicros(micros: bigint, offsetMinutes: number | null = 0): Timestamp {
    const microseconds = ((micros % million) + million) % million;
    return new Timestamp({
      seconds: Number((micros - microseconds) / million),
      microseconds: Number(microseconds),
      offsetMinutes,
    });
  }

  get [valueKind]() {
    return "timestamp" as const;
  }

  /** Microseconds since 1970; of a naive value as if its wall time were UTC. */
  get micros(): bigint {
    return BigInt(this.seconds) * million + BigInt(this.microseconds);
  }

  /** ISO 8601, offset kept: `2024-01-02T03:04:05.678000+00:00`, or naive `2024-01-02T03:04:05`. */
  toString(): string {
    const wall = this.seconds + (this.offsetMinutes ?? 0) * 60;
    const days = Math.floor(wall / secondsPerDay);
    const time = timeText(wall - days * secondsPerDay, this.microseconds);
    return `${dateText(days)}T${time}${offsetText(this.offsetMinutes)}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

/**
 * The timestamp as a column holds it: in UTC, or without zone where the column's `timezone` is false. A naive value counts as
 * UTC. `null` when it leaves the years 1 to 9999 on the way.
 */
export function normalizeTimestamp(
  timestamp: Timestamp,
  { timezone }: { readonly timezone: boolean },
): Timestamp | null {
  if (!isInRange(timestamp.seconds)) return null;
  return new Timestamp({
    seconds: timestamp.seconds,
    microseconds: timestamp.microseconds,
    offsetMinutes: timezone ? 0 : null,
  });
}

/** False for an instant that is within the years 1 to 9999 only where it was written, such as 9999-12-31T23:59:59-10:00. */
export function isWithinUtcYears({ seconds }: Timestamp): boolean {
  return isInRange(seconds);
}

/** Cuts the fraction of a second down to `digits` digits. */
export function truncateTimestamp(timestamp: Timestamp, digits: number): Timestamp {
  return new Timestamp({ ...timestamp, microseconds: truncateMicroseconds(timestamp.microseconds, digits) });
}

/** Cuts a number of microseconds below a second down to `digits` digits of the second; from 6 on nothing is lost. */
export function truncateMicroseconds(microseconds: number, digits: number): number {
  const unit = 10 ** Math.max(0, 6 - digits);
  return microseconds - (microseconds % unit);
}

/** Unix time as a timestamp in UTC, rounded to microseconds, half to even; `null` outside of the years 1 to 9999. */
export function timestampFromUnixTime(unixTime: number | bigint): Timestamp | null {
  if (unixTime < firstSecond || unixTime > lastSecond + 1) return null;
  const total = Number(unixTime);
  let seconds = Math.trunc(total) + 0; // never -0
  let microseconds = roundedHalfEven((total - seconds) * 1e6) + 0;
  if (microseconds < 0) {
    seconds--;
    microseconds += 1e6;
  } else if (microseconds === 1e6) {
    seconds++;
    microseconds = 0;
  }
  return isInRange(seconds) ? new Timestamp({ seconds, microseconds }) : null;
}

const million = 1_000_000n;
const firstSecond = firstDay * secondsPerDay;
const lastSecond = (lastDay + 1) * secondsPerDay - 1;

function isInRange(seconds: number): boolean {
  return seconds >= firstSecond && seconds <= lastSecond;
}

function roundedHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest === 0.5) return floor % 2 === 0 ? floor : floor + 1;
  return Math.round(value);
}

function outOfRange(): SchemaError {
  return new SchemaError("TIMESTAMP_OUT_OF_RANGE", "A timestamp is not valid or lies outside of the years 1 to 9999.", {
    hint: "Use null for a time that is not known.",
  });
}
