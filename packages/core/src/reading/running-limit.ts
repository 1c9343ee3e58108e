import type { LimitOptions } from "../contract/resource.js";
import type { Passing } from "./item.js";
import { rowCountOf } from "./rows-of.js";

/** A limit of a resource while that is read. */
export class RunningLimit {
  /** Pages, and single rows, that it lets through yet. */
  #left: number;
  readonly #maxTimeMs: number;
  readonly #countRows: boolean;
  /** False: everything is let through. */
  readonly isSet: boolean;

  constructor({ maxItems = -1, maxTimeMs = Number.POSITIVE_INFINITY, countRows = false }: LimitOptions) {
    this.#left = maxItems === -1 ? Number.POSITIVE_INFINITY : maxItems;
    this.#maxTimeMs = maxTimeMs;
    this.#countRows = countRows;
    this.isSet = maxItems !== -1 || maxTimeMs !== Number.POSITIVE_INFINITY;
  }

  /** How many single rows to gather at most, so that no more are read than it lets through. */
  gather(rowsPerPage: () => number): number {
    // Time is looked at behind each item.
    if (this.#maxTimeMs !== Number.POSITIVE_INFINITY) return 1;
    return Math.max(1, Math.min(rowsPerPage(), this.#left));
  }

  /** The same items, with single rows in pieces that it lets through as a whole, if all rows of a piece still come to it. */
  async *pieces(items: AsyncIterable<Passing>, maxRows: number): AsyncGenerator<Passing> {
    for await (const item of items) {
      if (item.kind !== "rows" || !item.singly || item.rows.length <= Math.min(this.#left, maxRows)) {
        yield item;
        continue;
      }
      let from = 0;
      while (from < item.rows.length) {
        const to = from + Math.max(1, Math.min(this.#left, maxRows));
        yield { ...item, rows: item.rows.slice(from, to) };
        from = to;
      }
    }
  }

  async *limited(items: AsyncIterable<Passing>, nowMs: () => number): AsyncGenerator<Passing> {
    if (this.#left === 0) return;
    const startMs = nowMs();
    for await (const item of items) {
      if (item.kind === "checkpoint") {
        yield item;
        continue;
      }
      const singly = item.kind === "rows" && item.singly;
      if (singly && item.rows.length > this.#left) {
        yield { ...item, rows: item.rows.slice(0, this.#left) };
        return;
      }
      this.#left -= singly || this.#countRows ? rowCountOf(item) : 1;
      yield item;
      if (this.#left <= 0 || nowMs() - startMs > this.#maxTimeMs) return;
    }
  }
}
