import type { ColumnBatch } from "@dlt/core";
import { batchBytes, encodeBatch, haveSameColumns, joinBatches } from "@dlt/core/engine";
import { PartBuffer } from "./part-buffer.js";

/** Batches with the same columns that will become a chunk. */
export class ColumnsBuffer extends PartBuffer<ColumnBatch> {
  protected readonly framing = "columns";

  /** True when the batch can be joined with those that are here. */
  takes(batch: ColumnBatch): boolean {
    return this.first === undefined || haveSameColumns(this.first, batch);
  }

  add(batch: ColumnBatch): void {
    const { rowCount } = batch;
    this.push({ content: batch, rowCount, position: rowCount, bytes: batchBytes(batch) });
  }

  protected joined(batches: readonly ColumnBatch[]): Uint8Array {
    return encodeBatch(joinBatches(batches));
  }
}
