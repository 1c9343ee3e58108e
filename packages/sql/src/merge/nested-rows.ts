import { isBelowFinalRow, rowKey } from "./chain-keys.js";
import { selectDeduplicated } from "./deduplicate.js";
import { isThere, type StagedChain, type StagedTable } from "./staged-chain.js";

/**
 * A query for staged rows of a nested table whose id is not there yet, once each, and whose row above is. Root rows that are there under
 * another id than the staged ones, or in another version, get nothing by this. `where`: further conditions on `s`.
 */
export function newNestedRows(chain: StagedChain, table: StagedTable, ...where: readonly string[]): string {
  const id = rowKey(chain, table);
  const conditions = [...where, `NOT ${isThere(table, [id])}`, isBelowFinalRow(chain, table)];
  return selectDeduplicated(chain, table, { by: [id], columns: table.columns, where: conditions.join(" AND ") });
}
