import type { Column } from "../contract/batch.js";
import { isSet } from "./bitmap.js";
import { indexedValues } from "./indexed-values.js";

/** The first row without a value; -1 when all have one. */
export function firstMissingRow(column: Column, rowCount: number): number {
  if (column.layout !== "dictionary") {
    if (column.validity === null) return -1;
    for (let row = 0; row < rowCount; row++) if (!isSet(column.validity, row)) return row;
    return -1;
  }
  return indexedValues(column, rowCount).indices?.indexOf(-1) ?? -1;
}

/** The first row whose value does not pass, by its index among the values behind all dictionaries; -1 when all do. */
export function firstFailingRow(column: Column, rowCount: number, passes: (index: number) => boolean): number {
  const { indices } = indexedValues(column, rowCount);
  for (let row = 0; row < rowCount; row++) {
    const index = indices === null ? row : (indices[row] as number);
    if (index >= 0 && !passes(index)) return row;
  }
  return -1;
}
