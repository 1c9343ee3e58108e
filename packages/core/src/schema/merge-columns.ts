import type { ColumnSchema } from "../contract/index.js";
import { isComplete, isDefaultHint } from "./predicates.js";
import { sameValue } from "./same-value.js";

export type Columns = ReadonlyMap<string, ColumnSchema>;

/** Hints that several columns of a table form together, such as a key of two columns. */
export const compoundHints = ["primaryKey", "mergeKey", "partition", "cluster", "incremental"] as const;

/**
 * Writes the properties of `partial` over those of `column`, one by one. The same column when nothing changes.
 * `mergeDefaults: false` leaves out properties of `partial` that say nothing, such as `nullable: true`.
 */
export function mergeColumn(
  column: ColumnSchema,
  partial: ColumnSchema,
  { mergeDefaults = true }: { readonly mergeDefaults?: boolean } = {},
): ColumnSchema {
  let merged: Record<string, unknown> | undefined;
  for (const [hint, value] of Object.entries(partial)) {
    if (value === undefined || (!mergeDefaults && isDefaultHint(hint, value))) continue;
    if (sameValue((column as unknown as Record<string, unknown>)[hint], value)) continue;
    merged ??= { ...column };
    merged[hint] = value;
  }
  return merged === undefined ? column : (merged as unknown as ColumnSchema);
}

/**
 * Merges columns by name. A column that `partial` completes moves to the end, new ones are appended. The same map when
 * nothing changes. `mergeCompound: false` takes a compound hint of `partial` (a primary key, say) as the whole of it
 * and first removes it from all columns.
 */
export function mergeColumns(
  columns: Columns,
  partial: Columns,
  { mergeCompound = true }: { readonly mergeCompound?: boolean } = {},
): Columns {
  let merged: Map<string, ColumnSchema> | undefined;
  if (!mergeCompound) {
    for (const hint of compoundHints) {
      if (![...partial.values()].some((column) => column[hint] !== undefined && !isDefaultHint(hint, column[hint])))
        continue;
      for (const column of (merged ?? columns).values()) {
        if (column[hint] === undefined) continue;
        merged ??= new Map(columns);
        const { [hint]: _, ...rest } = column;
        merged.set(column.name, rest);
      }
    }
  }
  for (const column of partial.values()) {
    const before = (merged ?? columns).get(column.name);
    const after = before === undefined ? column : mergeColumn(before, column);
    if (after === before) continue;
    merged ??= new Map(columns);
    if (before !== undefined && isComplete(column) && !isComplete(before)) merged.delete(column.name);
    merged.set(column.name, after);
  }
  return merged ?? columns;
}
