import type { SqlDialect } from "../dialect.js";
import { comparableIdentifier } from "../identifiers.js";
import { quoteIdentifier } from "../quote.js";
import { columnsWith, listed, type StagedChain, type StagedTable } from "./staged-chain.js";

export interface Deduplication {
  /** Quoted: of rows with the same values in these, one is left. None: all are. */
  readonly by: readonly string[];
  /** Quoted: what is selected. */
  readonly columns: readonly string[];
  /** Which of the rows that are left are selected, of `s`. Default: all. */
  readonly where?: string | undefined;
}

/**
 * A query for staged rows without repeated ones: of several, the first by the `dedupSort` column, otherwise the one that was staged
 * first. A condition is applied to what is left, so that a row that stands for a deletion also wins over those before it.
 */
export function selectDeduplicated(chain: StagedChain, table: StagedTable, deduplication: Deduplication): string {
  const { by, columns, where } = deduplication;
  const isUnique = by.length === 0 || hasNoRepeated(chain, table);
  const { from, isFirst } = isUnique ? { from: table.staged, isFirst: null } : firstRows(chain, table, by);
  const conditions = [isFirst, where].filter((condition) => condition !== null && condition !== undefined);
  const selected = `SELECT ${listed(columns, "s.")} FROM ${from} AS s`;
  return conditions.length === 0 ? selected : `${selected} WHERE ${conditions.join(" AND ")}`;
}

/** True for a table whose staged rows are known to be told apart by their key. */
export function hasNoRepeated({ root, unrepeated }: StagedChain, { schema }: StagedTable): boolean {
  return root.schema["x-stage-data-deduplicated"] === true || unrepeated.has(schema.name);
}

/** Gives one row: for each of the tables, how many keys its staged rows have more than once. */
export function countRepeated(tables: readonly (readonly [table: StagedTable, by: readonly string[]])[]): string {
  const counts = tables.map(
    ([{ staged }, by]) =>
      `(SELECT count(*) FROM (SELECT 1 AS one FROM ${staged} GROUP BY ${listed(by)} HAVING count(*) > 1) AS repeated)`,
  );
  return `SELECT ${counts.join(", ")}`;
}

/** What to select from as `s`, and the condition by which one row of each key is left. */
function firstRows(
  { dialect, root }: StagedChain,
  table: StagedTable,
  by: readonly string[],
): { readonly from: string; readonly isFirst: string } {
  const { staged } = table;
  const sort = table === root ? sortOf(dialect, table) : [];
  const numbered = (order: readonly string[]) =>
    `ROW_NUMBER() OVER (PARTITION BY ${listed(by)}${order.length === 0 ? "" : ` ORDER BY ${order.join(", ")}`}) AS _dlt_place FROM ${staged}`;
  const { rowId } = dialect;
  if (hasColumn(dialect, table, rowId)) return { from: `(SELECT *, ${numbered(sort)})`, isFirst: "s._dlt_place = 1" };
  // Numbers are given to keys and row ids alone: other columns would have to be kept with them.
  const repeated = `SELECT ${rowId} AS row_id, ${numbered([...sort, rowId])}`;
  return {
    from: staged,
    isFirst: `NOT EXISTS (SELECT 1 FROM (${repeated}) AS n WHERE n._dlt_place > 1 AND n.row_id = s.${rowId})`,
  };
}

function sortOf(dialect: SqlDialect, table: StagedTable): readonly string[] {
  return columnsWith(table, "dedupSort").map(
    ({ name, dedupSort }) => `${quoteIdentifier(dialect, name)} ${dedupSort === "desc" ? "DESC" : "ASC"} NULLS LAST`,
  );
}

/** True where a column of the table hides that of the database. */
function hasColumn(dialect: SqlDialect, { schema }: StagedTable, name: string): boolean {
  return [...schema.columns.keys()].some((column) => comparableIdentifier(dialect, column) === name);
}
