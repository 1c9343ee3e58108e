import type { ColumnSchema, DataType, Schema, TableSchema } from "../contract/index.js";
import { equalInPython } from "./same-value.js";

export type CompleteColumn = ColumnSchema & { readonly dataType: DataType };

/** True for a column with a name and a data type. Others are declarations that wait for data. */
export function isComplete(column: ColumnSchema | undefined): column is CompleteColumn {
  return column !== undefined && Boolean(column.name) && Boolean(column.dataType);
}

/** True for a table that has a parent. */
export function isNested(table: TableSchema): boolean {
  return Boolean(table.parent);
}

/** False for a table with a primary or merge key, declared columns included: such a table is a root table. */
export function mayBeNested(table: TableSchema): boolean {
  for (const column of table.columns.values()) {
    if (column.primaryKey || column.mergeKey) return false;
  }
  return true;
}

/** True for a table of the library itself. */
export function isDltTable(schema: Schema, name: string): boolean {
  return name.startsWith(schema.system.prefix);
}

/** True for a column of the library itself. */
export function isDltColumn(schema: Schema, name: string): boolean {
  return name.startsWith(schema.system.columnPrefix);
}

/** True for a table that the schema does not have, or only as declarations. */
export function isNewTable(schema: Schema, name: string): boolean {
  const table = schema.tables.get(name);
  return table === undefined || !hasCompleteColumns(table);
}

export function hasCompleteColumns(table: TableSchema): boolean {
  for (const column of table.columns.values()) {
    if (isComplete(column)) return true;
  }
  return false;
}

/** True once a load file of the table was written: from then on the destination may have it. */
export function hasSeenData(table: TableSchema): boolean {
  return normalizerHints(table)["seen-data"] === true;
}

/** The hints that normalizing leaves on a table: `seen-data`, `evolve-columns-once`, `max_nesting`. */
export function normalizerHints(table: TableSchema): { readonly [hint: string]: unknown } {
  const hints = table["x-normalizer"];
  return typeof hints === "object" && hints !== null && !Array.isArray(hints)
    ? (hints as { readonly [hint: string]: unknown })
    : {};
}

/** Tables with data of sources, in the order of the schema. `seenData`: only those that data was written for. */
export function dataTables(
  schema: Schema,
  { seenData = false }: { readonly seenData?: boolean } = {},
): readonly TableSchema[] {
  return [...schema.tables.values()].filter(
    (table) => !isDltTable(schema, table.name) && hasCompleteColumns(table) && (!seenData || hasSeenData(table)),
  );
}

/**
 * True when a hint of a column says no more than its absence does. Data types and names of hints are those of a column
 * in memory.
 */
export function isDefaultHint(hint: string, value: unknown): boolean {
  const isFalse = equalInPython(value, false);
  const isTrue = equalInPython(value, true);
  switch (hint) {
    case "name":
    case "dataType":
    case "precision":
    case "scale":
      return value === null;
    case "timezone":
    case "nullable":
      return value === null || isTrue;
    case "x-active-record-timestamp":
      return false;
    default:
      return value === null || isFalse;
  }
}

/** Columns where a hint says something, in their order. `incomplete`: those without a data type too. */
export function columnsWith(
  table: TableSchema,
  hint: keyof ColumnSchema,
  { incomplete = false }: { readonly incomplete?: boolean } = {},
): readonly ColumnSchema[] {
  return [...table.columns.values()].filter((column) => {
    const value = column[hint];
    return value !== undefined && !isDefaultHint(hint, value) && (incomplete || isComplete(column));
  });
}
