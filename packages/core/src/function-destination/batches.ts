import { joinBatches } from "../columns/join-batches.js";
import { sliceBatch } from "../columns/slice-batch.js";
import type { ColumnBatch } from "../contract/batch.js";
import type { LoadRow } from "../contract/destination.js";

/** Some rows of a file. */
export interface Batch<Items> {
  readonly items: Items;
  readonly rowCount: number;
}

/** The rows of all pages, `size` at a time, whatever the pages have; the last batch has what is left. */
export async function* rowBatches(
  pages: AsyncIterable<readonly LoadRow[]>,
  size: number,
): AsyncGenerator<Batch<LoadRow[]>> {
  let items: LoadRow[] = [];
  for await (const page of pages) {
    for (const row of page) {
      items.push(row);
      if (items.length < size) continue;
      yield { items, rowCount: size };
      items = [];
    }
  }
  if (items.length > 0) yield { items, rowCount: items.length };
}

/** The same of columns. Pages have the same columns. */
export async function* columnBatches(
  pages: AsyncIterable<ColumnBatch>,
  size: number,
): AsyncGenerator<Batch<ColumnBatch>> {
  let parts: ColumnBatch[] = [];
  let missing = size;
  for await (const page of pages) {
    let from = 0;
    while (page.rowCount - from >= missing) {
      parts.push(sliceBatch(page, from, from + missing));
      from += missing;
      yield { items: joinBatches(parts), rowCount: size };
      parts = [];
      missing = size;
    }
    if (from === page.rowCount) continue;
    parts.push(sliceBatch(page, from, page.rowCount));
    missing -= page.rowCount - from;
  }
  if (parts.length > 0) yield { items: joinBatches(parts), rowCount: size - missing };
}
