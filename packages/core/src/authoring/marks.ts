import type { Hints } from "../contract/hints.js";
import type { Mark, Marked } from "../contract/resource.js";
import { checkedVariant } from "./merge-hints.js";

const markBrand: unique symbol = Symbol.for("dlt.mark");

class MarkedRows implements Marked<unknown> {
  readonly "~dlt" = "marked";
  readonly [markBrand]: Mark;
  readonly rows: unknown;

  constructor(rows: unknown, mark: Mark) {
    this[markBrand] = mark;
    this.rows = rows;
  }
}

/** Sends a row or a page to another table than that of its resource, under the hints of the resource. */
export function withTableName<Rows>(rows: Rows, tableName: string): Marked<Rows> {
  return marked(rows, { tableName });
}

/**
 * Applies hints to the resource before these rows are written, as `applyHints` does. With `createTableVariant` they hold for
 * the table `hints.tableName` only, and the rows go there.
 *
 * @throws SourceError `RESOURCE_HINTS_INCONSISTENT`
 */
export function withHints<Rows>(
  rows: Rows,
  hints: Hints,
  { createTableVariant = false }: { readonly createTableVariant?: boolean } = {},
): Marked<Rows> {
  if (!createTableVariant) return marked(rows, { hints, createTableVariant });
  const { tableName } = checkedVariant(hints);
  return marked(rows, { hints, createTableVariant, tableName });
}

/** Yield this to have the table made at the destination although there are no rows; with `withHints`, a table of any form. */
export function materializeTableSchema(): Marked<readonly never[]> {
  return marked([], { materialize: true });
}

/** The mark of what was yielded, and the rows themselves. */
export function unmarked(value: unknown): { readonly rows: unknown; readonly mark: Mark } | null {
  if (typeof value !== "object" || value === null || !(markBrand in value)) return null;
  const { [markBrand]: mark, rows } = value as MarkedRows;
  return { rows, mark };
}

/** Says something more of rows, beside what was said before. */
export function marked<Rows>(rows: Rows, mark: Mark): Marked<Rows> {
  const inner = unmarked(rows);
  return new MarkedRows(inner?.rows ?? rows, { ...inner?.mark, ...mark }) as Marked<Rows>;
}

/** What was said of a page, and what was said later of some of it, which counts where both say something of the same. */
export function mergedMark(page: Mark | null, later: Mark | null): Mark | null {
  return page === null || later === null ? (later ?? page) : { ...page, ...later };
}
