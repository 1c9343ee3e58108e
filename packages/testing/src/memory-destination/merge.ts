import type { ColumnSchema, PreparedTable, TableChain } from "@dlt/core";
import type { MemoryDataset, MemoryRow, MemoryTable } from "./memory-database.js";

/** Brings the staged rows of a chain into its tables; false for a chain that is not staged. */
export function bringIn({ tables }: TableChain, final: MemoryDataset, staging: MemoryDataset): boolean {
  const [root] = tables;
  if (root === undefined) return false;
  const chain = tables.map((schema) => ({
    schema,
    final: tableOf(final, schema),
    staged: tableOf(staging, schema).rows,
  }));
  if (root.writeDisposition === "replace" && root.replaceStrategy !== "truncate-and-insert") {
    for (const each of chain) each.final.rows = each.staged;
    return true;
  }
  if (root.writeDisposition !== "merge") return false;
  if (root.mergeStrategy === "upsert") upsert(chain);
  else deleteInsert(chain);
  return true;
}

interface StagedTable {
  readonly schema: PreparedTable;
  readonly final: MemoryTable;
  readonly staged: readonly MemoryRow[];
}

/** Rows with a key of a staged row go, with all that is nested in them; of staged rows with the same primary key one comes. */
function deleteInsert(chain: readonly StagedTable[]): void {
  const [root, ...nested] = chain as readonly [StagedTable, ...StagedTable[]];
  const id = nameOf(root, "rowKey");
  const keys = [namesOf(root, "primaryKey"), namesOf(root, "mergeKey")].filter((key) => key.length > 0);
  const gone = keys.map((key) => ({ key, values: new Set(root.staged.map((row) => keyOf(row, key))) }));
  const isGone = (row: MemoryRow) => gone.some(({ key, values }) => hasKey(row, key) && values.has(keyOf(row, key)));
  const deleted = new Set(root.final.rows.filter(isGone).map((row) => row[id]));
  const inserted = withoutDeleted(root, withoutRepeated(root));
  const insertedIds = new Set(inserted.map((row) => row[id]));
  root.final.rows = [...root.final.rows.filter((row) => !isGone(row)), ...inserted];
  for (const table of nested) {
    const rootId = nameOf(table, "rootKey", "parentKey");
    table.final.rows = [
      ...table.final.rows.filter((row) => !deleted.has(row[rootId])),
      ...table.staged.filter((row) => insertedIds.has(row[rootId])),
    ];
  }
}

/** Rows with the primary key of a staged row get its values. What was nested in them goes, and what came with it comes. */
function upsert(chain: readonly StagedTable[]): void {
  const [root, ...nested] = chain as readonly [StagedTable, ...StagedTable[]];
  const key = namesOf(root, "primaryKey");
  const id = nameOf(root, "rowKey");
  const keys = new Set(root.staged.map((row) => keyOf(row, key)));
  const kept = withoutDeleted(root, withoutRepeated(root));
  const keptIds = new Set(kept.map((row) => row[id]));
  const isUpdated = (row: MemoryRow) => keys.has(keyOf(row, key));
  const updatedIds = new Set([...root.staged, ...root.final.rows.filter(isUpdated)].map((row) => row[id]));
  root.final.rows = [...root.final.rows.filter((row) => !isUpdated(row)), ...kept];
  for (const table of nested) {
    const rootId = nameOf(table, "rootKey", "parentKey");
    table.final.rows = [
      ...table.final.rows.filter((row) => !updatedIds.has(row[rootId])),
      ...table.staged.filter((row) => keptIds.has(row[rootId])),
    ];
  }
}

/** Of several rows with a primary key the first by the sorted column, otherwise the one that was staged first. */
function withoutRepeated(root: StagedTable): readonly MemoryRow[] {
  const key = namesOf(root, "primaryKey");
  if (key.length === 0) return root.staged;
  const [sort] = columnsOf(root, "dedupSort");
  const direction = sort?.dedupSort === "desc" ? -1 : 1;
  const sorted =
    sort === undefined ? root.staged : root.staged.toSorted((a, b) => compare(a[sort.name], b[sort.name], direction));
  const first = new Map<string, MemoryRow>();
  for (const row of sorted) if (!first.has(keyOf(row, key))) first.set(keyOf(row, key), row);
  return [...first.values()];
}

function withoutDeleted(root: StagedTable, rows: readonly MemoryRow[]): readonly MemoryRow[] {
  const [flag] = columnsOf(root, "hardDelete");
  if (flag === undefined) return rows;
  return rows.filter((row) => (flag.dataType === "bool" ? row[flag.name] !== true : row[flag.name] === null));
}

/** What is missing comes last, in both directions. */
function compare(a: unknown, b: unknown, direction: number): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  if (typeof a === "number" || typeof a === "bigint") return a < (b as number | bigint) ? -direction : direction;
  return String(a) < String(b) ? -direction : direction;
}

/** A key with a missing part equals no other. */
function hasKey(row: MemoryRow, key: readonly string[]): boolean {
  return key.every((name) => row[name] !== null);
}

function keyOf(row: MemoryRow, key: readonly string[]): string {
  return JSON.stringify(key.map((name) => [typeof row[name], String(row[name])]));
}

function columnsOf({ schema }: StagedTable, hint: keyof ColumnSchema): readonly ColumnSchema[] {
  return [...schema.columns.values()].filter((column) => Boolean(column[hint]));
}

function namesOf(table: StagedTable, hint: keyof ColumnSchema): readonly string[] {
  return columnsOf(table, hint).map(({ name }) => name);
}

/** The column with the first of the hints that any has. */
function nameOf(table: StagedTable, ...hints: readonly (keyof ColumnSchema)[]): string {
  return hints.flatMap((hint) => namesOf(table, hint))[0] ?? "";
}

function tableOf({ tables }: MemoryDataset, { name, columns }: PreparedTable): MemoryTable {
  const found = tables.get(name);
  if (found !== undefined) return found;
  const made: MemoryTable = { columns: new Set(columns.keys()), rows: [] };
  tables.set(name, made);
  return made;
}
