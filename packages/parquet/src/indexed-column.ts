import type { Column } from "@dlt/core";
import { isSet } from "./bits.js";
import type { Presence } from "./presence.js";
import { rowsOfBits } from "./presence.js";

/** A column whose values are given by index. */
export interface IndexedColumn {
  /** The values; not of layout `dictionary`. */
  readonly values: Column;
  readonly present: Presence;
  /** For each row that has a value its index, in order. */
  readonly indices: Int32Array;
  /** One more than the largest index. */
  readonly indexCount: number;
}

/** The values of a column of layout `dictionary` and where its rows find them, through dictionaries of dictionaries. */
export function indexedColumn(outer: Column & { readonly layout: "dictionary" }, rowCount: number): IndexedColumn {
  // -1 stands for no value.
  const indexOfRow = new Int32Array(rowCount);
  for (let row = 0; row < rowCount; row++) indexOfRow[row] = row;
  let column: Column = outer;
  for (;;) {
    const { validity } = column;
    for (let row = 0; row < rowCount; row++) {
      const index = indexOfRow[row] as number;
      if (index < 0) continue;
      if (validity !== null && !isSet(validity, index)) indexOfRow[row] = -1;
      else if (column.layout === "dictionary") indexOfRow[row] = column.indices[index] as number;
    }
    if (column.layout !== "dictionary") break;
    column = column.values;
  }
  return { values: column, ...presentIndices(indexOfRow) };
}

function presentIndices(indexOfRow: Int32Array): Omit<IndexedColumn, "values"> {
  const bits = new Uint8Array((indexOfRow.length + 7) >> 3);
  const indices = new Int32Array(indexOfRow.length);
  let count = 0;
  let largest = -1;
  for (let row = 0; row < indexOfRow.length; row++) {
    const index = indexOfRow[row] as number;
    if (index < 0) continue;
    bits[row >> 3] = (bits[row >> 3] as number) | (1 << (row & 7));
    indices[count++] = index;
    if (index > largest) largest = index;
  }
  const present = rowsOfBits(bits, indexOfRow.length);
  return { present, indices: indices.subarray(0, count), indexCount: largest + 1 };
}
