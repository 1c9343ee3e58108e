import type { Column } from "@dlt/core";
import { isSet } from "./bits.js";

/** A column whose values are given by index. */
export interface IndexedColumn {
  /** The values; not of layout `dictionary`. */
  readonly column: Column;
  /** For each row the index of its value, -1 for none. */
  readonly indices: Int32Array;
  /** One more than the largest index. */
  readonly indexCount: number;
}

/** The values of a column of layout `dictionary` and where its rows find them, through dictionaries of dictionaries. */
export function indexedColumn(outer: Column & { readonly layout: "dictionary" }, rowCount: number): IndexedColumn {
  const indices = new Int32Array(rowCount);
  for (let row = 0; row < rowCount; row++)
    indices[row] = outer.validity === null || isSet(outer.validity, row) ? (outer.indices[row] as number) : -1;
  let column = outer.values;
  for (; ; column = column.values) {
    const { validity } = column;
    let largest = -1;
    for (let row = 0; row < rowCount; row++) {
      const index = indices[row] as number;
      if (index < 0) continue;
      if (validity !== null && !isSet(validity, index)) indices[row] = -1;
      else if (index > largest) largest = index;
    }
    if (column.layout !== "dictionary") return { column, indices, indexCount: largest + 1 };
    for (let row = 0; row < rowCount; row++) {
      const index = indices[row] as number;
      if (index >= 0) indices[row] = column.indices[index] as number;
    }
  }
}
