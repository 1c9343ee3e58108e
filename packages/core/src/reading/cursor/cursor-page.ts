import type { CursorPath } from "./cursor-path.js";
import { cursorValue } from "./cursor-value.js";
import type { CursorOrder } from "./order.js";

/** Whether a row has a value of the cursor: `missing` has no such field, `none` is no row at all. */
type CursorPresence = "value" | "null" | "missing" | "none";

/** 1: beyond the other; 0: equal; -1: before. */
export type Comparison = -1 | 0 | 1;

/** The rows of a page as a cursor sees them, looked at one after the other. */
export interface CursorPage {
  readonly length: number;
  /** The last value so far; `null` for none. */
  last: unknown;
  presence(index: number): CursorPresence;
  value(index: number): unknown;
  /** Where the value of a row stands to a bound. */
  compare(index: number, bound: unknown): Comparison;
  /** Where it stands to the last value; beyond it where there is none. */
  compareLast(index: number): Comparison;
  /** Makes the value of a row, which is beyond the last one, the last one. */
  advance(index: number): void;
  /** The row with all that tells it from others: integral floats are apart from integers, integers have all digits. */
  exact(index: number): unknown;
}

/** Rows of a page, looked at one after the other. */
export interface RowsView {
  readonly length: number;
  /** A row as code of authors has it; numbers may have lost what `exact` keeps. */
  row(index: number): unknown;
  /** The same row with integral floats apart from integers, and all digits. */
  exact(index: number): unknown;
}

/** A page of rows. */
export function rowPage(
  rows: RowsView,
  { path, order, last }: { readonly path: CursorPath; readonly order: CursorOrder; readonly last: unknown },
): CursorPage {
  /** Value of the row that was looked at last. */
  let value: unknown;
  const page: CursorPage = {
    length: rows.length,
    last,
    presence(index) {
      const row = rows.row(index);
      if (row === null || row === undefined) return "none";
      value = cursorValue(path.read(row));
      // A number that its row may have lost something of.
      if (typeof value === "number" && Number.isInteger(value)) value = cursorValue(path.read(rows.exact(index)));
      return value === undefined ? "missing" : value === null ? "null" : "value";
    },
    value: () => value,
    compare: (_, bound) => order.compare(value, bound),
    compareLast: () => (page.last === null ? 1 : order.compare(value, page.last)),
    advance() {
      page.last = order.advance(value, page.last ?? undefined);
    },
    exact: (index) => rows.exact(index),
  };
  return page;
}
