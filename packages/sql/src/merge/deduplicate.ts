import { quoteIdentifier } from "../quote.js";
import { columnsWith, listed, type StagedChain, type StagedTable } from "./staged-chain.js";

export interface Deduplication {
  /** Quoted: of rows with the same values in these, one is left. */
  readonly by: readonly string[];
  /** Quoted: what is selected. */
  readonly columns: readonly string[];
  /** Which of the rows that are left are selected; their columns may be those of `s`. */
  readonly where: string;
  /** Quoted: what the condition needs beside the selected columns. */
  readonly needs?: readonly string[];
}

/**
 * A query for staged rows without repeated ones: of several, the first by the `dedupSort` column, otherwise the one that was staged
 * first. A condition is applied to what is left, so that a row that stands for a deletion also wins over those before it.
 */
export function selectDeduplicated(chain: StagedChain, table: StagedTable, deduplication: Deduplication): string {
  const { by, columns, where, needs = [] } = deduplication;
  const { staged, schema } = table;
  if (schema["x-stage-data-deduplicated"] === true)
    return `SELECT ${listed(columns)} FROM ${staged} AS s WHERE ${where}`;
  const inner = [...new Set([...columns, ...needs])];
  return (
    `SELECT ${listed(columns)} FROM (SELECT ROW_NUMBER() OVER (PARTITION BY ${listed(by)} ORDER BY ${order(chain, table)}) AS _dlt_dedup_rn, ` +
    `${listed(inner)} FROM ${staged}) AS s WHERE _dlt_dedup_rn = 1 AND (${where})`
  );
}

function order({ dialect, root }: StagedChain, table: StagedTable): string {
  const [sort] = table === root ? columnsWith(table, "dedupSort") : [];
  if (sort === undefined) return dialect.rowOrder;
  const direction = sort.dedupSort === "desc" ? "DESC" : "ASC";
  return `${quoteIdentifier(dialect, sort.name)} ${direction} NULLS LAST, ${dialect.rowOrder}`;
}
