import { SchemaError } from "../errors/index.js";
import { offsetText, secondsPerDay, timeText } from "./calendar.js";
import { valueKind } from "./value-kind.js";

/** A time of day, to the microsecond. */
export class TimeOfDay {
  /** Since midnight, less than a day. */
  readonly micros: number;
  /** East of UTC; `null` for a naive time, which is the usual one. */
  readonly offsetMinutes: number | null;

  /** @throws SchemaError `TIME_OUT_OF_RANGE` unless `micros` is an integer within a day */
  constructor(micros: number, offsetMinutes: number | null = null) {
    if (!Number.isInteger(micros) || micros < 0 || micros >= microsPerDay) {
      throw new SchemaError("TIME_OUT_OF_RANGE", "A time of day has to be within 00:00:00 and 23:59:59.999999.");
    }
    this.micros = micros;
    this.offsetMinutes = offsetMinutes;
  }

  get [valueKind]() {
    return "time" as const;
  }

  /** `03:04:05.000600`, with the offset if there is one: `03:04:05+02:00`. */
  toString(): string {
    return timeText(Math.floor(this.micros / 1e6), this.micros % 1e6) + offsetText(this.offsetMinutes);
  }

  toJSON(): string {
    return this.toString();
  }
}

/** The time as a column holds it: shifted to UTC, without offset. */
export function normalizeTime(time: TimeOfDay): TimeOfDay {
  if (time.offsetMinutes === null) return time;
  return new TimeOfDay((time.micros - time.offsetMinutes * 60e6 + microsPerDay) % microsPerDay);
}

const microsPerDay = secondsPerDay * 1e6;
