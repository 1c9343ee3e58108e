/** A row by its columns, with values that can be compared. */
export type KeyedRow = Readonly<Record<string, unknown>>;
type RowsByTable = Readonly<Record<string, readonly KeyedRow[]>>;

const idColumns = ["_dlt_id", "_dlt_parent_id", "_dlt_root_id"];

/**
 * Sorts the rows of all tables without regard to random ids, so that rows of two datasets can be compared one by one: by the row
 * above, then by content, then by ids that are the same everywhere.
 */
export function inOrder(tables: RowsByTable, isFixedId: (id: unknown) => boolean): RowsByTable {
  const rowOfId = new Map(
    Object.values(tables)
      .flat()
      .map((row) => [row["_dlt_id"], row] as const),
  );
  const fixed = (id: unknown): unknown => (isFixedId(id) ? id : null);
  const key = (row: KeyedRow): unknown => {
    const { _dlt_parent_id: parentId } = row;
    const parent = rowOfId.get(parentId);
    const content = Object.entries(row).filter(([name]) => !idColumns.includes(name));
    return [parent === undefined ? fixed(parentId) : key(parent), content, fixed(row["_dlt_id"])];
  };
  return Object.fromEntries(
    Object.entries(tables).map(([name, rows]) => {
      const keyed = rows.map((row) => [JSON.stringify(key(row)), row] as const);
      return [name, keyed.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, row]) => row)];
    }),
  );
}

/** The ids of all rows. */
export function idsOf(tables: RowsByTable): ReadonlySet<unknown> {
  return new Set(
    Object.values(tables)
      .flat()
      .flatMap((row) => idColumns.map((name) => row[name])),
  );
}
