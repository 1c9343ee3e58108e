import { mergedMark, unmarked } from "../authoring/marks.js";
import type { Mark } from "../contract/resource.js";
import { type Item, type RowsItem, rowsItem } from "./item.js";
import { isIterator, isRow, itemsOf } from "./items-of.js";

/** What a map gave, at once or later: a function without parameters stands for what it gives. */
export function settledRow(given: unknown): unknown {
  return typeof given === "function" ? (given() as unknown) : given;
}

/** True for what a map gave that is not one row: rows with a mark, and generators. */
export function isMoreThanRow(given: unknown): boolean {
  if (typeof given !== "object" || given === null) return false;
  const prototype: unknown = Object.getPrototypeOf(given);
  if (prototype === Object.prototype || prototype === Array.prototype || prototype === null) return false;
  return unmarked(given) !== null || isIterator(given);
}

/**
 * The items of a page for which a map gave more than rows, in order: rows with another mark than those before make another item,
 * and generators are read in place.
 */
export async function* mappedItems(
  page: RowsItem,
  mapped: readonly unknown[],
  { gather, onError }: { gather(): number; onError(error: unknown, index: number): unknown },
): AsyncGenerator<Item> {
  let rows: unknown[] = [];
  let mark = page.mark;
  for (const [index, given] of mapped.entries()) {
    if (page.singly && (given === null || given === undefined)) continue;
    const marked = isMoreThanRow(given) ? unmarked(given) : null;
    const ownMark = mergedMark(page.mark, marked?.mark ?? null);
    const row = marked === null ? given : marked.rows;
    const isOne = marked === null ? !isMoreThanRow(given) : isRow(row);
    if (rows.length > 0 && !(isOne && isSameMark(mark, ownMark))) {
      yield rowsItem(rows, { singly: page.singly, mark });
      rows = [];
    }
    mark = ownMark;
    if (isOne) {
      rows.push(row);
      continue;
    }
    try {
      for await (const item of itemsOf(given, { gather, single: true }))
        yield { ...item, mark: mergedMark(page.mark, item.mark) };
    } catch (error) {
      throw onError(error, index);
    }
  }
  if (rows.length > 0) yield rowsItem(rows, { singly: page.singly, mark });
}

function isSameMark(a: Mark | null, b: Mark | null): boolean {
  return a?.tableName === b?.tableName && a?.hints === b?.hints && a?.materialize === b?.materialize;
}
