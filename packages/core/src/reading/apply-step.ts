import type { Step } from "../authoring/definition.js";
import { mergedMark } from "../authoring/marks.js";
import type { RowContract } from "../authoring/row-schema/index.js";
import { takeRows } from "../columns/take-rows.js";
import type { ColumnBatch } from "../contract/batch.js";
import type { Hints } from "../contract/hints.js";
import type { Mark } from "../contract/resource.js";
import type { CursorReader } from "./cursor/cursor-reader.js";
import { CursorMetrics } from "./cursor-metrics.js";
import type { ReadEnvironment } from "./environment.js";
import { failureAt, onItem, PlaceCounter } from "./failure.js";
import { type ColumnsItem, type Item, type Passing, rowsItem } from "./item.js";
import { collectMetrics, selectTables } from "./item-steps.js";
import { isRow, itemsOf } from "./items-of.js";
import { mapInOrder } from "./map-in-order.js";
import { isMoreThanRow, mappedItems, settledRow } from "./mapped-items.js";
import { plainRows, rowCountOf, sameRows } from "./rows-of.js";
import { viewOf, viewText } from "./rows-view.js";
import type { RunningLimit } from "./running-limit.js";
import { validateRows } from "./validate-rows.js";

/** A step with what it needs to run. */
export type RunningStep =
  | Exclude<Step, { readonly kind: "incremental" | "limit" }>
  | { readonly kind: "incremental"; readonly reader: CursorReader }
  | { readonly kind: "limit"; readonly limit: RunningLimit }
  | { readonly kind: "validate"; readonly contract: RowContract };

export interface StepContext {
  readonly resource: string;
  /** For messages, e.g. `map (step 2)`. */
  readonly name: string;
  /** What is declared of the resource's table. */
  readonly hints: Hints;
  readonly environment: ReadEnvironment;
  /** How many single rows that a step makes come as one item at most. Asked again for each item. */
  gather(): number;
  /** True when the cursor tells where to resume and somebody asks for that. */
  resumesByCursor?(): boolean;
}

type Items = AsyncIterable<Passing>;
type RowFunction = (row: unknown, mark?: Mark) => unknown;

/**
 * Puts a step behind items. A step sees rows, one after the other; a page that it leaves empty ends here, and one that was
 * empty before passes.
 */
export function applyStep(items: Items, step: RunningStep, context: StepContext): AsyncGenerator<Passing> {
  switch (step.kind) {
    case "map":
      return mapRows(items, step.map as RowFunction, context);
    case "filter":
      return filterRows(items, step.keep as RowFunction, context);
    case "yieldMap":
      return expandRows(items, step.map as RowFunction, context);
    case "metrics":
      return collectMetrics(items, step, context);
    case "tables":
      return selectTables(items, step, context);
    case "incremental":
      return readRange(items, step.reader, context);
    case "validate":
      return validateRows(items, step.contract, context);
    case "limit":
      return step.limit.limited(items, context.environment.nowMs);
  }
}

async function* mapRows(items: Items, map: RowFunction, context: StepContext): AsyncGenerator<Passing> {
  const { environment, resource, name } = context;
  const places = new PlaceCounter(resource, name);
  for await (const item of items) {
    if (item.kind === "checkpoint") {
      yield item;
      continue;
    }
    places.enter(item);
    const page = onItem(() => plainRows(item), places, environment);
    const onError = (error: unknown, index: number): unknown => failureAt(error, places.at(index), environment);
    const mark = item.mark ?? undefined;
    const mapRow = (row: unknown): unknown => settledRow(map(row, mark));
    const mapped = await mapInOrder(page.rows, mapRow, { atOnce: environment.maxParallelItems, onError });
    if (mapped.some(isMoreThanRow)) yield* mappedItems(page, mapped, { gather: context.gather, onError });
    else {
      const rows = page.singly ? mapped.filter((row) => row !== null && row !== undefined) : mapped;
      if (rows.length > 0 || page.rows.length === 0) yield { ...page, rows, numbers: "objects" };
    }
  }
}

async function* filterRows(items: Items, keep: RowFunction, context: StepContext): AsyncGenerator<Passing> {
  const { environment, resource, name } = context;
  const places = new PlaceCounter(resource, name);
  for await (const item of items) {
    if (item.kind === "checkpoint") {
      yield item;
      continue;
    }
    places.enter(item);
    const page = onItem(() => plainRows(item), places, environment);
    const onError = (error: unknown, index: number): unknown => failureAt(error, places.at(index), environment);
    const mark = item.mark ?? undefined;
    const keepRow = (row: unknown): unknown => keep(row, mark);
    const kept = await mapInOrder(page.rows, keepRow, { atOnce: environment.maxParallelItems, onError });
    const rows = page.rows.filter((_, index) => kept[index]);
    if (rows.length > 0 || page.rows.length === 0) yield { ...page, rows };
  }
}

async function* expandRows(items: Items, expand: RowFunction, context: StepContext): AsyncGenerator<Passing> {
  const { environment, resource, name, gather } = context;
  const places = new PlaceCounter(resource, name);
  for await (const item of items) {
    if (item.kind === "checkpoint") {
      yield item;
      continue;
    }
    places.enter(item);
    const page = onItem(() => plainRows(item), places, environment);
    if (page.rows.length === 0) yield page;
    let rows: unknown[] = [];
    let most = gather();
    const gathered = function* (): Generator<Item> {
      yield rowsItem(rows, { singly: true, mark: item.mark });
      rows = [];
      most = gather();
    };
    const intake = { gather: () => Math.max(1, most - rows.length), single: false };
    for (let index = 0; index < page.rows.length; index++) {
      try {
        const given = expand(page.rows[index], item.mark ?? undefined);
        if (given === null || given === undefined) continue;
        if (Array.isArray(given) && given.every(isRow)) {
          for (const row of given) if (rows.push(row) >= most) yield* gathered();
          continue;
        }
        for await (const made of itemsOf(given, intake)) {
          if (made.kind === "rows" && made.singly && made.mark === null) {
            for (const row of made.rows) if (rows.push(row) >= most) yield* gathered();
            continue;
          }
          if (rows.length > 0) yield* gathered();
          yield { ...made, mark: mergedMark(item.mark, made.mark) };
        }
      } catch (error) {
        throw failureAt(error, places.at(index), environment);
      }
    }
    if (rows.length > 0) yield* gathered();
  }
}

async function* readRange(items: Items, reader: CursorReader, context: StepContext): AsyncGenerator<Passing> {
  const { environment, resource, name } = context;
  const places = new PlaceCounter(resource, name);
  const metrics = new CursorMetrics(reader, environment.resourceMetrics(resource));
  for await (const item of items) {
    if (item.kind === "checkpoint") {
      yield item;
      continue;
    }
    places.enter(item);
    const singly = item.kind === "rows" && item.singly;
    const onError = (error: unknown, index: number): unknown => failureAt(error, places.at(index), environment);
    const columns =
      item.kind === "columns" ? onItem(() => keptColumns(item, reader, onError), places, environment) : undefined;
    let kept: Item | null;
    if (columns !== undefined) {
      kept = columns;
      metrics.count(rowCountOf(item), singly);
    } else if (item.kind === "text" && !reader.plainRows) {
      const view = onItem(() => viewText(item.text), places, environment);
      metrics.count(view.length, singly);
      const indexes = reader.keep(view, { singly, onError });
      kept =
        indexes.length === view.length ? item : indexes.length === 0 ? null : { ...item, text: view.pick(indexes) };
    } else {
      const page = onItem(() => (reader.plainRows ? plainRows : sameRows)(item), places, environment);
      metrics.count(page.rows.length, singly);
      const indexes = reader.keep(viewOf(page.rows), { singly, onError });
      const isWhole = indexes.length === page.rows.length;
      kept = isWhole ? page : indexes.length === 0 ? null : { ...page, rows: indexes.map((index) => page.rows[index]) };
    }
    if (kept !== null) yield kept;
    if (reader.finished) return;
    if (context.resumesByCursor?.() === true) yield { kind: "checkpoint", state: undefined };
  }
}

/** The rows of a page of columns that are in the range; `null` when there are none, undefined where columns are not enough. */
function keptColumns(
  page: ColumnsItem,
  reader: CursorReader,
  onError: (error: unknown, index: number) => unknown,
): ColumnsItem | null | undefined {
  const batches: ColumnBatch[] = [];
  let rowCount = 0;
  let firstRow = 0;
  for (const batch of page.batches) {
    const before = firstRow;
    const rows = reader.keepColumns(batch, { onError: (error, row) => onError(error, before + row) });
    if (rows === null) return undefined;
    firstRow += batch.rowCount;
    rowCount += rows.length;
    if (rows.length > 0 || page.rowCount === 0) batches.push(takeRows(batch, Int32Array.from(rows)));
  }
  return rowCount === 0 && page.rowCount > 0 ? null : { ...page, rowCount, batches };
}
