import type { ColumnBatch } from "@dlt/core";
import { batchBytes, encodeBatch, haveSameColumns, joinBatches } from "@dlt/core/engine";
import type { ChunkBufferOptions } from "./chunk-buffer.js";

/** Batches of one resource and table that will become a chunk: all have the same columns. */
export class ColumnsBuffer {
  readonly options: ChunkBufferOptions;
  readonly #batches: ColumnBatch[] = [];
  #bytes = 0;
  #rowCount = 0;

  constructor(options: ChunkBufferOptions) {
    this.options = options;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get rowCount(): number {
    return this.#rowCount;
  }

  /** True when the batch can be joined with those that are here. */
  takes(batch: ColumnBatch): boolean {
    const [first] = this.#batches;
    return first === undefined || haveSameColumns(first, batch);
  }

  add(batch: ColumnBatch): void {
    this.#batches.push(batch);
    this.#bytes += batchBytes(batch);
    this.#rowCount += batch.rowCount;
  }

  /** All rows as one encoded batch. */
  content(): Uint8Array {
    return encodeBatch(joinBatches(this.#batches));
  }
}
