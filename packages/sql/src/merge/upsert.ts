import { rootKey, rowKey } from "./chain-keys.js";
import { hardDelete } from "./hard-delete.js";
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
 * Rows with the primary key of a staged row get its values, other staged rows are inserted. Nested rows have ids made from that key:
 * those that did not come again are deleted.
 */
export function upsert(chain: StagedChain): readonly string[] {
  const { dialect, root, nested } = chain;
  const deletes = hardDelete(chain);
  const key = quotedColumnsWith(dialect, root, "primaryKey");
  return [
    ...deletionsBelowOtherIds(chain, key),
    merge(root, key, [
      ...(deletes === null ? [] : [`WHEN MATCHED AND ${deletes.deleted("s.")} THEN DELETE`]),
      update(root),
      insert(root),
    ]),
    ...nested.flatMap((table) => {
      const id = rowKey(chain, table);
      const ofRoots = (where: string): string =>
        `${rootKey(chain, table)} IN (SELECT ${rowKey(chain, root)} FROM ${root.staged}${where})`;
      const isGone = `NOT EXISTS (SELECT 1 FROM ${table.staged} AS s WHERE ${sameValues([id])})`;
      return [
        merge(table, [id], [update(table), insert(table)]),
        `DELETE FROM ${table.final} AS d WHERE ${ofRoots("")} AND ${isGone}`,
        ...(deletes === null ? [] : [`DELETE FROM ${table.final} WHERE ${ofRoots(` WHERE ${deletes.deleted()}`)}`]),
      ];
    }),
  ];
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

/** Staged rows whose primary key is not there yet are inserted with what is nested in them; rows that are there stay as they are. */
export function insertOnly(chain: StagedChain): readonly string[] {
  const { dialect, root, nested } = chain;
  const deletes = hardDelete(chain);
  const isNew = `NOT ${isThere(root, quotedColumnsWith(dialect, root, "primaryKey"))}`;
  const newRoots = `FROM ${root.staged} AS s WHERE ${isNew}${deletes === null ? "" : ` AND ${deletes.kept("s.")}`}`;
  if (nested.length === 0) return [insertion(root, `SELECT ${listed(root.columns, "s.")} ${newRoots}`)];
  const key = rowKey(chain, root);
  return aboutRoots(chain, { name: "inserted", select: `SELECT s.${key} ${newRoots}` }, (isInserted) => [
    insertion(root, `SELECT ${listed(root.columns)} FROM ${root.staged} WHERE ${isInserted(key)}`),
    ...nested.map((table) =>
      insertion(
        table,
        `SELECT ${listed(table.columns, "s.")} FROM ${table.staged} AS s ` +
          `WHERE ${isInserted(`s.${rootKey(chain, table)}`)} AND NOT ${isThere(table, [rowKey(chain, table)])}`,
      ),
    ),
  ]);
}

function merge({ final, staged }: StagedTable, key: readonly string[], actions: readonly string[]): string {
  return `MERGE INTO ${final} AS d USING ${staged} AS s ON ${sameValues(key)} ${actions.join(" ")}`;
}

function update({ columns }: StagedTable): string {
  return `WHEN MATCHED THEN UPDATE SET ${columns.map((column) => `${column} = s.${column}`).join(", ")}`;
}

function insert({ columns }: StagedTable): string {
  return `WHEN NOT MATCHED THEN INSERT (${listed(columns)}) VALUES (${listed(columns, "s.")})`;
}
