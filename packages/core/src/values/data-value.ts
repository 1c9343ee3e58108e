import type { CalendarDate } from "./calendar-date.js";
import type { Decimal } from "./decimal.js";
import type { Float } from "./float.js";
import type { HexBytes } from "./hex-bytes.js";
import type { TimeOfDay } from "./time-of-day.js";
import type { Timestamp } from "./timestamp.js";
import type { Wei } from "./wei.js";

/**
 * A value of a row: JSON as `JsonValue` has it, and what JSON cannot say. An integer is a `number` up to ±(2^53 − 1) and a
 * `bigint` beyond; a double is a `number` unless it is integral, then a `Float`.
 */
export type DataValue =
  | null
  | boolean
  | string
  | number
  | bigint
  | Float
  | Decimal
  | Wei
  | Timestamp
  | CalendarDate
  | TimeOfDay
  | Uint8Array
  | HexBytes
  | readonly DataValue[]
  | ReadonlyMap<string, DataValue>;
