import { isNestedIn, rowKey } from "./chain-keys.js";
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
    ...deletionsOfOtherIds(chain, key, deletes),
    merge(chain, root, key, [
      ...(deletes === null ? [] : [`WHEN MATCHED AND ${deletes.deleted} THEN DELETE`]),
      update(root),
      insert(root),
    ]),
    ...nested.map((table) => merge(chain, table, [rowKey(chain, table)], [update(table), insert(table)])),
    ...nested.toReversed().flatMap((table) => {
      const ofRoots = (roots: string): string =>
        isNestedIn(chain, table, { at: "final" }, (column) => `${column} IN (${roots})`);
      const cameRoots = `SELECT ${rowKey(chain, root)} FROM ${root.staged}`;
      const isGone = `NOT EXISTS (SELECT 1 FROM ${table.staged} AS s WHERE ${sameValues([rowKey(chain, table)])})`;
      return [
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
 * Rows that were loaded in another way have other ids than their key gives, and may have it more than once. What is nested in them goes,
 * and so do they, where what came is inserted in their place; a deletion finds them by their key.
 */
function deletionsOfOtherIds(
  chain: StagedChain,
  key: readonly string[],
  deletes: HardDelete | null,
): readonly string[] {
  const { dialect, root, nested } = chain;
  const [id] = quotedColumnsWith(dialect, root, "rowKey");
  const isOther = (row: string): string => `${sameValues(key)} AND d.${row} IS DISTINCT FROM s.${row}`;
  const ofNested = () => {
    const row = rowKey(chain, root);
    const select = `SELECT d.${row} FROM ${root.final} AS d JOIN ${root.staged} AS s ON ${isOther(row)}`;
    return aboutRoots(chain, { name: "deleted", select }, (isDeleted) =>
      nested
        .toReversed()
        .map((table) => `DELETE FROM ${table.final} WHERE ${isNestedIn(chain, table, { at: "final" }, isDeleted)}`),
    );
  };
  const ofRoot = (row: string): string => {
    const kept = selectDeduplicated(chain, root, { by: key, columns: [...key, row], where: deletes?.kept });
    return `DELETE FROM ${root.final} AS d WHERE EXISTS (SELECT 1 FROM (${kept}) AS s WHERE ${isOther(row)})`;
  };
  return [...(nested.length === 0 ? [] : ofNested()), ...(id === undefined || key.includes(id) ? [] : [ofRoot(id)])];
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
      const isOfKept = (column: string): string => `${column} IN (${keptRoots})`;
      const isKept = keptRoots === null ? [] : [isNestedIn(chain, table, { at: "staged", as: "s" }, isOfKept)];
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
