import type { ColumnBatch } from "../contract/batch.js";
import { takeRows } from "./take-rows.js";

/** The rows of a batch for which `keep` is true, in order. Without a copy where they are neighbours. */
export function keepRows(batch: ColumnBatch, keep: (row: number) => boolean): ColumnBatch {
  const rows = new Int32Array(batch.rowCount);
  let count = 0;
  for (let row = 0; row < batch.rowCount; row++) if (keep(row)) rows[count++] = row;
  return takeRows(batch, rows.subarray(0, count));
}
