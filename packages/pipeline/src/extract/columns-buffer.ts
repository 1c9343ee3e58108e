import type { ColumnBatch } from "@dlt/core";
import { batchBytes, encodeBatch, haveSameColumns, joinBatches } from "@dlt/core/engine";
import type { ChunkPart, ChunkPlace } from "./chunk-part.js";

/** Batches of one resource and table that will become a chunk: all have the same columns. */
export class ColumnsBuffer {
  #place: ChunkPlace;
  #batches: ColumnBatch[] = [];
  #bytes = 0;
  #completeBatches = 0;

  constructor(place: ChunkPlace) {
    this.#place = place;
  }

  get place(): ChunkPlace {
    return this.#place;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** True when the batch can be joined with those that are here. */
  takes(batch: ColumnBatch): boolean {
    const [first] = this.#batches;
    return first === undefined || haveSameColumns(first, batch);
  }

  add(batch: ColumnBatch): void {
    this.#batches.push(batch);
    this.#bytes += batchBytes(batch);
  }

  markComplete(): void {
    this.#completeBatches = this.#batches.length;
  }

  /** Takes everything out, as one encoded batch; `null` when there is nothing. */
  takeAll(): ChunkPart | null {
    return this.#take(this.#batches.length);
  }

  /** Takes out what is complete; `null` when nothing is. */
  takeComplete(): ChunkPart | null {
    return this.#take(this.#completeBatches);
  }

  #take(count: number): ChunkPart | null {
    if (count === 0) return null;
    const taken = this.#batches.slice(0, count);
    this.#batches = this.#batches.slice(count);
    this.#completeBatches = Math.max(0, this.#completeBatches - count);
    this.#bytes = this.#batches.reduce((sum, batch) => sum + batchBytes(batch), 0);
    const place = this.#place;
    const rowCount = taken.reduce((sum, batch) => sum + batch.rowCount, 0);
    this.#place = { ...place, firstRow: place.firstRow + rowCount, update: [] };
    return { place, framing: "columns", rowCount, content: encodeBatch(joinBatches(taken)) };
  }
}
