import type { ColumnSchema, DataType, TableSchema } from "@dlt/core";
import { expect } from "vitest";
import type { Row } from "./column-batch.js";
import { storedValue } from "./stored-value.js";
import type { Trial } from "./trial.js";

/** A table of these columns. Nullable ones are told by their type alone. */
export function tableOf(
  name: string,
  columns: Readonly<Record<string, DataType | Omit<ColumnSchema, "name">>>,
  hints: Partial<TableSchema> = {},
): TableSchema {
  const named = Object.entries(columns).map(([column, type]): [string, ColumnSchema] => [
    column,
    typeof type === "object" ? { name: column, ...type } : { name: column, dataType: type },
  ]);
  return { name, columns: new Map(named), ...hints };
}

/** Holds the rows of a table at the destination to these, in any order. A column that a row lacks is null. */
export async function expectRows(trial: Trial, table: TableSchema, rows: readonly Row[]): Promise<void> {
  expect(spelled(table, await trial.stored(table.name)), `rows of \`${table.name}\``).toEqual(spelled(table, rows));
}

function spelled(table: TableSchema, rows: readonly Readonly<Record<string, unknown>>[]): readonly unknown[] {
  return rows
    .map((row) =>
      Object.fromEntries(
        [...table.columns.values()].map((column) => [column.name, storedValue(column, row[column.name])]),
      ),
    )
    .map((row) => ({ row, key: JSON.stringify(row) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ row }) => row);
}
