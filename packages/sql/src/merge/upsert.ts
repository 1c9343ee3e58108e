import { rootKey, rowKey } from "./chain-keys.js";
import { hardDelete } from "./hard-delete.js";
import { listed, quotedColumnsWith, type StagedChain, type StagedTable, sameValues } from "./staged-chain.js";

/**
 * Rows with the primary key of a staged row get its values, other staged rows are inserted. Nested rows have ids made from that key:
 * those that did not come again are deleted.
 */
export function upsert(chain: StagedChain): readonly string[] {
  const { dialect, root, nested } = chain;
  const deletes = hardDelete(chain);
  return [
    merge(root, root.staged, quotedColumnsWith(dialect, root, "primaryKey"), [
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
        merge(table, table.staged, [id], [update(table), insert(table)]),
        `DELETE FROM ${table.final} AS d WHERE ${ofRoots("")} AND ${isGone}`,
        ...(deletes === null ? [] : [`DELETE FROM ${table.final} WHERE ${ofRoots(` WHERE ${deletes.deleted()}`)}`]),
      ];
    }),
  ];
}

/** Staged rows whose primary key is not there yet are inserted; rows that are there stay as they are. */
export function insertOnly(chain: StagedChain): readonly string[] {
  const { dialect, root, nested } = chain;
  const deletes = hardDelete(chain);
  const key = quotedColumnsWith(dialect, root, "primaryKey");
  if (deletes === null) {
    return [
      merge(root, root.staged, key, [insert(root)]),
      ...nested.map((table) => merge(table, table.staged, [rowKey(chain, table)], [insert(table)])),
    ];
  }
  const kept = `FROM ${root.staged} WHERE ${deletes.kept()}`;
  return [
    merge(root, `(SELECT * ${kept})`, key, [insert(root)]),
    ...nested.map((table) => {
      const rows = `(SELECT * FROM ${table.staged} WHERE ${rootKey(chain, table)} IN (SELECT ${rowKey(chain, root)} ${kept}))`;
      return merge(table, rows, [rowKey(chain, table)], [insert(table)]);
    }),
  ];
}

function merge({ final }: StagedTable, rows: string, key: readonly string[], actions: readonly string[]): string {
  return `MERGE INTO ${final} AS d USING ${rows} AS s ON ${sameValues(key)} ${actions.join(" ")}`;
}

function update({ columns }: StagedTable): string {
  return `WHEN MATCHED THEN UPDATE SET ${columns.map((column) => `${column} = s.${column}`).join(", ")}`;
}

function insert({ columns }: StagedTable): string {
  return `WHEN NOT MATCHED THEN INSERT (${listed(columns)}) VALUES (${listed(columns, "s.")})`;
}
