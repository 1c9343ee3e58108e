import type { IncrementalDefinition } from "../../authoring/definition.js";
import type { ColumnBatch } from "../../contract/batch.js";
import type { ColumnNames } from "../../contract/hints.js";
import type { CursorWindow } from "../../contract/incremental.js";
import { SourceError } from "../../errors/index.js";
import type { Float } from "../../values/float.js";
import { ownMember, setOwnMember } from "../../values/own-member.js";
import { Timestamp } from "../../values/timestamp.js";
import { kindOf } from "../../values/value-kind.js";
import { columnPage } from "./column-page.js";
import { type CursorPage, type RowsView, rowPage } from "./cursor-page.js";
import { type CursorPath, parseCursorPath } from "./cursor-path.js";
import { cursorValue, isTimestamp } from "./cursor-value.js";
import { type CursorWarning, ignoredLag, manyHashes, otherZone } from "./cursor-warning.js";
import { hasLag, ignoresLag, laggedStart } from "./lag.js";
import { cursorOrder } from "./order.js";
import { rowHasher } from "./row-hash.js";

/** What is remembered of a cursor, in the state of its resource under `incremental.<cursor path>`. */
interface CursorState {
  initial_value: unknown;
  last_value: unknown;
  unique_hashes: readonly string[];
  start_value: unknown;
}

export interface CursorOptions {
  readonly cursor: IncrementalDefinition;
  /** Key of the resource, which tells rows apart where the cursor has none. */
  readonly primaryKey: ColumnNames | ((row: never) => unknown) | undefined;
  /** The state of the resource, live. Looked at when reading starts; not at all when the cursor has an end value. */
  state(): Record<string, unknown>;
  /** Stops at the first row out of the range, if the rows are ordered. */
  readonly stopsEarly: boolean;
  /** Refuses rows that are before those of an earlier page. Default: false. */
  readonly checksOrder?: boolean;
  /** Takes what the author should know although reading goes on. Default: nobody does. */
  warn?(warning: CursorWarning): void;
}

interface KeepOptions {
  /** The rows were yielded one by one: those after the end of the range do not count any more. */
  readonly singly: boolean;
  /** The error to throw for one that a row caused. */
  onError(error: unknown, index: number): unknown;
}

/** The cursor of a resource while it is read: keeps the rows in its range and moves on. */
export interface CursorReader {
  /** What the author's function sees. */
  readonly window: CursorWindow<unknown>;
  /** No later row can be in the range. */
  readonly finished: boolean;
  /** Functions of the author look at rows, so that they have to be plain. */
  readonly plainRows: boolean;
  /** How many rows at the last value are remembered. */
  readonly hashCount: number;
  /** The indexes of the rows that are in the range. */
  keep(rows: RowsView, options: KeepOptions): readonly number[];
  /**
   * The same for rows in columns, which do not become objects; `null` where the cursor can only be told row by row: it is no column
   * of the batch, or a function of the author has to look.
   */
  keepColumns(batch: ColumnBatch, options: Pick<KeepOptions, "onError">): readonly number[] | null;
}

/**
 * Opens a cursor: reads where the runs before have stopped. The algorithm and the document are those of dlt 1.26
 * (`dlt/extract/incremental`).
 *
 * @throws SourceError `CURSOR_LAG_UNSUPPORTED`
 */
export function openCursor(options: CursorOptions): CursorReader {
  const { cursor, primaryKey, state, stopsEarly, checksOrder = false, warn } = options;
  const { rangeStart, rangeEnd, onCursorValueMissing, rowOrder } = cursor;
  const path = parseCursorPath(cursor.cursorPath);
  const order = cursorOrder(cursor);
  const initial = cursorValue(cursor.initialValue ?? null);
  const stateless = cursor.endValue !== undefined;
  const document = stateless ? newState(initial) : storedState(state(), cursor.cursorPath, initial);
  const lags = hasLag(cursor);
  const lastBefore = document.last_value;
  const key = cursor.primaryKey ?? primaryKey;
  const hasFunction = typeof cursor.lastValueFunc === "function" || typeof key === "function";
  const deduplicates = rangeStart === "closed" && !stateless && !lags && !(Array.isArray(key) && key.length === 0);
  const hashOf = rowHasher(key);
  const hashesAtStart = new Set(document.unique_hashes);
  /** Hashes of the rows at the last value, old ones first. */
  const hashes = new Set(document.unique_hashes);
  // There may be many, so that a list of them is only made for who reads the state.
  Object.defineProperty(document, "unique_hashes", { get: () => [...hashes], enumerable: true, configurable: true });

  let start: unknown = lags && lastBefore !== null ? laggedStart(lastBefore, cursor, order) : lastBefore;
  let end = cursorValue(cursor.endValue);
  let last = start;
  /** Rows of the page at hand that have the last value. */
  let lastRows: number[] = [];
  let zoneIsKnown = false;
  let startOut = false;
  let endOut = false;
  let finished = false;
  /** The last value after the page before, where the order is checked; `null` before the first row. */
  let floor: unknown = null;
  let warnedOfHashes = false;
  if (ignoresLag(cursor)) warn?.(ignoredLag(cursor.cursorPath));

  return {
    window: cursorWindow(),
    get finished() {
      return finished;
    },
    plainRows: hasFunction,
    get hashCount() {
      return hashes.size;
    },
    keep: (rows, options) => keepRows(rowPage(rows, { path, order, last }), options),
    keepColumns,
  };

  function keepColumns(batch: ColumnBatch, { onError }: Pick<KeepOptions, "onError">): readonly number[] | null {
    const column = hasFunction ? undefined : batch.columns.find(({ name }) => name === path.field);
    if (column === undefined) return null;
    const direction = cursor.lastValueFunc === "max" ? 1 : -1;
    const keyColumns = key === undefined || key === "" || typeof key === "function" ? null : [key].flat();
    return keepRows(columnPage(batch, column, { order, direction, last, keyColumns }), { singly: false, onError });
  }

  function keepRows(page: CursorPage, { singly, onError }: KeepOptions): readonly number[] {
    const kept: number[] = [];
    const hashCount = hashes.size;
    let index = 0;
    try {
      for (; index < page.length; index++) {
        if (isInRange(page, index)) kept.push(index);
        finished ||= stopsEarly && canClose();
        if (finished && singly) break;
      }
      last = page.last;
      if (checksOrder && kept.length > 0) floor = last;
      if (page.length > 0) remember(kept.length > 0);
      for (index of lastRows) hashes.add(hashOf(page.exact(index)));
      lastRows = [];
      if (hashes.size > maxHashes && hashCount <= maxHashes && !warnedOfHashes) {
        warnedOfHashes = true;
        warn?.(manyHashes(cursor.cursorPath, hashes.size));
      }
    } catch (error) {
      throw onError(error, index);
    }
    return kept;
  }

  function isInRange(page: CursorPage, index: number): boolean {
    const presence = page.presence(index);
    if (presence === "none") return false;
    startOut = false;
    endOut = false;
    if (presence !== "value") {
      if (onCursorValueMissing === "raise") throw missing(path, cursor.cursorPath, presence);
      return onCursorValueMissing === "include";
    }
    if (!zoneIsKnown) adaptZone(page, page.value(index));
    if (stateless) {
      const beyondEnd = page.compare(index, end);
      if (beyondEnd === 1 || (beyondEnd === 0 && rangeEnd === "open")) {
        endOut = true;
        return false;
      }
    }
    const beyondLast = page.compareLast(index);
    if (beyondLast === 1) {
      page.advance(index);
      if (deduplicates) {
        lastRows = [index];
        hashes.clear();
      }
      return true;
    }
    const beyondStart = start === null ? 1 : page.compare(index, start);
    const seen =
      beyondStart === 0 && deduplicates && hashesAtStart.size > 0 && hashesAtStart.has(hashOf(page.exact(index)));
    if (beyondStart === -1 || seen || (beyondStart === 0 && rangeStart === "open")) {
      startOut = true;
      return false;
    }
    if (floor !== null && page.compare(index, floor) === -1) throw outOfOrder(cursor.cursorPath);
    if (beyondLast === 0 && deduplicates) lastRows.push(index);
    return true;
  }

  /** Writes down how far the rows have come. */
  function remember(anyKept: boolean): void {
    if (lags && document.last_value !== null && last !== null && order.compare(document.last_value, last) === 1) {
      last = document.last_value;
    }
    document.last_value = last;
    if (anyKept) document.start_value = lastBefore;
    if (!deduplicates) hashes.clear();
  }

  /** Gives the bounds a zone, or takes theirs away, as the first timestamp has one or not. */
  function adaptZone(page: CursorPage, value: unknown): void {
    zoneIsKnown = true;
    if (!isTimestamp(value)) return;
    if ([start, end].some((bound) => isTimestamp(bound) && !haveSameZoning(bound, value)))
      warn?.(otherZone(cursor.cursorPath, value));
    start = inZoneOf(value, start);
    page.last = inZoneOf(value, page.last);
    end = inZoneOf(value, end);
  }

  function canClose(): boolean {
    return (rowOrder === "asc" && endOut) || (rowOrder === "desc" && startOut);
  }

  function cursorWindow(): CursorWindow<unknown> {
    const asDate = cursor.initialValue instanceof Date || cursor.endValue instanceof Date;
    const startValue = handedOut(start, asDate);
    return {
      initialValue: cursor.initialValue,
      startValue,
      get lastValue() {
        return stateless ? cursor.initialValue : handedOut(last, asDate);
      },
      endValue: cursor.endValue,
      lag: cursor.lag,
      rowOrder,
      get startOutOfRange() {
        return startOut;
      },
      get endOutOfRange() {
        return endOut;
      },
      canClose,
    };
  }
}

/** Rows with the last value above which telling them apart costs more than it should. */
const maxHashes = 200;

function newState(initial: unknown): CursorState {
  return { initial_value: initial, last_value: initial, unique_hashes: [], start_value: initial };
}

/** The document of a cursor in the state of its resource; made when there is none. */
function storedState(state: Record<string, unknown>, path: string, initial: unknown): CursorState {
  state["incremental"] ??= {};
  const cursors = state["incremental"] as Record<string, CursorState>;
  // Any name of a field is a path, also one that objects inherit.
  const stored = ownMember(cursors, path) ?? newState(initial);
  setOwnMember(cursors, path, stored);
  stored.start_value ??= null;
  return stored;
}

/** A value as the author's function sees it; undefined when there is none. */
function handedOut(value: unknown, asDate: boolean): unknown {
  if (value === null) return undefined;
  if (typeof value !== "object" || value === undefined) return value;
  const kind = kindOf(value);
  if (kind === "float") return (value as Float).value;
  if (kind === "timestamp" && asDate) return new Date(Number((value as Timestamp).micros) / 1000);
  return value;
}

/** A bound with or without offset, as `value` is. Wall time and instant are the same, seen from UTC. */
function inZoneOf(value: Timestamp, bound: unknown): unknown {
  if (!isTimestamp(bound) || haveSameZoning(bound, value)) return bound;
  const { seconds, microseconds } = bound;
  return value.offsetMinutes === null
    ? new Timestamp({ seconds, microseconds, offsetMinutes: null })
    : new Timestamp({ seconds: seconds - value.offsetMinutes * 60, microseconds, offsetMinutes: value.offsetMinutes });
}

function outOfOrder(path: string): SourceError {
  return new SourceError(
    "CURSOR_OUT_OF_ORDER",
    `The value of the cursor \`${path}\` is before those of an earlier page, although its \`rowOrder\` is "asc".`,
    {
      hint: "Have the rows sorted by the cursor where they come from, or leave `rowOrder` out: then the resource is loaded as a whole.",
      context: { cursor: path },
    },
  );
}

/** Both have an offset, or both have none. */
function haveSameZoning(one: Timestamp, other: Timestamp): boolean {
  return (one.offsetMinutes === null) === (other.offsetMinutes === null);
}

function missing(path: CursorPath, text: string, presence: "null" | "missing"): SourceError {
  const [code, what] =
    presence === "null" ? (["CURSOR_VALUE_NULL", "null"] as const) : (["CURSOR_VALUE_MISSING", "missing"] as const);
  return new SourceError(code, `The value of the cursor \`${text}\` is ${what}.`, {
    hint: 'Give `onCursorValueMissing: "include"` or `"exclude"` to load such rows or leave them out.',
    context: { cursor: text, field: path.field },
  });
}
