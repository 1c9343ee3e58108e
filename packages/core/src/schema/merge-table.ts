import type { ColumnSchema, PartialTable, TableReference, TableSchema } from "../contract/index.js";
import { SchemaError } from "../errors/index.js";
import { mergeColumns } from "./merge-columns.js";
import { isComplete } from "./predicates.js";
import { equalInPython, sameValue } from "./same-value.js";

export interface MergeTableOptions {
  /** `false`: keys and other compound hints of the partial table replace those of the table. Default: true, they are added. */
  readonly mergeCompound?: boolean;
  /**
   * Takes over every property that is written otherwise. Default: false, values that are equal in Python stay as they are: `true`
   * is `1` there, null is a missing property, and a reference is its columns.
   */
  readonly exact?: boolean;
}

/**
 * Writes what `partial` has over a table: columns by name, references by table, every other property as a whole.
 * Nothing is deleted. Data types are not compared; `ensureCompatible` does that. The same table when nothing changes.
 *
 * @throws SchemaError for another name or parent, or a resource on a nested table
 */
export function mergeTable(
  table: TableSchema,
  partial: PartialTable,
  { exact = false, ...options }: MergeTableOptions = {},
): TableSchema {
  ensureSameTable(table, partial);
  if (table.parent && partial.resource)
    throw propertyConflict(table, "resource", table.resource ?? null, partial.resource);
  let merged: Record<string, unknown> | undefined;
  const set = (property: string, value: unknown): void => {
    const existing = (table as unknown as Record<string, unknown>)[property];
    if (exact ? sameValue(existing, value) : equalInPython(existing ?? null, value)) return;
    merged ??= { ...table };
    merged[property] = value;
  };
  const columns = mergeColumns(table.columns, partial.columns, options);
  if (columns !== table.columns) merged = { ...table, columns };
  if (partial.references) {
    const references = mergeReferences(table.references ?? [], partial.references, { exact });
    if (exact || references.length > 0) set("references", references);
  }
  for (const [property, value] of Object.entries(partial)) {
    if (value !== undefined && property !== "columns" && property !== "name" && property !== "references")
      set(property, value);
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

/**
 * Keeps one reference per referenced table: a later one that joins other columns, or with `exact` is not the same, takes the place
 * of the earlier one. The same list when there is none.
 */
export function mergeReferences(
  references: readonly TableReference[],
  changed: readonly TableReference[],
  { exact = false } = {},
): readonly TableReference[] {
  const existing = byTable(references);
  const different = [...byTable(changed).values()].filter((reference) => {
    const before = existing.get(reference.referencedTable);
    if (before === undefined) return true;
    return exact ? !sameValue(before, reference) : !sameValue(joinedColumns(before), joinedColumns(reference));
  });
  return different.length === 0 ? references : [...byTable([...references, ...different]).values()];
}

function byTable(references: readonly TableReference[]): ReadonlyMap<string, TableReference> {
  return new Map(references.map((reference) => [reference.referencedTable, reference]));
}

/** Referenced column by column. */
function joinedColumns({ columns, referencedColumns }: TableReference): Readonly<Record<string, string>> {
  const joined = columns.slice(0, referencedColumns.length);
  return Object.fromEntries(joined.map((column, index) => [column, referencedColumns[index] as string]));
}
