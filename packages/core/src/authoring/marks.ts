import type { Hints } from "../contract/hints.js";
import type { Marked } from "../contract/resource.js";

/** What is said of rows on their way. */
export interface Mark {
  /** The table that the rows go to. */
  readonly tableName?: string;
  /** Applied to the resource before the rows are written. */
  readonly hints?: Hints;
  /** The hints hold for their table only. */
  readonly createTableVariant?: boolean;
  /** There are no rows, and the table is to exist nevertheless. */
  readonly materialize?: boolean;
}

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
 */
export function withHints<Rows>(
  rows: Rows,
  hints: Hints,
  { createTableVariant = false }: { readonly createTableVariant?: boolean } = {},
): Marked<Rows> {
  const variant = createTableVariant && typeof hints.tableName === "string";
  return marked(rows, { hints, createTableVariant, ...(variant && { tableName: hints.tableName as string }) });
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
