import type { ColumnSchema, TableSchema } from "@dlt/core";
import type { Statement } from "./dialect.js";
import { quoteIdentifier, quoteTable } from "./quote.js";
import type { SqlDataset } from "./sql-dataset.js";

/**
 * Takes the key of their root row from the rows above, for rows that were there before their table got a column for it. Without it a
 * merge would not find them. To be run for parents before children; `null` for a table without such a column or without a parent.
 */
export function fillRootKey(
  { dialect, name }: SqlDataset,
  table: TableSchema,
  tables: readonly TableSchema[],
): Statement | null {
  const parent = tables.find((each) => each.name === table.parent);
  const rootKey = columnWith(table, "rootKey");
  const parentKey = columnWith(table, "parentKey");
  if (parent === undefined || rootKey === undefined || parentKey === undefined) return null;
  const parentId = columnWith(parent, "rowKey");
  const from = parent.parent ? columnWith(parent, "rootKey") : parentId;
  if (parentId === undefined || from === undefined) return null;
  const quoted = (column: ColumnSchema): string => quoteIdentifier(dialect, column.name);
  return {
    text:
      `UPDATE ${quoteTable(dialect, name, table.name)} AS d SET ${quoted(rootKey)} = p.${quoted(from)} ` +
      `FROM ${quoteTable(dialect, name, parent.name)} AS p WHERE d.${quoted(parentKey)} = p.${quoted(parentId)}`,
    values: [],
  };
}

function columnWith({ columns }: TableSchema, hint: keyof ColumnSchema): ColumnSchema | undefined {
  return [...columns.values()].find((column) => column[hint] === true);
}
