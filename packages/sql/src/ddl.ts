import type { ColumnSchema, TableSchema } from "@dlt/core";
import { columnType } from "./column-type.js";
import type { SqlDialect, Statement } from "./dialect.js";
import { type DatasetName, quote, quoteDataset, quoteIdentifier, quoteTable } from "./quote.js";

/** `CREATE TABLE "ds"."users" (…)` with the columns of the table in their order. `hasHints`: their hints count. */
export function createTable(
  dialect: SqlDialect,
  dataset: DatasetName,
  table: TableSchema,
  { hasHints }: { readonly hasHints: boolean },
): Statement {
  const columns = [...table.columns.values()].map((column) =>
    columnDefinition(dialect, table.name, column, { isNewTable: true, hasHints }),
  );
  return statement(`CREATE TABLE ${quoteTable(dialect, dataset, table.name)} (\n${columns.join(",\n")}\n)`);
}

/**
 * `ALTER TABLE … ADD COLUMN …` for columns that are new in a table that is there: one statement, or one for each column.
 * Where rows that are there would break `NOT NULL` the column stays nullable.
 */
export function addColumns(
  dialect: SqlDialect,
  dataset: DatasetName,
  table: string,
  columns: readonly ColumnSchema[],
): readonly Statement[] {
  const target = `ALTER TABLE ${quoteTable(dialect, dataset, table)}\n`;
  const additions = columns.map(
    (column) => `ADD COLUMN ${columnDefinition(dialect, table, column, { isNewTable: false, hasHints: false })}`,
  );
  if (dialect.capabilities.alterAddsManyColumns ?? true) return [statement(target + additions.join(",\n"))];
  return additions.map((addition) => statement(target + addition));
}

/** `ALTER TABLE … ALTER COLUMN … SET DATA TYPE …` for columns that become wider, a statement each. */
export function alterColumns(
  dialect: SqlDialect,
  dataset: DatasetName,
  table: string,
  columns: readonly ColumnSchema[],
): readonly Statement[] {
  return columns.map((column) =>
    statement(
      `ALTER TABLE ${quoteTable(dialect, dataset, table)}\n` +
        `ALTER COLUMN ${quoteIdentifier(dialect, column.name)} SET DATA TYPE ${columnType(dialect, table, column)}`,
    ),
  );
}

export function dropConstraint(
  dialect: SqlDialect,
  dataset: DatasetName,
  { table, constraint }: { readonly table: string; readonly constraint: string },
): Statement {
  // It is named as it is stored.
  return statement(
    `ALTER TABLE ${quoteTable(dialect, dataset, table)}\nDROP CONSTRAINT ${quote(dialect.identifiers, constraint)}`,
  );
}

export function createSchema(dialect: SqlDialect, dataset: DatasetName): Statement {
  return statement(`CREATE SCHEMA ${quoteDataset(dialect, dataset)}`);
}

export function dropSchema(dialect: SqlDialect, dataset: DatasetName): Statement {
  return statement(`DROP SCHEMA IF EXISTS ${quoteDataset(dialect, dataset)} CASCADE`);
}

export function dropTable(dialect: SqlDialect, dataset: DatasetName, table: string): Statement {
  return statement(`DROP TABLE IF EXISTS ${quoteTable(dialect, dataset, table)}`);
}

/** Empties a table. */
export function truncateTable(dialect: SqlDialect, dataset: DatasetName, table: string): Statement {
  const target = quoteTable(dialect, dataset, table);
  return statement(
    (dialect.capabilities.supportsTruncate ?? true) ? `TRUNCATE TABLE ${target}` : `DELETE FROM ${target}`,
  );
}

function columnDefinition(
  dialect: SqlDialect,
  table: string,
  column: ColumnSchema,
  { isNewTable, hasHints }: { readonly isNewTable: boolean; readonly hasHints: boolean },
): string {
  const parts = [quoteIdentifier(dialect, column.name), columnType(dialect, table, column)];
  if (hasHints) parts.push(...hintTexts(dialect, column));
  if (isNewTable ? column.nullable === false : isRequiredWhenAdded(dialect, column)) parts.push("NOT NULL");
  return parts.join(" ");
}

/** True for a column that takes no null also when it is added to a table that is there. */
export function isRequiredWhenAdded({ capabilities }: SqlDialect, { nullable, rootKey }: ColumnSchema): boolean {
  // Rows that are there get the key of their root row only afterwards.
  return nullable === false && capabilities.enforcesNullsOnAlter === true && rootKey !== true;
}

function hintTexts(dialect: SqlDialect, column: ColumnSchema): readonly string[] {
  const texts: string[] = [];
  for (const hint of ["unique", "primaryKey", "cluster", "sort"] as const) {
    const text = dialect.columnHints[hint];
    if (text !== undefined && column[hint] === true) texts.push(text);
  }
  return texts;
}

function statement(text: string): Statement {
  return { text, values: [] };
}
