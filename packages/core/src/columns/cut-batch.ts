import type { Column, ColumnBatch } from "../contract/batch.js";
import { batchBytes, sliceBatch } from "./slice-batch.js";
import { withoutDictionary } from "./take-rows.js";

/** Rows whose bits fill a byte. */
const rowsOfByte = 8;

/**
 * The batch in pieces of about so many bytes, each of whole rows. Text of very different lengths makes pieces differ. A dictionary
 * that is larger than its piece is left behind: each row then has its own value.
 */
export function* cutBatch(batch: ColumnBatch, pieceBytes: number): Generator<ColumnBatch> {
  const { rowCount } = batch;
  const bytes = batchBytes(batch);
  // Whole bytes of bits, so that they need not be moved.
  const rows = Math.max(rowsOfByte, Math.floor((pieceBytes / bytes) * rowCount) & -rowsOfByte);
  if (bytes <= pieceBytes || rowCount <= rows) {
    yield withSmallDictionaries(batch);
    return;
  }
  yield* cutRows(batch, rows);
}

/** The batch in pieces of so many rows; of the last one there may be fewer. */
export function* cutRows(batch: ColumnBatch, rows: number): Generator<ColumnBatch> {
  const { rowCount } = batch;
  for (let from = 0; from < rowCount; from += rows)
    yield withSmallDictionaries(sliceBatch(batch, from, Math.min(from + rows, rowCount)));
}

function withSmallDictionaries(batch: ColumnBatch): ColumnBatch {
  const { rowCount, columns } = batch;
  const isLarge = (column: Column): boolean => column.layout === "dictionary" && valueCount(column.values) > rowCount;
  if (!columns.some(isLarge)) return batch;
  return {
    ...batch,
    columns: columns.map((column) => (isLarge(column) ? withoutDictionary(column, rowCount) : column)),
  };
}

/** How many values there is room for. */
function valueCount(column: Column): number {
  switch (column.layout) {
    case "fixed":
      return column.values.length;
    case "bits":
      return column.values.length * 8;
    case "bytes":
      return column.offsets.length - 1;
    case "decimal128":
      return column.words.length / 2;
    case "dictionary":
      return column.indices.length;
  }
}
