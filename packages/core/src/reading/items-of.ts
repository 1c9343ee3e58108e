import { arrowBatches, arrowRowCount, isArrowTable } from "../arrow/arrow-batches.js";
import { isColumnBatch, isEncodedRows, isFileImport, isJsonText, isResource, isSqlModel } from "../authoring/brand.js";
import { mergedMark, unmarked } from "../authoring/marks.js";
import { checkBatch } from "../columns/check-batch.js";
import type { JsonText } from "../contract/batch.js";
import type { Mark } from "../contract/resource.js";
import { SourceError } from "../errors/index.js";
import type { DeferredItem } from "./deferred.js";
import { type Checkpoint, type Item, type Passing, rowsItem } from "./item.js";
import { unchangedText } from "./page-text.js";
import type { ResumePoints } from "./resume-points.js";
import { isThenable, watched } from "./watched.js";

/** How what a function gave is taken. */
export interface Intake {
  /** How many single rows to gather at most. Asked again for each item. */
  gather(): number;
  /** A single object, or nothing at all, is fine: that is what a transformer may give. */
  readonly single: boolean;
  /** Called before an iterator is closed that still waits for what it was asked for: it could only be closed after that. */
  wake?(): void;
}

/** The same for whoever can do more with what a function yields than take its items. */
export interface WideIntake extends Intake {
  /** Work that is yielded is handed on; otherwise it is waited for in its place. Default: false. */
  readonly defers?: boolean;
  /** Told when the function goes on and pauses, and asked for the points that it names. */
  readonly points?: ResumePoints | undefined;
}

/**
 * What a function gave, as items: arrays that are yielded are pages, single rows are gathered until there are enough of them
 * or the source would have to be waited for. Generators that are yielded are read in place, functions called, promises
 * awaited. Iterators are closed in the end, whichever way it comes.
 *
 * @throws SourceError `RESOURCE_DATA_MISSING`, `RESOURCE_DATA_UNSUPPORTED`
 */
export function itemsOf(given: unknown, intake: Intake): AsyncGenerator<Item> {
  return yieldsOf(given, plainIntake(intake)) as AsyncGenerator<Item>;
}

/** Nothing is deferred, and no point named. */
function plainIntake({ gather, single, wake }: Intake): WideIntake {
  return { gather, single, ...(wake !== undefined && { wake }) };
}

/** The same with what else a function yields. */
export async function* yieldsOf(given: unknown, intake: WideIntake): AsyncGenerator<Passing | DeferredItem> {
  const value = isThenable(given) ? await given : given;
  if (value === null || value === undefined) {
    if (intake.single) return;
    throw new SourceError("RESOURCE_DATA_MISSING", "The function gave nothing.", {
      hint: "Yield or return rows; an empty array, when there are none.",
    });
  }
  if (isPageObject(value) || (intake.single && (Array.isArray(value) || value instanceof Map))) {
    yield* itemsOfOne(value, null, intake);
  } else if (isAsyncIterable(value)) yield* fromAsyncIterable(value, intake);
  else if (isIterable(value)) yield* fromIterable(value, intake);
  else if (intake.single) yield* itemsOfOne(value, null, intake);
  else throw unsupported(value);
}

async function* fromIterable(iterable: Iterable<unknown>, intake: WideIntake): AsyncGenerator<Passing | DeferredItem> {
  const { points } = intake;
  let rows: unknown[] = [];
  let most = intake.gather();
  points?.resumed({ hasRows: false });
  try {
    for (const value of iterable) {
      points?.paused();
      const checkpoint = points?.take() ?? null;
      if (checkpoint !== null) {
        yield* behindRows(rows, checkpoint);
        rows = [];
        most = intake.gather();
      }
      const isOne = isRow(value);
      if (isOne) rows.push(value);
      if (!isOne || rows.length >= most || points?.goesStepByStep === true) {
        if (rows.length > 0) yield rowsItem(rows, { singly: true });
        rows = [];
        if (!isOne) yield* itemsOfOne(value, null, intake);
        most = intake.gather();
      }
      points?.resumed({ hasRows: rows.length > 0 });
    }
    points?.paused();
  } catch (error) {
    points?.paused();
    if (rows.length > 0) yield rowsItem(rows, { singly: true });
    throw error;
  }
  if (rows.length > 0) yield rowsItem(rows, { singly: true });
}

async function* fromAsyncIterable(
  iterable: AsyncIterable<unknown>,
  intake: WideIntake,
): AsyncGenerator<Passing | DeferredItem> {
  const { points } = intake;
  const iterator = iterable[Symbol.asyncIterator]();
  let rows: unknown[] = [];
  let most = intake.gather();
  let ended = false;
  let arrived: IteratorResult<unknown> | null = null;
  let isSettled = true;
  const onResult = (result: IteratorResult<unknown>): void => {
    arrived = result;
    isSettled = true;
  };
  const onError = (): void => {
    isSettled = true;
  };
  try {
    for (;;) {
      if (rows.length >= most || (rows.length > 0 && points?.goesStepByStep === true)) {
        yield rowsItem(rows, { singly: true });
        rows = [];
        most = intake.gather();
      }
      points?.resumed({ hasRows: rows.length > 0 });
      const pending = Promise.resolve(iterator.next());
      points?.paused();
      arrived = null;
      // A function names a point right after it goes on, before it waits for anything.
      const checkpoint = points?.take() ?? null;
      if (checkpoint !== null || rows.length > 0) {
        isSettled = false;
        // An error of it is met when it is its turn.
        pending.then(onResult, onError);
      }
      if (checkpoint !== null) {
        yield* behindRows(rows, checkpoint);
        rows = [];
        most = intake.gather();
      }
      if (rows.length > 0) {
        for (let turn = 0; turn < turnsOfReadyRow && !isSettled; turn++) await undefined;
        if (!isSettled) {
          yield rowsItem(rows, { singly: true });
          rows = [];
          most = intake.gather();
        }
      }
      const { done, value }: IteratorResult<unknown> = arrived ?? (await pending);
      isSettled = true;
      // Or after it has waited, as behind `yield*`: still before the value that it gives next.
      const late = points?.take() ?? null;
      if (late !== null) {
        yield* behindRows(rows, late);
        rows = [];
        most = intake.gather();
      }
      if (done === true) {
        ended = true;
        break;
      }
      if (isRow(value)) {
        rows.push(value);
        continue;
      }
      if (rows.length > 0) yield rowsItem(rows, { singly: true });
      rows = [];
      yield* itemsOfOne(value, null, intake);
      most = intake.gather();
    }
  } catch (error) {
    if (rows.length > 0) yield rowsItem(rows, { singly: true });
    throw error;
  } finally {
    if (!isSettled) intake.wake?.();
    if (!ended) await iterator.return?.();
  }
  if (rows.length > 0) yield rowsItem(rows, { singly: true });
}

/** A point, and before it the rows that were gathered up to there. */
function* behindRows(rows: readonly unknown[], checkpoint: Checkpoint): Generator<Passing> {
  if (rows.length > 0) yield rowsItem(rows, { singly: true });
  yield checkpoint;
}

/** A row that its source has at hand arrives within this many turns of the microtask queue; a later one is waited for. */
const turnsOfReadyRow = 16;

/** The items of one yielded value. */
async function* itemsOfOne(
  value: unknown,
  mark: Mark | null,
  intake: WideIntake,
): AsyncGenerator<Passing | DeferredItem> {
  if (value === null || value === undefined) return;
  if (Array.isArray(value)) {
    const text = unchangedText(value);
    yield text === null ? rowsItem(value, { mark }) : { kind: "text", text, mark };
    return;
  }
  const inner = unmarked(value);
  if (inner !== null) yield* itemsOfOne(inner.rows, mergedMark(mark, inner.mark), intake);
  else if (isResource(value)) throw unsupported(value);
  else if (intake.defers === true && (isThenable(value) || typeof value === "function"))
    yield deferred(value, mark, intake);
  else if (isThenable(value)) yield* itemsOfOne(await value, mark, intake);
  else if (typeof value === "function") yield* itemsOfOne(value(), mark, intake);
  else if (isJsonText(value)) yield { kind: "text", text: withoutByteOrderMark(value), mark };
  else if (isEncodedRows(value)) yield { kind: "encoded", encoded: value, mark };
  else if (isFileImport(value)) yield { kind: "file", file: value, mark };
  else if (isSqlModel(value)) yield { kind: "model", model: value, mark };
  else if (isColumnBatch(value)) {
    checkBatch(value);
    yield { kind: "columns", rowCount: value.rowCount, batches: [value], mark };
  } else if (isArrowTable(value))
    yield { kind: "columns", rowCount: arrowRowCount(value), batches: arrowBatches(value), mark };
  else if (value instanceof Uint8Array) throw unsupported(value);
  else if (isIterator(value)) {
    for await (const item of yieldsOf(value, intake))
      yield item.kind === "checkpoint" ? item : { ...item, mark: mergedMark(mark, item.mark) };
  } else yield rowsItem([value], { singly: true, mark });
}

/** A promise is under way already, so that its failure is waited for from now on. */
function deferred(work: unknown, mark: Mark | null, intake: Intake): DeferredItem {
  watched(work);
  const items = () => itemsOfOne(work, null, plainIntake(intake)) as AsyncGenerator<Item>;
  return { kind: "deferred", mark, items };
}

/** A byte order mark is no part of JSON, but what some programs begin their files with. */
function withoutByteOrderMark(text: JsonText): JsonText {
  const { jsonText: bytes } = text;
  const isMarked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return isMarked ? { ...text, jsonText: bytes.subarray(3) } : text;
}

/** True for what can only be a row. Most rows are plain objects, and four look-ups tell those from pages. */
export function isRow(value: unknown): boolean {
  if (typeof value !== "object") return value !== undefined && typeof value !== "function";
  if (value === null || Array.isArray(value)) return false;
  const { jsonText, rowCount, codec, "~dlt": kind } = value as Readonly<Record<string, unknown>>;
  if (jsonText instanceof Uint8Array || (typeof rowCount === "number" && isColumnBatch(value))) return false;
  if (codec !== undefined && isEncodedRows(value)) return false;
  if (kind !== undefined && (isFileImport(value) || isSqlModel(value))) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return true;
  return !(
    isThenable(value) ||
    isIterator(value) ||
    isResource(value) ||
    value instanceof Uint8Array ||
    isArrowTable(value) ||
    unmarked(value) !== null
  );
}

/** A page that is handed over by itself rather than in an iterable. */
function isPageObject(value: unknown): boolean {
  return (
    isJsonText(value) ||
    isColumnBatch(value) ||
    isArrowTable(value) ||
    isEncodedRows(value) ||
    isFileImport(value) ||
    isSqlModel(value) ||
    unmarked(value) !== null
  );
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

export function isIterator(value: unknown): boolean {
  return typeof value === "object" && value !== null && "next" in value && typeof value.next === "function";
}

function unsupported(value: unknown): SourceError {
  if (isResource(value)) {
    return new SourceError("RESOURCE_DATA_UNSUPPORTED", "The function gave a resource.", {
      hint: "Return the resource from the function of the source instead, or yield its rows: `yield* resource`.",
    });
  }
  if (value instanceof Uint8Array) {
    return new SourceError("RESOURCE_DATA_UNSUPPORTED", "The function gave bytes.", {
      hint: 'Yield JSON text as `{ jsonText: bytes, framing: "lines" }`.',
    });
  }
  return new SourceError(
    "RESOURCE_DATA_UNSUPPORTED",
    `The function gave ${typeof value === "object" ? "a single object" : `a ${typeof value}`}, which is not a list of rows.`,
    {
      hint: "Put it into an array.",
    },
  );
}
