import type { DataType } from "../contract/schema.js";
import { CalendarDate } from "./calendar-date.js";
import type { DataValue } from "./data-value.js";
import { Float } from "./float.js";
import { HexBytes } from "./hex-bytes.js";
import { parseIso } from "./iso-text.js";
import { Timestamp } from "./timestamp.js";
import { maxWeiInteger, Wei } from "./wei.js";

/** Looks at the first value of a column: the type that the column gets, or `null` to leave it at the value's own type. */
type Detector = (value: DataValue, nowMicros: bigint) => DataType | null;

/** By their names in a schema's `detections`. */
export const detectors = {
  /** Text that is a date with a time. */
  iso_timestamp: (value) => (typeof value === "string" && parseIso(value) instanceof Timestamp ? "timestamp" : null),
  /** Text that is a date alone. */
  iso_date: (value) => (typeof value === "string" && parseIso(value) instanceof CalendarDate ? "date" : null),
  /** A number that is unix time within five years of now. */
  timestamp: (value, nowMicros) => {
    const number = value instanceof Float ? value.value : value;
    if (typeof number !== "number" && typeof number !== "bigint") return null;
    return Math.abs(Number(number) - Number(nowMicros) / 1e6) <= 5 * 31_536_000 ? "timestamp" : null;
  },
  /** An integer beyond 64 bits: wei, or text beyond the range of wei. */
  large_integer: (value) => {
    if (typeof value !== "bigint" || value <= maxInt64) return null;
    return value > maxWeiInteger ? "text" : "wei";
  },
  hexbytes_to_text: (value) => (value instanceof HexBytes ? "text" : null),
  wei_to_double: (value) => (value instanceof Wei ? "double" : null),
} as const satisfies Readonly<Record<string, Detector>>;

export type DetectorName = keyof typeof detectors;

/** A type and the detector that says so. */
export interface Detected {
  readonly detection: DetectorName;
  readonly dataType: DataType;
}

/** What the first of the detectors says that has an opinion; `null` when none has. `nowMicros`: since 1970 UTC. */
export function detect(value: DataValue, names: readonly DetectorName[], nowMicros: bigint): Detected | null {
  for (const detection of names) {
    const dataType = detectors[detection](value, nowMicros);
    if (dataType !== null) return { detection, dataType };
  }
  return null;
}

/** The type alone. */
export function detectType(value: DataValue, names: readonly DetectorName[], nowMicros: bigint): DataType | null {
  return detect(value, names, nowMicros)?.dataType ?? null;
}

const maxInt64 = 2n ** 63n - 1n;
