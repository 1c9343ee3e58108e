import type { CalendarDate } from "../values/calendar-date.js";
import type { Decimal } from "../values/decimal.js";
import type { Float } from "../values/float.js";
import type { TimeOfDay } from "../values/time-of-day.js";
import type { Timestamp } from "../values/timestamp.js";
import type { ColumnNames } from "./hints.js";

/** Kind of the values of a cursor: `double` and `bigint` are seconds since 1970 UTC where times are meant. */
export type CursorType = "timestamp" | "date" | "double" | "bigint";

/** Options of an incremental cursor. */
export interface IncrementalOptions<Cursor> {
  /** Where the first run starts; also the lower bound of every later one. */
  readonly initialValue?: Cursor | undefined;
  /** Reads the range from `initialValue` to here and keeps no state, for backfills. Needs an `initialValue`. */
  readonly endValue?: Cursor | undefined;
  /**
   * Tells rows apart that have the cursor value of the boundary, so that none is loaded twice. An empty list turns this off.
   * Default: the primary key of the resource; without one, the whole row.
   */
  readonly primaryKey?: ColumnNames | ((row: never) => unknown);
  /** In which direction cursor values move from row to row, if they do: reading stops at the first row out of the range. */
  readonly rowOrder?: "asc" | "desc";
  /** Which of the values seen is kept: a function gets `[value]`, or `[value, last]`. Default: `max`. */
  readonly lastValueFunc?: "min" | "max" | ((values: readonly Cursor[]) => Cursor);
  /**
   * Starts this much before the last value: seconds for a date-time, days for a date, otherwise a number. Turns the
   * deduplication off.
   */
  readonly lag?: number;
  /** Whether a row at the start value counts. Default: `closed`, it does. */
  readonly rangeStart?: "open" | "closed";
  /** Whether a row at the end value counts. Default: `open`, it does not. */
  readonly rangeEnd?: "open" | "closed";
  /** What to do with a row whose cursor is missing or null. Default: `raise`. */
  readonly onCursorValueMissing?: "raise" | "include" | "exclude";
  /**
   * Reads the interval that a scheduler gives to the run, between `initialValue` and `endValue`, and keeps no state. A run without an
   * interval fails. Default: false.
   */
  readonly allowExternalSchedulers?: boolean;
  /** What an interval, and values of the configuration, are turned into. Default: the type of `initialValue`. */
  readonly cursorType?: CursorType;
}

/** Options for the cursor that a resource has: what is given replaces its own, the others stay. */
export type IncrementalChange = Omit<IncrementalOptions<unknown>, "lastValueFunc"> & {
  readonly cursorPath?: string;
  readonly lastValueFunc?: "min" | "max" | ((values: readonly never[]) => unknown);
};

/** A value that cursors have. */
export type CursorValue = string | number | bigint | Date | Timestamp | CalendarDate | TimeOfDay | Decimal | Float;

/**
 * What changes the cursor of a resource: another cursor, options that replace some of its own, a bare value as its `initialValue`, or
 * `null` for none.
 */
export type IncrementalHint = Incremental<unknown> | IncrementalChange | CursorValue | null;

/** A cursor over the rows of a resource. Made by `incremental`. */
export interface Incremental<out Cursor> {
  /** A field, or a JSONPath, as the author wrote it. */
  readonly cursorPath: string;
  readonly "~cursor"?: () => Cursor;
}

/** The cursor while a resource is read. */
export interface CursorWindow<Cursor> {
  /** As it was given to `incremental`. */
  readonly initialValue: Cursor | undefined;
  /** The last value of the runs before, after the lag, or the initial value. The same throughout a run. */
  readonly startValue: Cursor;
  /** The last value so far. */
  readonly lastValue: Cursor | undefined;
  readonly endValue: Cursor | undefined;
  /** How much before the last value the run starts, as it was given. */
  readonly lag: number | undefined;
  /** As it was given. */
  readonly rowOrder: "asc" | "desc" | undefined;
  /** The page before held a row below the range. */
  readonly startOutOfRange: boolean;
  /** The page before held a row beyond the range. */
  readonly endOutOfRange: boolean;
  /** No later row can be in the range: with `rowOrder: "asc"` the end was passed, with `"desc"` the start. */
  canClose(): boolean;
}
