import type { TableSchema } from "@dlt/core";
import type { Statement } from "../dialect.js";
import { comparableIdentifier } from "../identifiers.js";
import { quoteIdentifier, quoteTable, quoteText } from "../quote.js";
import type { SqlDataset } from "../sql-dataset.js";
import { queryAsTable } from "./query-text.js";

/** A query whose rows go into a table. */
export interface InsertedQuery {
  readonly table: TableSchema;
  readonly query: string;
  /** Names of what the query gives, in order: columns of the table. */
  readonly columns: readonly string[];
  readonly loadId: string;
}

/**
 * `INSERT INTO … SELECT …`. Columns that the query does not give stay null, but for those of the library that the table has: the id of
 * the load, and ids of rows, made at random.
 */
export function insertQuery(dataset: SqlDataset, { table, query, columns, loadId }: InsertedQuery): Statement {
  const { dialect, name, system } = dataset;
  const given = new Set(columns.map((column) => comparableIdentifier(dialect, column)));
  const filled = [
    { column: system.links.loadId, value: quoteText(dialect, loadId) },
    { column: system.links.id, value: dialect.randomId },
  ].filter(({ column }) => table.columns.has(column) && !given.has(comparableIdentifier(dialect, column)));
  const selected = columns.map((column) => quoteIdentifier(dialect, column));
  const targets = [...selected, ...filled.map(({ column }) => quoteIdentifier(dialect, column))];
  const values = [...selected, ...filled.map(({ value }) => value)];
  return {
    text:
      `INSERT INTO ${quoteTable(dialect, name, table.name)} (${targets.join(", ")}) ` +
      `SELECT ${values.join(", ")} FROM ${queryAsTable(dialect, query, columns)}`,
    values: [],
  };
}
