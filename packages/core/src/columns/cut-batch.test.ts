import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyBatch, dictionaryColumn, int64Column, textColumn } from "../../test/batches.js";
import type { Column, ColumnBatch } from "../contract/batch.js";
import { readValue } from "./column-reader.js";
import { cutBatch, cutRows } from "./cut-batch.js";
import { haveSameColumns, joinBatches } from "./join-batches.js";
import { keepRows } from "./keep-rows.js";
import { batchBytes, sliceBatch } from "./slice-batch.js";
import { takeRows } from "./take-rows.js";

/** The values of each row, column by column. */
function rowsOf({ rowCount, columns }: ColumnBatch): unknown[][] {
  return Array.from({ length: rowCount }, (_, row) => columns.map((column) => readValue(column, row)));
}

const typesOf = ({ columns }: ColumnBatch): unknown[] => columns.map(({ name, type }) => ({ name, type }));

describe("a batch", () => {
  test("gives the same rows in slices", () => {
    fc.assert(
      fc.property(anyBatch(), fc.nat({ max: 20 }), fc.nat({ max: 20 }), (batch, one, other) => {
        const [from, to] = [one, other].map((row) => Math.min(row, batch.rowCount)).sort((a, b) => a - b);
        const slice = sliceBatch(batch, from ?? 0, to ?? 0);
        expect(rowsOf(slice)).toEqual(rowsOf(batch).slice(from, to));
        // A slice of a slice, which may begin within a byte.
        const inner = sliceBatch(slice, Math.min(1, slice.rowCount), slice.rowCount);
        expect(rowsOf(inner)).toEqual(rowsOf(slice).slice(1));
      }),
    );
  });

  test("gives the same rows in pieces of so many", () => {
    fc.assert(
      fc.property(anyBatch(), fc.integer({ min: 1, max: 20 }), (batch, rows) => {
        const pieces = [...cutRows(batch, rows)];
        expect(pieces.flatMap(rowsOf)).toEqual(rowsOf(batch));
        expect(pieces.slice(0, -1).every(({ rowCount }) => rowCount === rows)).toBe(true);
      }),
    );
  });

  test("is the same when its pieces are joined", () => {
    fc.assert(
      fc.property(anyBatch(), fc.integer({ min: 1, max: 300 }), (batch, pieceBytes) => {
        const pieces = [...cutBatch(batch, pieceBytes)];
        expect(pieces.flatMap(rowsOf)).toEqual(rowsOf(batch));
        if (!pieces.every((piece) => haveSameColumns(pieces[0] ?? piece, piece))) return;
        const joined = joinBatches(pieces);
        expect(rowsOf(joined)).toEqual(rowsOf(batch));
        expect(typesOf(joined)).toEqual(typesOf(batch));
      }),
    );
  });

  test("is the same when slices of any length are joined", () => {
    fc.assert(
      fc.property(anyBatch(), fc.array(fc.nat({ max: 20 }), { maxLength: 4 }), (batch, cuts) => {
        const bounds = [0, ...cuts.map((cut) => Math.min(cut, batch.rowCount)).sort((a, b) => a - b), batch.rowCount];
        const slices = bounds.slice(1).map((to, index) => sliceBatch(batch, bounds[index] ?? 0, to));
        const copies = slices.map((slice) =>
          takeRows(
            slice,
            Int32Array.from({ length: slice.rowCount }, (_, row) => row),
          ),
        );
        expect(rowsOf(joinBatches(copies))).toEqual(rowsOf(batch));
      }),
    );
  });

  test("gives the rows that are taken", () => {
    fc.assert(
      fc.property(anyBatch(), fc.array(fc.nat({ max: 19 }), { maxLength: 20 }), (batch, drawn) => {
        const rows = drawn.filter((row) => row < batch.rowCount);
        const all = rowsOf(batch);
        expect(rowsOf(takeRows(batch, Int32Array.from(rows)))).toEqual(rows.map((row) => all[row]));
        const kept = new Set(rows);
        expect(rowsOf(keepRows(batch, (row) => kept.has(row)))).toEqual(all.filter((_, row) => kept.has(row)));
      }),
    );
  });
});

describe("pieces", () => {
  const long: ColumnBatch = {
    rowCount: 1000,
    columns: [
      int64Column(
        "n",
        Array.from({ length: 1000 }, (_, row) => (row % 3 ? BigInt(row) : null)),
        { dataType: "bigint" },
      ),
    ],
  };

  test("have about the size that was asked for, and share their memory", () => {
    const pieces = [...cutBatch(long, 1024)];
    expect(pieces.length).toBeGreaterThan(6);
    for (const piece of pieces) {
      expect(batchBytes(piece)).toBeLessThanOrEqual(1024);
      expect(memory(piece.columns[0])).toBe(memory(long.columns[0]));
    }
    expect([...cutBatch(long, 1e6)]).toEqual([long]);
  });

  test("do not drag a large dictionary along", () => {
    const words = textColumn(
      "s",
      Array.from({ length: 500 }, (_, index) => `word ${index}`),
    );
    const column = dictionaryColumn(
      words,
      Array.from({ length: 1000 }, (_, row) => (row % 7 ? row % 500 : null)),
    );
    const batch = { rowCount: 1000, columns: [column] };
    const pieces = [...cutBatch(batch, 400)];
    expect(pieces.every(({ columns }) => columns[0]?.layout === "bytes")).toBe(true);
    expect(pieces.flatMap(rowsOf)).toEqual(rowsOf(batch));
    expect([...cutBatch(batch, 1e6)]).toEqual([batch]);
  });

  test("of a batch without rows or columns are the batch", () => {
    const empty = { rowCount: 0, columns: [] };
    expect([...cutBatch(empty, 1)]).toEqual([empty]);
    expect([...cutBatch({ rowCount: 100, columns: [] }, 1)]).toEqual([{ rowCount: 100, columns: [] }]);
  });
});

describe("joined batches", () => {
  test("keep one dictionary where all share it, and a value for each row otherwise", () => {
    const words = textColumn("s", ["a", "b"]);
    const shared = [dictionaryColumn(words, [0, 1]), dictionaryColumn(words, [1, null])];
    const own = [dictionaryColumn(words, [0, 1]), dictionaryColumn(textColumn("s", ["c"]), [null, 0])];
    const join = (columns: readonly Column[]): ColumnBatch =>
      joinBatches(columns.map((column) => ({ rowCount: 2, columns: [column] })));
    expect(join(shared).columns[0]?.layout).toBe("dictionary");
    expect(rowsOf(join(shared))).toEqual([["a"], ["b"], ["b"], [null]]);
    expect(join(own).columns[0]?.layout).toBe("bytes");
    expect(rowsOf(join(own))).toEqual([["a"], ["b"], [null], ["c"]]);
  });

  test("need the same names, types and layouts", () => {
    const batch = (column: Column): ColumnBatch => ({ rowCount: 1, columns: [column] });
    const base = batch(textColumn("s", ["a"]));
    expect(haveSameColumns(base, batch(textColumn("s", ["b"])))).toBe(true);
    expect(haveSameColumns(base, batch(textColumn("t", ["a"])))).toBe(false);
    expect(haveSameColumns(base, batch(textColumn("s", ["a"], "json")))).toBe(false);
    expect(haveSameColumns(base, batch(dictionaryColumn(textColumn("s", ["a"]), [0])))).toBe(false);
    expect(haveSameColumns(base, { rowCount: 1, columns: [] })).toBe(false);
  });

  test("name what has no value in all of them", () => {
    const batch = { rowCount: 1, columns: [] };
    expect(joinBatches([{ ...batch, nullColumns: ["a"] }, batch, { ...batch, nullColumns: ["b", "a"] }])).toEqual({
      rowCount: 3,
      columns: [],
      nullColumns: ["a", "b"],
    });
  });
});

function memory(column: Column | undefined): ArrayBufferLike | undefined {
  return column?.layout === "fixed" ? column.values.buffer : undefined;
}
