import { indexedValues } from "../../columns/indexed-values.js";
import { valueReader } from "../../columns/value-reader.js";
import type { Column, ColumnBatch } from "../../contract/batch.js";
import type { CalendarDate } from "../../values/calendar-date.js";
import type { Float } from "../../values/float.js";
import type { TimeOfDay } from "../../values/time-of-day.js";
import type { Timestamp } from "../../values/timestamp.js";
import { kindOf } from "../../values/value-kind.js";
import type { Comparison, CursorPage } from "./cursor-page.js";
import type { CursorOrder } from "./order.js";

export interface ColumnPageOptions {
  /** Of `min` or `max`: what advances is the value itself. */
  readonly order: CursorOrder;
  /** 1: larger values are beyond smaller ones; -1: the other way round. */
  readonly direction: 1 | -1;
  readonly last: unknown;
  /** Columns that tell a row from others; `null`: all. */
  readonly keyColumns: readonly string[] | null;
}

/**
 * A page of columns, with the cursor in one of them. Integers, doubles, times and text are compared where they are; values of
 * other types are read one by one, and rows only where they have to be told apart.
 */
export function columnPage(batch: ColumnBatch, cursor: Column, options: ColumnPageOptions): CursorPage {
  const { rowCount } = batch;
  const { order, direction, keyColumns } = options;
  const { values, indices } = indexedValues(cursor, rowCount);
  const read = valueReader(cursor);
  const position = (index: number): number => (indices === null ? index : (indices[index] as number));
  const compareValues = valueComparer(values);
  const bounds = new Map<unknown, ((at: number) => number) | null>();
  let last = options.last;
  /** The row with the last value; -1 when that is of a page before. */
  let lastRow = -1;

  const compare = (index: number, bound: unknown): Comparison => {
    let comparer = bounds.get(bound);
    if (comparer === undefined) {
      comparer = boundComparer(values, bound);
      bounds.set(bound, comparer);
    }
    const difference = comparer === null ? Number.NaN : comparer(position(index));
    return Number.isNaN(difference) ? order.compare(read(index), bound) : signOf(difference * direction);
  };

  return {
    length: rowCount,
    get last() {
      return lastRow < 0 ? last : read(lastRow);
    },
    set last(value) {
      last = value;
      lastRow = -1;
    },
    presence: (index) => (position(index) < 0 ? "null" : "value"),
    value: read,
    compare,
    compareLast(index) {
      if (lastRow < 0) return last === null ? 1 : compare(index, last);
      const difference = compareValues === null ? Number.NaN : compareValues(position(index), position(lastRow));
      return Number.isNaN(difference) ? order.compare(read(index), read(lastRow)) : signOf(difference * direction);
    },
    advance(index) {
      // What has no order is refused here too, although there is nothing to compare it with.
      if (lastRow < 0 && last === null) order.compare(read(index), read(index));
      lastRow = index;
    },
    exact: rowReader(batch, keyColumns),
  };
}

function signOf(difference: number): Comparison {
  return difference > 0 ? 1 : difference < 0 ? -1 : 0;
}

/** A function for rows as objects, with those columns only. */
function rowReader({ columns }: ColumnBatch, names: readonly string[] | null): (index: number) => unknown {
  const kept = names === null ? columns : columns.filter(({ name }) => names.includes(name));
  let readers: readonly (readonly [string, (index: number) => unknown])[] | null = null;
  return (index) => {
    readers ??= kept.map((column) => [column.name, valueReader(column)] as const);
    return new Map(readers.map(([name, read]) => [name, read(index)]));
  };
}

/** Difference of two values by their positions, NaN where only the general rules can tell; `null` where that is always so. */
function valueComparer(values: Column): ((one: number, other: number) => number) | null {
  if (values.layout === "fixed") {
    const numbers = values.values;
    if (numbers instanceof BigInt64Array) {
      const halves = halvesOf(numbers);
      return (one, other) =>
        (halves[one * 2 + 1] as number) - (halves[other * 2 + 1] as number) ||
        ((halves[one * 2] as number) >>> 0) - ((halves[other * 2] as number) >>> 0);
    }
    return (one, other) => difference(numbers[one] as number, numbers[other] as number);
  }
  if (values.layout === "bytes" && values.type.dataType === "text") {
    const { offsets, data } = values;
    return (one, other) =>
      compareBytes(
        { bytes: data, from: offsets[one] as number, to: offsets[one + 1] as number },
        { bytes: data, from: offsets[other] as number, to: offsets[other + 1] as number },
      );
  }
  return null;
}

/** Difference between the value at a position and a bound; `null` where the bound is of another kind than the values. */
function boundComparer(values: Column, bound: unknown): ((at: number) => number) | null {
  if (values.layout === "bytes" && values.type.dataType === "text" && typeof bound === "string") {
    const bytes = utf8.encode(bound);
    const { offsets, data } = values;
    return (at) =>
      compareBytes(
        { bytes: data, from: offsets[at] as number, to: offsets[at + 1] as number },
        { bytes, from: 0, to: bytes.length },
      );
  }
  if (values.layout !== "fixed") return null;
  const numbers = values.values;
  if (numbers instanceof BigInt64Array) {
    const integer = integerOf(values, bound);
    if (integer === null || BigInt.asIntN(64, integer) !== integer) return null;
    const halves = halvesOf(numbers);
    const high = Number(integer >> 32n);
    const low = Number(integer & 0xffffffffn);
    return (at) => (halves[at * 2 + 1] as number) - high || ((halves[at * 2] as number) >>> 0) - low;
  }
  const number = numbers instanceof Int32Array ? daysOf(bound) : doubleOf(bound);
  return number === null ? null : (at) => difference(numbers[at] as number, number);
}

const utf8 = new TextEncoder();

/** NaN where one of them is. Infinities are equal to themselves. */
function difference(one: number, other: number): number {
  return one > other ? 1 : one < other ? -1 : one === other ? 0 : Number.NaN;
}

/** A bound as the integer that a column of 64 bits holds for it; `null` when it is of another kind. */
function integerOf({ type }: Column, bound: unknown): bigint | null {
  switch (type.dataType) {
    case "bigint":
      return typeof bound === "bigint" ? bound : Number.isInteger(bound) ? BigInt(bound as number) : null;
    case "timestamp": {
      if (!isOfKind(bound, "timestamp")) return null;
      const timestamp = bound as Timestamp;
      return (timestamp.offsetMinutes === null) === (type.timezone === false) ? timestamp.micros : null;
    }
    case "time":
      return isOfKind(bound, "time") ? BigInt((bound as TimeOfDay).micros) : null;
    default:
      return null;
  }
}

function daysOf(bound: unknown): number | null {
  return isOfKind(bound, "date") ? (bound as CalendarDate).days : null;
}

function doubleOf(bound: unknown): number | null {
  return typeof bound === "number" ? bound : isOfKind(bound, "float") ? (bound as Float).value : null;
}

function isOfKind(value: unknown, kind: ReturnType<typeof kindOf>): boolean {
  return typeof value === "object" && value !== null && kindOf(value) === kind;
}

interface ByteRange {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
}

/** By bytes, which for UTF-8 is the order of code points. */
function compareBytes(one: ByteRange, other: ByteRange): number {
  const length = Math.min(one.to - one.from, other.to - other.from);
  for (let i = 0; i < length; i++) {
    const step = (one.bytes[one.from + i] as number) - (other.bytes[other.from + i] as number);
    if (step !== 0) return step;
  }
  return one.to - one.from - (other.to - other.from);
}

function halvesOf(values: BigInt64Array): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, values.length * 2);
}
