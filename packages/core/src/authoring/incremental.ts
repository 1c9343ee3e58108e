import type { Incremental, IncrementalOptions } from "../contract/incremental.js";
import { SourceError } from "../errors/index.js";
import { checkedCursor } from "./checked-cursor.js";
import type { IncrementalDefinition } from "./definition.js";

const incrementalBrand: unique symbol = Symbol.for("dlt.incremental");

/**
 * A cursor: a run reads the rows from the last value of the runs before on, and keeps the greatest value it has seen for the
 * next. `path` is a field (`updated_at`) or a JSONPath (`$.meta.updated_at`, `items[0].id`).
 *
 * @throws SourceError `INCREMENTAL_OPTION_INVALID`, `CURSOR_PATH_INVALID`
 */
export function incremental<Cursor>(
  path: string,
  options: IncrementalOptions<Cursor> & { initialValue: Cursor },
): Incremental<Cursor>;
export function incremental<Cursor>(
  path: string,
  options?: IncrementalOptions<Cursor>,
): Incremental<Cursor | undefined>;
export function incremental(path: string, options: IncrementalOptions<unknown> = {}): Incremental<unknown> {
  const definition = checkedCursor({ ...options, cursorPath: path });
  return { cursorPath: path, [incrementalBrand]: definition } as Incremental<unknown>;
}

/** True for what `incremental` made. */
export function isIncremental(value: unknown): value is Incremental<unknown> {
  return typeof value === "object" && value !== null && incrementalBrand in value;
}

/**
 * A cursor with its options: the way in for engines.
 * @throws SourceError `INCREMENTAL_OPTION_INVALID` for what `incremental` did not make
 */
export function incrementalDefinition(incremental: unknown): IncrementalDefinition {
  if (isIncremental(incremental)) {
    return (incremental as unknown as { readonly [incrementalBrand]: IncrementalDefinition })[incrementalBrand];
  }
  throw new SourceError(
    "INCREMENTAL_OPTION_INVALID",
    "What is given as `incremental` was not made by `incremental()`.",
    {
      hint: 'Give a cursor, e.g. `incremental: incremental("updated_at")`.',
    },
  );
}
