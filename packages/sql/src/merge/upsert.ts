import { rootKey, rowKey } from "./chain-keys.js";
import { selectDeduplicated } from "./deduplicate.js";
import { type HardDelete, hardDelete } from "./hard-delete.js";
import { newNestedRows } from "./nested-rows.js";
import { aboutRoots } from "./roots.js";
import {
  insertion,
  isThere,
  listed,
  quotedColumnsWith,
  type StagedChain,
  type StagedTable,
  sameValues,
} from "./staged-chain.js";

/**
 * Rows with the primary key of a staged row get its values, other staged rows are inserted, one for each key. Nested rows have ids made
 * from that key: those that did not come again are deleted.
 */
export function upsert(chain: StagedChain): readonly string[] {
  const { dialect, root, nested } = chain;
  const deletes = hardDelete(chain);
  const key = quotedColumnsWith(dialect, root, "primaryKey");
  return [
    ...deletionsBelowOtherIds(chain, key),
    merge(chain, root, key, [
      ...(deletes === null ? [] : [`WHEN MATCHED AND ${deletes.deleted} THEN DELETE`]),
      update(root),
      insert(root),
    ]),
    ...nested.flatMap((table) => {
      const id = rowKey(chain, table);
      const ofRoots = (roots: string): string => `${rootKey(chain, table)} IN (${roots})`;
      const cameRoots = `SELECT ${rowKey(chain, root)} FROM ${root.staged}`;
      const isGone = `NOT EXISTS (SELECT 1 FROM ${table.staged} AS s WHERE ${sameValues([id])})`;
      return [
        merge(chain, table, [id], [update(table), insert(table)]),
        `DELETE FROM ${table.final} AS d WHERE ${ofRoots(cameRoots)} AND ${isGone}`,
        ...(deletes === null ? [] : [`DELETE FROM ${table.final} WHERE ${ofRoots(deletedRoots(chain, key, deletes))}`]),
      ];
    }),
  ];
}

/** A query for the row keys of root rows that stand for a deletion. */
function deletedRoots(chain: StagedChain, by: readonly string[], deletes: HardDelete): string {
  const { root } = chain;
  return selectDeduplicated(chain, root, { by, columns: [rowKey(chain, root)], where: deletes.deleted });
}

/**
 * A row that was loaded in another way has another id than its key gives, and gets that one: what is nested in it would be left
 * without it.
 */
function deletionsBelowOtherIds(chain: StagedChain, key: readonly string[]): readonly string[] {
  const { root, nested } = chain;
  if (nested.length === 0) return [];
  const id = rowKey(chain, root);
  const select = `SELECT d.${id} FROM ${root.final} AS d JOIN ${root.staged} AS s ON ${sameValues(key)} WHERE d.${id} <> s.${id}`;
  return aboutRoots(chain, { name: "deleted", select }, (isDeleted) =>
    nested.map((table) => `DELETE FROM ${table.final} WHERE ${isDeleted(rootKey(chain, table))}`),
  );
}

/**
 * Staged rows whose primary key is not there yet are inserted, one for each key, and nested rows whose id is not: lists of rows that are
 * there may grow. Rows that are there stay as they are, and get nothing where their id does not come from the key.
 */
export function insertOnly(chain: StagedChain): readonly string[] {
  const { dialect, root, nested } = chain;
  const deletes = hardDelete(chain);
  const by = quotedColumnsWith(dialect, root, "primaryKey");
  const keptRoots =
    deletes === null ? null : `SELECT s.${rowKey(chain, root)} FROM ${root.staged} AS s WHERE ${deletes.kept}`;
  const isNew = `NOT ${isThere(root, by)}${deletes === null ? "" : ` AND ${deletes.kept}`}`;
  return [
    insertion(root, selectDeduplicated(chain, root, { by, columns: root.columns, where: isNew })),
    ...nested.map((table) => {
      const isKept = keptRoots === null ? [] : [`s.${rootKey(chain, table)} IN (${keptRoots})`];
      return insertion(table, newNestedRows(chain, table, ...isKept));
    }),
  ];
}

/** `key` tells the rows of the table apart: of several staged ones one is merged. */
function merge(chain: StagedChain, table: StagedTable, key: readonly string[], actions: readonly string[]): string {
  const { final, columns } = table;
  const rows = selectDeduplicated(chain, table, { by: key, columns });
  return `MERGE INTO ${final} AS d USING (${rows}) AS s ON ${sameValues(key)} ${actions.join(" ")}`;
}

function update({ columns }: StagedTable): string {
  return `WHEN MATCHED THEN UPDATE SET ${columns.map((column) => `${column} = s.${column}`).join(", ")}`;
}

function insert({ columns }: StagedTable): string {
  return `WHEN NOT MATCHED THEN INSERT (${listed(columns)}) VALUES (${listed(columns, "s.")})`;
}
