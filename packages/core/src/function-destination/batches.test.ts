import fc from "fast-check";
import { expect, test } from "vitest";
import { readValue } from "../columns/column-reader.js";
import type { ColumnBatch } from "../contract/batch.js";
import { columnBatches, rowBatches } from "./batches.js";

const pages = fc.array(fc.nat({ max: 20 }), { maxLength: 8 });
const size = fc.integer({ min: 1, max: 30 });

/** Numbers from 0 on, in pages of these lengths. */
function numbered(lengths: readonly number[]): readonly (readonly number[])[] {
  let next = 0;
  return lengths.map((length) => Array.from({ length }, () => next++));
}

async function* each<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}

async function all<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** All in order; each batch is full, but for the last one. */
function expectBatches(
  batches: readonly { readonly numbers: readonly unknown[]; readonly rowCount: number }[],
  { lengths, wanted }: { readonly lengths: readonly number[]; readonly wanted: number },
): void {
  expect(batches.flatMap(({ numbers }) => numbers)).toEqual(numbered(lengths).flat());
  expect(batches.every(({ numbers, rowCount }) => numbers.length === rowCount && rowCount > 0)).toBe(true);
  expect(batches.slice(0, -1).every(({ rowCount }) => rowCount === wanted)).toBe(true);
  expect((batches.at(-1)?.rowCount ?? 0) <= wanted).toBe(true);
}

test("rows are cut into batches across pages", async () => {
  await fc.assert(
    fc.asyncProperty(pages, size, async (lengths, wanted) => {
      const rows = numbered(lengths).map((page) => page.map((id) => ({ id })));
      const batches = await all(rowBatches(each(rows), wanted));
      const seen = batches.map(({ items, rowCount }) => ({ numbers: items.map(({ id }) => id), rowCount }));
      expectBatches(seen, { lengths, wanted });
    }),
  );
});

test("columns are cut into batches across pages", async () => {
  await fc.assert(
    fc.asyncProperty(pages, size, async (lengths, wanted) => {
      const columns = numbered(lengths).map(batchOf);
      const batches = await all(columnBatches(each(columns), wanted));
      const seen = batches.map(({ items, rowCount }) => ({ numbers: idsOf(items, 0), rowCount }));
      expectBatches(seen, { lengths, wanted });
      for (const { items } of batches) {
        const texts = idsOf(items, 0).map((id) => (Number(id) % 3 === 0 ? null : `t${id}`));
        expect(idsOf(items, 1)).toEqual(texts);
      }
    }),
  );
});

const utf8 = new TextEncoder();

/** A column of numbers, and one of texts of which every third is missing. */
function batchOf(page: readonly number[]): ColumnBatch {
  const validity = new Uint8Array((page.length + 7) >> 3);
  const texts = page.map((id, row) => {
    if (id % 3 !== 0) validity[row >> 3] = (validity[row >> 3] ?? 0) | (1 << (row & 7));
    return id % 3 === 0 ? "" : `t${id}`;
  });
  const offsets = Int32Array.from([0, ...texts.map((_, row) => texts.slice(0, row + 1).join("").length)]);
  return {
    rowCount: page.length,
    columns: [
      {
        name: "id",
        type: { dataType: "bigint" },
        validity: null,
        layout: "fixed",
        values: BigInt64Array.from(page, BigInt),
      },
      { name: "t", type: { dataType: "text" }, validity, layout: "bytes", offsets, data: utf8.encode(texts.join("")) },
    ],
  };
}

function idsOf({ rowCount, columns }: ColumnBatch, index: number): readonly unknown[] {
  const column = columns[index];
  if (column === undefined) throw new TypeError("There is no such column.");
  return Array.from({ length: rowCount }, (_, row) => readValue(column, row));
}
