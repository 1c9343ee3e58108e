import type { IncrementalDefinition } from "../../authoring/definition.js";
import type { CursorType } from "../../contract/incremental.js";
import { SourceError } from "../../errors/index.js";
import { secondsPerDay } from "../../values/calendar.js";
import { CalendarDate } from "../../values/calendar-date.js";
import { Timestamp } from "../../values/timestamp.js";
import { cursorTypeOf } from "./cursor-type.js";
import { cursorValue, isTimestamp } from "./cursor-value.js";
import { cursorOrder } from "./order.js";

/** From `start` to `end`, both instants with an offset. */
export interface Interval {
  readonly start: Timestamp;
  readonly end: Timestamp;
}

/**
 * The cursor that reads an interval: its bounds are those of the interval in the cursor's type, but not outside of `initialValue` and
 * `endValue`. Where the two do not meet, the range is empty.
 *
 * @throws SourceError `SCHEDULER_NOT_JOINED`
 */
export function intervalCursor(
  cursor: IncrementalDefinition,
  interval: Interval,
  resource: string,
): IncrementalDefinition {
  const { initialValue, endValue, lastValueFunc } = cursor;
  const type = cursor.cursorType ?? cursorTypeOf(initialValue);
  if (type === null || type === "text") throw unknownType(cursor, { resource, isText: type === "text" });
  if (lastValueFunc === "min") throw readsBackwards(cursor, resource);
  const order = cursorOrder(cursor);
  const notBeyond = (value: unknown, other: unknown): boolean =>
    order.compare(cursorValue(value), cursorValue(other)) < 1;
  const start = boundOf(interval.start, type, initialValue);
  const end = boundOf(interval.end, type, initialValue);
  return {
    ...cursor,
    initialValue: initialValue !== undefined && notBeyond(start, initialValue) ? initialValue : start,
    endValue: endValue !== undefined && notBeyond(endValue, end) ? endValue : end,
  };
}

/** An instant as a value of the cursor, in the form of the bound that was configured, if there is one. */
function boundOf(instant: Timestamp, type: CursorType, like: unknown): unknown {
  const { seconds, microseconds, offsetMinutes } = instant;
  switch (type) {
    case "timestamp":
      if (like instanceof Date) return new Date(Number(instant.micros) / 1000);
      if (!isTimestamp(like) || like.offsetMinutes !== null) return instant;
      return new Timestamp({ seconds, microseconds, offsetMinutes: null });
    case "date":
      return new CalendarDate(Math.floor((seconds + (offsetMinutes ?? 0) * 60) / secondsPerDay));
    case "double":
      return seconds + microseconds / 1e6;
    case "bigint":
      return typeof like === "bigint" ? BigInt(seconds) : seconds;
  }
}

function unknownType(
  { cursorPath }: IncrementalDefinition,
  { resource, isText }: { readonly resource: string; readonly isText: boolean },
): SourceError {
  const why = isText ? "has values of text" : "has no known type";
  return new SourceError(
    "SCHEDULER_NOT_JOINED",
    `The cursor \`${cursorPath}\` of \`${resource}\` ${why}, so that it cannot take the interval of a scheduler.`,
    {
      hint: isText
        ? "Turn the field into a `Timestamp` with `addMap`, and give `initialValue` as one."
        : 'Give `cursorType`: "timestamp", "date", "double" or "bigint", as the values of the rows are.',
      context: { resource, cursor: cursorPath },
    },
  );
}

function readsBackwards({ cursorPath }: IncrementalDefinition, resource: string): SourceError {
  return new SourceError(
    "SCHEDULER_NOT_JOINED",
    `The cursor \`${cursorPath}\` of \`${resource}\` keeps the smallest value, and the interval of a scheduler goes forward.`,
    {
      hint: 'Leave out `lastValueFunc: "min"` where the range comes from a scheduler.',
      context: { resource, cursor: cursorPath },
    },
  );
}
