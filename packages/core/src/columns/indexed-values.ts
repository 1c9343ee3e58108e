import type { Column } from "../contract/batch.js";
import { isSet } from "./bitmap.js";

/** The values of a column, and where each row finds its own. */
export interface IndexedValues {
  /** Not of layout `dictionary`. */
  readonly values: Exclude<Column, { readonly layout: "dictionary" }>;
  /** For each row the index of its value, -1 for none. `null` when every row has a value and its index is the row. */
  readonly indices: Int32Array | null;
}

/** Follows a column through its dictionaries, of which each level may lack values. */
export function indexedValues(column: Column, rowCount: number): IndexedValues {
  if (column.layout !== "dictionary" && column.validity === null) return { values: column, indices: null };
  const indices = new Int32Array(rowCount);
  for (let row = 0; row < rowCount; row++) indices[row] = row;
  let level = column;
  for (;;) {
    if (level.validity !== null) dropMissing(indices, level.validity);
    if (level.layout !== "dictionary") return { values: level, indices };
    for (let row = 0; row < rowCount; row++) {
      const index = indices[row] as number;
      if (index >= 0) indices[row] = level.indices[index] as number;
    }
    level = level.values;
  }
}

function dropMissing(indices: Int32Array, validity: Uint8Array): void {
  for (let row = 0; row < indices.length; row++) {
    const index = indices[row] as number;
    if (index >= 0 && !isSet(validity, index)) indices[row] = -1;
  }
}
