import { SchemaError } from "@dlt/core";
import { quotedColumnsWith, type StagedChain, type StagedTable } from "./staged-chain.js";

/** The column that tells the rows of a table apart, quoted: its row key, else a unique column, else the only column of its primary key. */
export function rowKey({ dialect }: StagedChain, table: StagedTable): string {
  const primaryKey = quotedColumnsWith(dialect, table, "primaryKey");
  const key =
    quotedColumnsWith(dialect, table, "rowKey")[0] ??
    quotedColumnsWith(dialect, table, "unique")[0] ??
    (primaryKey.length === 1 ? primaryKey[0] : undefined);
  return key ?? missing(table, "no column that tells its rows apart");
}

/** Rows of a nested table, by their place. `as`: what they are called in the statement; default: nothing. */
export interface NestedRows {
  readonly at: "final" | "staged";
  readonly as?: string;
}

/**
 * Condition on rows of a nested table: they are nested in a root row whose key, in the column that it is given, is one of some. Tables
 * that were there before lack the key of the root row until rows come for them; their rows are found by those above, which have to be
 * there still.
 */
export function isNestedIn(
  chain: StagedChain,
  table: StagedTable,
  { at, as }: NestedRows,
  isOne: (key: string) => string,
): string {
  const { dialect, root } = chain;
  const of = as === undefined ? "" : `${as}.`;
  const [rootKey] = quotedColumnsWith(dialect, table, "rootKey");
  if (rootKey !== undefined) return isOne(`${of}${rootKey}`);
  const [parentKey] = quotedColumnsWith(dialect, table, "parentKey");
  const parent = parentOf(chain, table);
  if (parentKey === undefined || parent === undefined) return missing(table, "no column that leads to its root table");
  if (parent === root) return isOne(`${of}${parentKey}`);
  const rows = `SELECT ${rowKey(chain, parent)} FROM ${parent[at]} WHERE ${isNestedIn(chain, parent, { at }, isOne)}`;
  return `${of}${parentKey} IN (${rows})`;
}

/** Condition on a staged row `s` of a nested table: the row above it is in the final table. */
export function isBelowFinalRow(chain: StagedChain, table: StagedTable): string {
  const parent = parentOf(chain, table);
  const [parentKey] = quotedColumnsWith(chain.dialect, table, "parentKey");
  if (parent === undefined || parentKey === undefined) return missing(table, "no column that leads to the row above");
  return `s.${parentKey} IN (SELECT ${rowKey(chain, parent)} FROM ${parent.final})`;
}

function parentOf({ root, nested }: StagedChain, { schema }: StagedTable): StagedTable | undefined {
  return [root, ...nested].find(({ schema: { name } }) => name === schema.parent);
}

function missing({ schema: { name, rootTable } }: StagedTable, what: string): never {
  throw new SchemaError("SCHEMA_KEY_MISSING", `Table \`${name}\` cannot be merged: it has ${what}.`, {
    hint:
      name === rootTable
        ? "Load with `row_key` columns (`_dlt_id`), or declare a primary key of one column."
        : "Set `rootKey: true` on the source, so that nested tables carry the key of their root row, and load the table anew.",
    context: { table: name },
  });
}
