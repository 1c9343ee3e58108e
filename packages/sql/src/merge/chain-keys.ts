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

/** The column of a nested table that has the row key of its root row, quoted. */
export function rootKey({ dialect, root }: StagedChain, table: StagedTable): string {
  const parentKey =
    table.schema.parent === root.schema.name ? quotedColumnsWith(dialect, table, "parentKey")[0] : undefined;
  return (
    quotedColumnsWith(dialect, table, "rootKey")[0] ??
    parentKey ??
    missing(table, "no column that leads to its root table")
  );
}

/** Condition on a staged row `s` of a nested table: the row above it is in the final table. */
export function isBelowFinalRow(chain: StagedChain, table: StagedTable): string {
  const { dialect, root, nested } = chain;
  const parent = [root, ...nested].find(({ schema }) => schema.name === table.schema.parent);
  const [parentKey] = quotedColumnsWith(dialect, table, "parentKey");
  if (parent === undefined || parentKey === undefined) return missing(table, "no column that leads to the row above");
  return `s.${parentKey} IN (SELECT ${rowKey(chain, parent)} FROM ${parent.final})`;
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
