import type { CursorReader } from "./cursor/cursor-reader.js";

/** What is told of a cursor in the info of an extract. */
interface CursorCounts {
  /** Rows that came to the cursor. */
  unfilteredItemsCount: number;
  /** Pages that they came in; a row that was yielded by itself is one. */
  unfilteredBatchesCount: number;
  /** Rows at the last value that were remembered when reading began, and in the end. */
  readonly initialUniqueHashesCount: number;
  readonly finalUniqueHashesCount: number;
}

/** Counts what comes to the cursor of a resource, in the metrics of the resource. */
export class CursorMetrics {
  readonly #counts: CursorCounts;

  constructor(reader: CursorReader, metrics: Record<string, unknown>) {
    this.#counts = {
      unfilteredItemsCount: 0,
      unfilteredBatchesCount: 0,
      initialUniqueHashesCount: reader.hashCount,
      get finalUniqueHashesCount() {
        return reader.hashCount;
      },
    };
    metrics["incremental"] = [this.#counts];
  }

  count(rows: number, singly: boolean): void {
    this.#counts.unfilteredItemsCount += rows;
    this.#counts.unfilteredBatchesCount += singly ? rows : 1;
  }
}
