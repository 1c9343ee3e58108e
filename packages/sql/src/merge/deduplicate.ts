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
  const { staged } = table;
  const { rowId } = chain.dialect;
  // Numbers are given to keys and row ids alone: other columns would have to be kept with them.
  const numbered =
    `SELECT ${rowId} AS row_id, ROW_NUMBER() OVER (PARTITION BY ${listed(by)} ORDER BY ${order(chain, table)}) AS place ` +
    `FROM ${staged}`;
  const isRepeated = `EXISTS (SELECT 1 FROM (${numbered}) AS n WHERE n.place > 1 AND n.row_id = s.${rowId})`;
  const isUnique = by.length === 0 || hasNoRepeated(chain, table);
  const conditions = [...(isUnique ? [] : [`NOT ${isRepeated}`]), ...(where === undefined ? [] : [where])];
  const selected = `SELECT ${listed(columns, "s.")} FROM ${staged} AS s`;
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

function order({ dialect, root }: StagedChain, table: StagedTable): string {
  const [sort] = table === root ? columnsWith(table, "dedupSort") : [];
  if (sort === undefined) return dialect.rowId;
  const direction = sort.dedupSort === "desc" ? "DESC" : "ASC";
  return `${quoteIdentifier(dialect, sort.name)} ${direction} NULLS LAST, ${dialect.rowId}`;
}
