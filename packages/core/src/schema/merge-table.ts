import type { ColumnSchema, PartialTable, TableReference, TableSchema } from "../contract/index.js";
import { SchemaError } from "../errors/index.js";
import { mergeColumns } from "./merge-columns.js";
import { isComplete } from "./predicates.js";
import { sameValue } from "./same-value.js";

/**
 * Writes what `partial` has over a table: columns by name, references by table, every other property as a whole.
 * Nothing is deleted. Data types are not compared; `ensureCompatible` does that. The same table when nothing changes.
 *
 * @throws SchemaError for another name or parent, or a resource on a nested table
 */
export function mergeTable(
  table: TableSchema,
  partial: PartialTable,
  options: { readonly mergeCompound?: boolean } = {},
): TableSchema {
  ensureSameTable(table, partial);
  let merged: Record<string, unknown> | undefined;
  const set = (property: string, value: unknown): void => {
    if (sameValue((table as unknown as Record<string, unknown>)[property], value)) return;
    merged ??= { ...table };
    merged[property] = value;
  };
  const columns = mergeColumns(table.columns, partial.columns, options);
  if (columns !== table.columns) merged = { ...table, columns };
  for (const [property, value] of Object.entries(partial)) {
    if (value === undefined || property === "columns" || property === "name") continue;
    if (property === "references" && value !== null)
      set(property, mergeReferences(table.references ?? [], value as readonly TableReference[]));
    else set(property, value);
  }
  return merged === undefined ? table : (merged as unknown as TableSchema);
}

/**
 * Checks that a partial table can be merged without changing the data type of a column.
 *
 * @throws SchemaError for another name or parent, or a column that is complete on both sides with different types
 */
export function ensureCompatible(table: TableSchema, partial: PartialTable): void {
  ensureSameTable(table, partial);
  for (const column of partial.columns.values()) {
    const existing = table.columns.get(column.name);
    if (isComplete(existing) && isComplete(column) && existing.dataType !== column.dataType) {
      throw typeConflict(table.name, existing, column);
    }
  }
}

function typeConflict(table: string, existing: ColumnSchema, column: ColumnSchema): SchemaError {
  return new SchemaError(
    "SCHEMA_TYPE_CONFLICT",
    `Column \`${table}.${column.name}\` has the data type \`${existing.dataType}\` and cannot become \`${column.dataType}\`.`,
    {
      hint: "Load the column under another name, or drop the table before changing the type.",
      context: { table, column: column.name, fromType: existing.dataType ?? null, toType: column.dataType ?? null },
    },
  );
}

function ensureSameTable(table: TableSchema, partial: PartialTable): void {
  if (table.name !== partial.name) throw propertyConflict(table, "name", table.name, partial.name);
  const parent = table.parent ?? null;
  const otherParent = partial.parent ?? null;
  if (parent !== otherParent) throw propertyConflict(table, "parent", parent, otherParent);
  if (table.parent && partial.resource)
    throw propertyConflict(table, "resource", table.resource ?? null, partial.resource);
}

function propertyConflict(
  table: TableSchema,
  property: string,
  existing: string | null,
  given: string | null,
): SchemaError {
  return new SchemaError(
    "SCHEMA_TABLE_CONFLICT",
    `Table \`${table.name}\` has \`${property}\` ${quoted(existing)} and cannot be merged with ${quoted(given)}.`,
    {
      hint: `Give the table another name, or drop it before changing its \`${property}\`.`,
      context: { table: table.name, property, existing, given },
    },
  );
}

function quoted(text: string | null): string {
  return text === null ? "not set" : `\`${text}\``;
}

/** Keeps one reference per referenced table: a later one takes the place of the earlier one. */
export function mergeReferences(
  references: readonly TableReference[],
  changed: readonly TableReference[],
): readonly TableReference[] {
  const merged = new Map<string, TableReference>();
  for (const reference of references) merged.set(reference.referencedTable, reference);
  for (const reference of changed) merged.set(reference.referencedTable, reference);
  return [...merged.values()];
}
