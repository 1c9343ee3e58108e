import type { Column, ColumnBatch } from "../contract/batch.js";
import { bitsFrom } from "./copy-bits.js";

/** Rows `from` to `to` (exclusive) of a batch. Nothing is copied, but bits where `from` is no multiple of eight. */
export function sliceBatch(batch: ColumnBatch, from: number, to: number): ColumnBatch {
  if (from === 0 && to === batch.rowCount) return batch;
  return { ...batch, rowCount: to - from, columns: batch.columns.map((column) => sliceColumn(column, from, to)) };
}

/** Rows `from` to `to` (exclusive) of a column. */
export function sliceColumn(column: Column, from: number, to: number): Column {
  const count = to - from;
  const validity = column.validity === null ? null : bitsFrom(column.validity, from, count);
  switch (column.layout) {
    case "fixed":
      return { ...column, validity, values: column.values.subarray(from, to) };
    case "bits":
      return { ...column, validity, values: bitsFrom(column.values, from, count) };
    case "bytes":
      return { ...column, validity, offsets: column.offsets.subarray(from, to + 1) };
    case "decimal128":
      return { ...column, validity, words: column.words.subarray(from * 2, to * 2) };
    case "dictionary":
      return { ...column, validity, indices: column.indices.subarray(from, to) };
  }
}

/** Bytes of memory that the rows of a batch take; a dictionary counts for itself. */
export function batchBytes({ rowCount, columns }: ColumnBatch): number {
  return columns.reduce((sum, column) => sum + columnBytes(column, rowCount), 0);
}

function columnBytes(column: Column, rowCount: number): number {
  const bits = (rowCount + 7) >> 3;
  const validity = column.validity === null ? 0 : bits;
  switch (column.layout) {
    case "fixed":
      return validity + rowCount * column.values.BYTES_PER_ELEMENT;
    case "bits":
      return validity + bits;
    case "bytes":
      return validity + rowCount * 4 + ((column.offsets[rowCount] ?? 0) - (column.offsets[0] ?? 0));
    case "decimal128":
      return validity + rowCount * 16;
    case "dictionary":
      return validity + rowCount * 4;
  }
}
