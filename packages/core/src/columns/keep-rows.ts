import type { Column, ColumnBatch } from "../contract/batch.js";
import { isSet, setBits } from "./bitmap.js";

/** The rows of a batch for which `keep` is true, in order. Values are not copied: the columns refer to those of the batch. */
export function keepRows(batch: ColumnBatch, keep: (row: number) => boolean): ColumnBatch {
  const kept: number[] = [];
  for (let row = 0; row < batch.rowCount; row++) if (keep(row)) kept.push(row);
  if (kept.length === batch.rowCount) return batch;
  const rows = Int32Array.from(kept);
  return { rowCount: rows.length, columns: batch.columns.map((column) => pick(column, rows)) };
}

function pick(column: Column, rows: Int32Array): Column {
  const { name, type } = column;
  const validity = column.validity === null ? null : pickBits(column.validity, rows);
  const indices = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    if (!isSet(column.validity, row)) continue;
    indices[i] = column.layout === "dictionary" ? (column.indices[row] as number) : row;
  }
  const values = column.layout === "dictionary" ? column.values : { ...column, validity: null };
  return { name, type, validity, layout: "dictionary", indices, values };
}

function pickBits(bits: Uint8Array, rows: Int32Array): Uint8Array {
  const picked = new Uint8Array((rows.length + 7) >> 3);
  for (let i = 0; i < rows.length; i++) if (isSet(bits, rows[i] as number)) setBits(picked, i, i + 1, true);
  return picked;
}
