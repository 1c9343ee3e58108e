/** A row of the table that is merged into; Python's program (`engine/duckdb_merge.py`) makes the same ones. */
export interface MergeRow {
  readonly id: number;
  readonly name: string;
  readonly value: number;
  readonly updated_at: string;
}

/** Rows by their key, which is `id`, from `first` on. `version` tells rows of the same key apart. */
export function mergeRows(first: number, rowCount: number, version: number): readonly MergeRow[] {
  return Array.from({ length: rowCount }, (_, index) => {
    const id = first + index;
    const minute = String(id % 60).padStart(2, "0");
    return { id, name: `user ${id}`, value: id * 1.5 + version, updated_at: `2026-01-0${version}T00:${minute}:00Z` };
  });
}

/** How many rows there are before `rowCount` rows are merged, half of which are new. */
export function rowsBefore(rowCount: number): number {
  return Math.ceil(rowCount * 1.5);
}
