import { isNestedIn, rowKey } from "./chain-keys.js";
import { hasNoRepeated, selectDeduplicated } from "./deduplicate.js";
import { hardDelete } from "./hard-delete.js";
import { aboutRoots } from "./roots.js";
import {
  insertion,
  listed,
  quotedColumnsWith,
  type StagedChain,
  type StagedTable,
  sameValues,
} from "./staged-chain.js";

/**
 * Deletes rows with the primary or the merge key of a staged row, with all that is nested in them, then inserts the staged rows, one
 * for each primary key.
 */
export function deleteInsert(chain: StagedChain): readonly string[] {
  const { dialect, root } = chain;
  const primaryKey = quotedColumnsWith(dialect, root, "primaryKey");
  const mergeKey = quotedColumnsWith(dialect, root, "mergeKey");
  const keys = [primaryKey, mergeKey].filter((key) => key.length > 0);
  return [...deletions(chain, keys), ...insertions(chain, primaryKey)];
}

/** A statement for each key: databases look up one at a time by hashing, and two joined by OR row by row. */
function deletions(chain: StagedChain, keys: readonly (readonly string[])[]): readonly string[] {
  const { root, nested } = chain;
  const matches = keys.map((key) => `WHERE EXISTS (SELECT 1 FROM ${root.staged} AS s WHERE ${sameValues(key)})`);
  const ofRoot = matches.map((match) => `DELETE FROM ${root.final} AS d ${match}`);
  if (nested.length === 0 || matches.length === 0) return ofRoot;
  const key = rowKey(chain, root);
  const select = matches.map((match) => `SELECT d.${key} FROM ${root.final} AS d ${match}`).join(" UNION ");
  const ofNested = aboutRoots(chain, { name: "deleted", select }, (isDeleted) =>
    nested
      .toReversed()
      .map((table) => `DELETE FROM ${table.final} WHERE ${isNestedIn(chain, table, { at: "final" }, isDeleted)}`),
  );
  return [...ofNested, ...ofRoot];
}

function insertions(chain: StagedChain, primaryKey: readonly string[]): readonly string[] {
  const { root, nested } = chain;
  const deletes = hardDelete(chain);
  const roots = (columns: readonly string[]) =>
    selectDeduplicated(chain, root, { by: primaryKey, columns, where: deletes?.kept });
  const areAllInserted = (primaryKey.length === 0 || hasNoRepeated(chain, root)) && deletes === null;
  if (nested.length === 0 || areAllInserted) {
    return [insertion(root, roots(root.columns)), ...nested.map((table) => insertion(table, nestedRows(chain, table)))];
  }
  const key = rowKey(chain, root);
  return aboutRoots(chain, { name: "inserted", select: roots([key]) }, (isInserted) => [
    insertion(root, `SELECT ${listed(root.columns)} FROM ${root.staged} WHERE ${isInserted(key)}`),
    ...nested.map((table) =>
      insertion(table, nestedRows(chain, table, isNestedIn(chain, table, { at: "staged", as: "s" }, isInserted))),
    ),
  ]);
}

/** Rows of a nested table; the ids of a repeated root row are repeated in its nested rows. */
function nestedRows(chain: StagedChain, table: StagedTable, where?: string): string {
  return selectDeduplicated(chain, table, { by: [rowKey(chain, table)], columns: table.columns, where });
}
