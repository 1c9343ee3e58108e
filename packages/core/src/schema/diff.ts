import type { ColumnSchema, PartialTable, Schema, TableSchema } from "../contract/index.js";
import { SchemaError } from "../errors/index.js";
import { caseFold } from "./case-fold.js";
import { isComplete } from "./predicates.js";
import { sameValue } from "./same-value.js";

/**
 * What `after` has that `before` lacks or has otherwise: new tables as a whole, others with their changed properties
 * and columns. Applied to `before` it gives what `after` has. What `after` lacks is not expressed.
 */
export function diffSchemas(before: Pick<Schema, "tables">, after: Pick<Schema, "tables">): readonly PartialTable[] {
  const changes: PartialTable[] = [];
  for (const table of after.tables.values()) {
    const existing = before.tables.get(table.name);
    const change = existing === undefined ? table : diffTable(existing, table);
    if (change !== null) changes.push(change);
  }
  return changes;
}

/** The same for one table; `null` when there is nothing to change. */
export function diffTable(before: TableSchema, after: TableSchema): PartialTable | null {
  if (before === after) return null;
  const columns = new Map<string, ColumnSchema>();
  if (before.columns !== after.columns) {
    for (const column of after.columns.values()) {
      const change = diffColumn(before.columns.get(column.name), column);
      if (change !== null) columns.set(column.name, change);
    }
  }
  const changed: [string, unknown][] = [];
  for (const [property, value] of Object.entries(after)) {
    if (property === "name" || property === "parent" || property === "columns" || value === undefined) continue;
    if (!sameValue((before as unknown as Record<string, unknown>)[property], value)) changed.push([property, value]);
  }
  if (columns.size === 0 && changed.length === 0) return null;
  return {
    name: after.name,
    columns,
    ...(after.parent && { parent: after.parent }),
    ...Object.fromEntries(changed),
  };
}

function diffColumn(before: ColumnSchema | undefined, after: ColumnSchema): ColumnSchema | null {
  // A column that becomes complete is given whole: it moves to the end of its table when it is merged.
  if (before === undefined || (isComplete(after) && !isComplete(before))) return after;
  const changed = Object.entries(after).filter(
    ([hint, value]) =>
      hint !== "name" && value !== undefined && !sameValue((before as unknown as Record<string, unknown>)[hint], value),
  );
  return changed.length === 0 ? null : { name: after.name, ...Object.fromEntries(changed) };
}

/**
 * Complete columns of a table that are not among the columns that exist at the destination. Types are not compared.
 *
 * @throws SchemaError when two existing columns differ in case only, and case does not count
 */
export function newColumns(
  table: TableSchema,
  existing: Iterable<string>,
  { caseSensitive }: { readonly caseSensitive: boolean },
): readonly ColumnSchema[] {
  const fold = (name: string): string => (caseSensitive ? name : caseFold(name));
  const present = new Set<string>();
  for (const name of existing) {
    const folded = fold(name);
    if (present.has(folded)) {
      throw new SchemaError(
        "SCHEMA_CORRUPTED",
        `Table \`${table.name}\` has two columns at the destination that differ in case only: \`${name}\` is one of them.`,
        { hint: "Rename or drop one of the two columns.", context: { table: table.name, column: name } },
      );
    }
    present.add(folded);
  }
  return [...table.columns.values()].filter((column) => isComplete(column) && !present.has(fold(column.name)));
}
