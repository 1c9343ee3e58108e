import type { ColumnSchema, PreparedTable, TableChain } from "@dlt/core";
import type { SqlDialect } from "../dialect.js";
import { type DatasetName, quoteIdentifier, quoteTable } from "../quote.js";
import type { SqlDataset } from "../sql-dataset.js";

/** A root table and its nested tables, all of whose rows of a load are staged. Names are quoted. */
export interface StagedChain {
  readonly dialect: SqlDialect;
  /** Creation time of the load, microseconds since 1970 UTC. */
  readonly createdAt: bigint;
  /** Where the final tables are. */
  readonly dataset: DatasetName;
  readonly root: StagedTable;
  /** Parents before children. */
  readonly nested: readonly StagedTable[];
  /** Names of tables whose staged rows are known not to have a key twice. */
  readonly unrepeated: ReadonlySet<string>;
}

/** A table of a chain. Names are quoted. */
export interface StagedTable {
  readonly schema: PreparedTable;
  /** Where its rows go. */
  readonly final: string;
  /** Where those of the load are. */
  readonly staged: string;
  readonly columns: readonly string[];
}

/** The datasets of a pipeline. */
export interface StagedDatasets {
  readonly final: SqlDataset;
  readonly staging: SqlDataset;
}

/** The tables of a chain, where they are and where they are staged. The first one is the root. */
export function stagedChain(
  chain: TableChain,
  { final, staging }: StagedDatasets,
  unrepeated: ReadonlySet<string> = new Set(),
): StagedChain {
  const { dialect } = final;
  const [root, ...nested] = chain.tables.map(
    (schema): StagedTable => ({
      schema,
      final: quoteTable(dialect, final.name, schema.name),
      staged: quoteTable(dialect, staging.name, schema.name),
      columns: [...schema.columns.keys()].map((name) => quoteIdentifier(dialect, name)),
    }),
  );
  if (root === undefined) throw new TypeError("A chain has at least its root table.");
  return { dialect, createdAt: chain.createdAt, dataset: final.name, root, nested, unrepeated };
}

/** Columns that have a hint set. */
export function columnsWith({ schema }: StagedTable, hint: keyof ColumnSchema): readonly ColumnSchema[] {
  return [...schema.columns.values()].filter((column) => Boolean(column[hint]));
}

/** The same, quoted. */
export function quotedColumnsWith(
  dialect: SqlDialect,
  table: StagedTable,
  hint: keyof ColumnSchema,
): readonly string[] {
  return columnsWith(table, hint).map(({ name }) => quoteIdentifier(dialect, name));
}

/** `"a", "b"` */
export function listed(columns: readonly string[], of = ""): string {
  return columns.map((column) => `${of}${column}`).join(", ");
}

/** `d."a" = s."a" AND d."b" = s."b"` */
export function sameValues(columns: readonly string[]): string {
  return columns.map((column) => `d.${column} = s.${column}`).join(" AND ");
}

/** Condition on a staged row `s`: one with the same values in these columns is in the final table. */
export function isThere({ final }: StagedTable, columns: readonly string[]): string {
  return `EXISTS (SELECT 1 FROM ${final} AS d WHERE ${sameValues(columns)})`;
}

/** Inserts rows that a query gives, with all columns of the table in their order. */
export function insertion({ final, columns }: StagedTable, select: string): string {
  return `INSERT INTO ${final} (${listed(columns)}) ${select}`;
}
