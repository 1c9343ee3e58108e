import type { FileTable } from "@dlt/core";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sample } from "./arbitraries.js";
import { type Cell, scaleOf } from "./columns.js";
import { DuckDbReader, fileOf, type Rows, rowsOfHyparquet } from "./readers.js";

let duckDb: DuckDbReader;
beforeAll(async () => {
  duckDb = await DuckDbReader.open();
});
afterAll(() => duckDb[Symbol.asyncDispose]());

describe("a written file reads back as its rows", { timeout: 60_000 }, () => {
  test("in DuckDB", async () => {
    await fc.assert(
      fc.asyncProperty(sample({ minRows: 0, maxRows: 40 }), async ({ table, batches, rows }) => {
        expect(await duckDb.rows(await fileOf(table, batches), table)).toEqual(rows);
      }),
      { numRuns: 300 },
    );
  });

  test("in hyparquet", async () => {
    await fc.assert(
      fc.asyncProperty(sample({ minRows: 0, maxRows: 40 }), async ({ table, batches, rows }) => {
        expectAlike(await rowsOfHyparquet(await fileOf(table, batches), table), rows, table);
      }),
      { numRuns: 300 },
    );
  });

  test("in DuckDB, with columns that are long enough for a dictionary", async () => {
    await fc.assert(
      fc.asyncProperty(sample({ minRows: 600, maxRows: 3000 }), async ({ table, batches, rows }) => {
        expect(await duckDb.rows(await fileOf(table, batches), table)).toEqual(rows);
      }),
      { numRuns: 20 },
    );
  });
});

/** Compares rows of a reader that makes doubles of decimals. */
function expectAlike(read: Rows, written: Rows, { columns }: FileTable): void {
  expect(read.length).toBe(written.length);
  for (const column of columns) {
    const readCells = read.map((row) => row[column.name] as Cell);
    const cells = written.map((row) => row[column.name] as Cell);
    if (column.dataType !== "decimal" && column.dataType !== "wei") {
      expect(readCells).toEqual(cells);
      continue;
    }
    const scale = 10 ** scaleOf(column);
    const doubles = cells.map((cell) => (cell === null ? null : Number(cell) / scale));
    const misread = doubles.filter((value, row) => {
      const given = readCells[row] as number | null | undefined;
      return value === null || typeof given !== "number"
        ? given !== value
        : Math.abs(given - value) > Math.abs(value) * 1e-12;
    });
    expect(misread).toEqual([]);
  }
}
