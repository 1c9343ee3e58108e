import { readFileSync } from "node:fs";
import * as zlib from "node:zlib";
import type { Column, ColumnBatch, FileTable } from "@dlt/core";
import fc from "fast-check";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openParquet, type ParquetOptions } from "../src/index.js";
import { sample } from "./arbitraries.js";
import { type Cell, columnOf } from "./columns.js";
import { DuckDbReader, fileOf, type Rows } from "./readers.js";

let duckDb: DuckDbReader;
beforeAll(async () => {
  duckDb = await DuckDbReader.open();
});
afterAll(() => duckDb[Symbol.asyncDispose]());

const sourceOf = (bytes: Uint8Array) => ({
  byteLength: bytes.length,
  slice: async (start: number, end: number) => Uint8Array.from(bytes.subarray(start, end)).buffer,
});

/** The batches of the columns, all of them if none is named. */
async function batchesOf(bytes: Uint8Array, names?: readonly string[], from = 0): Promise<readonly ColumnBatch[]> {
  const reader = await openParquet(sourceOf(bytes));
  const batches: ColumnBatch[] = [];
  for await (const batch of reader.read(names ?? reader.columns, from)) batches.push(batch);
  return batches;
}

/** A file of DuckDB with the rows of a query. */
async function duckDbFile(sql: string, options = ""): Promise<Uint8Array> {
  const path = duckDb.store(new Uint8Array(0));
  await duckDb.query(`COPY (${sql}) TO '${path}' (FORMAT parquet${options})`);
  return readFileSync(path);
}

describe("what was written is read", () => {
  test.each<ParquetOptions>([{}, { compression: "snappy" }, { compression: "gzip" }])(
    "rows of any type, %o",
    async (options) => {
      await fc.assert(
        fc.asyncProperty(
          sample({ minRows: 0, maxRows: 40 }),
          fc.nat({ max: 50 }),
          async ({ table, batches, rows }, from) => {
            const read = await batchesOf(await fileOf(table, batches, options), undefined, from);
            expect(read.flatMap((batch) => rowsOf(batch, table))).toEqual(rows.slice(from));
            for (const batch of read)
              expect(batch.columns.map(({ name }) => name)).toEqual(table.columns.map(({ name }) => name));
          },
        ),
        { numRuns: 100 },
      );
    },
  );

  test("rows that are many enough for dictionaries", async () => {
    await fc.assert(
      fc.asyncProperty(sample({ minRows: 600, maxRows: 3000 }), async ({ table, batches, rows }) => {
        const read = await batchesOf(await fileOf(table, batches));
        expect(read.flatMap((batch) => rowsOf(batch, table))).toEqual(rows);
      }),
      { numRuns: 10 },
    );
  });

  test("decimals of more than 38 digits are text", async () => {
    const type = { dataType: "wei", precision: 76, scale: 2 } as const;
    const table: FileTable = { name: "t", columns: [{ name: "v", ...type, nullable: true }] };
    const texts = [`${"9".repeat(74)}.99`, "-0.01", "0.00", "-12.30"];
    const data = new TextEncoder().encode(texts.join(""));
    const offsets = Int32Array.from([0, ...texts.map((_, index) => texts.slice(0, index + 1).join("").length)]);
    const column: Column = { name: "v", type, validity: null, layout: "bytes", offsets, data };
    const [read] = await batchesOf(await fileOf(table, [{ rowCount: 4, columns: [column] }]));
    expect(read?.columns[0]?.layout).toBe("bytes");
    expect(cellsOf(read as ColumnBatch, 0)).toEqual(texts);
  });

  test("only the columns that are asked for, in their order", async () => {
    const table: FileTable = {
      name: "t",
      columns: (["a", "b", "c"] as const).map((name) => ({ name, dataType: "bigint", nullable: true })),
    };
    const columns = ["a", "b", "c"].map((name, index) => columnOf(name, { dataType: "bigint" }, [BigInt(index), null]));
    const bytes = await fileOf(table, [{ rowCount: 2, columns }]);
    const [batch] = await batchesOf(bytes, ["c", "a"]);
    expect(batch?.columns.map(({ name }) => name)).toEqual(["c", "a"]);
    expect([cellsOf(batch as ColumnBatch, 0), cellsOf(batch as ColumnBatch, 1)]).toEqual([
      [2n, null],
      [0n, null],
    ]);
    expect((await openParquet(sourceOf(bytes))).rowCount).toBe(2);
  });
});

describe("files of other writers", () => {
  test("types of DuckDB, in row groups and with Zstandard where Node has it", async () => {
    const bytes = await duckDbFile(
      `SELECT (i % 100)::TINYINT t, i::USMALLINT us, i::UINTEGER ui, i::BIGINT b, i::FLOAT f, (i / 4)::DOUBLE d, i % 2 = 0 AS bo,
              DATE '2024-01-02' + i::INTEGER AS da, TIME '03:04:05.000006' AS ti, TIMESTAMP '2024-01-02 03:04:05.000006' AS ts,
              TIMESTAMPTZ '2024-01-02 03:04:05.000006+00' AS tz, TIMESTAMP_MS '2024-01-02 03:04:05.006' AS ms,
              TIMESTAMP_NS '2024-01-02 03:04:05.000006' AS ns, (i / 100)::DECIMAL(5, 2) AS d5, (i / 100)::DECIMAL(30, 2) AS d30,
              'text ' || i AS te, '{"a": 1}'::JSON AS js, ('b' || i)::BLOB AS bl,
              'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::UUID AS uu, CASE WHEN i % 3 = 0 THEN NULL ELSE i::BIGINT END AS nu
         FROM range(5000) t(i)`,
      `, ROW_GROUP_SIZE 2048${"zstdDecompressSync" in zlib ? ", COMPRESSION zstd" : ""}`,
    );
    const batches = await batchesOf(bytes);
    expect(batches.length).toBeGreaterThan(1);
    expect(batches.reduce((sum, { rowCount }) => sum + rowCount, 0)).toBe(5000);
    const micros = 1704164645000006n;
    expect(
      Object.fromEntries(
        (batches[0] as ColumnBatch).columns.map(({ name, type }, index) => [
          name,
          [type, cellsOf(batches[0] as ColumnBatch, index)[1]],
        ]),
      ),
    ).toEqual({
      t: [{ dataType: "bigint", precision: 8 }, 1n],
      us: [{ dataType: "bigint", precision: 32 }, 1n],
      ui: [{ dataType: "bigint" }, 1n],
      b: [{ dataType: "bigint" }, 1n],
      f: [{ dataType: "double" }, 1],
      d: [{ dataType: "double" }, 0.25],
      bo: [{ dataType: "bool" }, false],
      da: [{ dataType: "date" }, 19725],
      ti: [{ dataType: "time", precision: 6 }, 11045000006n],
      ts: [{ dataType: "timestamp", precision: 6, timezone: false }, micros],
      tz: [{ dataType: "timestamp", precision: 6, timezone: true }, micros],
      ms: [{ dataType: "timestamp", precision: 3, timezone: false }, 1704164645006000n],
      ns: [{ dataType: "timestamp", precision: 9, timezone: false }, micros],
      d5: [{ dataType: "decimal", precision: 5, scale: 2 }, 1n],
      d30: [{ dataType: "decimal", precision: 30, scale: 2 }, 1n],
      te: [{ dataType: "text" }, "text 1"],
      js: [{ dataType: "json" }, '{"a": 1}'],
      bl: [{ dataType: "binary" }, new TextEncoder().encode("b1")],
      uu: [{ dataType: "text" }, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"],
      nu: [{ dataType: "bigint" }, 1n],
    });
    const nullable = batches.flatMap((batch) => cellsOf(batch, 19));
    expect(nullable.every((value, row) => value === (row % 3 === 0 ? null : BigInt(row)))).toBe(true);
  });

  test("doubles of 16 bits", async () => {
    const bytes = new Uint8Array(
      parquetWriteBuffer({ columnData: [{ name: "h", data: [1.5, -0.25, 0, 65504, 2 ** -24], type: "FLOAT16" }] }),
    );
    expect(cellsOf((await batchesOf(bytes))[0] as ColumnBatch, 0)).toEqual([1.5, -0.25, 0, 65504, 2 ** -24]);
  });

  test.each([
    ["nested columns", "SELECT [1, 2] AS v", "v", "FILE_COLUMN_NOT_READ"],
    ["intervals", "SELECT INTERVAL 1 DAY AS v", "v", "FILE_COLUMN_NOT_READ"],
    ["columns that are not there", "SELECT 1 AS v", "w", "FILE_COLUMN_NOT_READ"],
    ["nanoseconds that are no whole microseconds", "SELECT make_timestamp_ns(1) AS v", "v", "FILE_VALUE_NOT_READ"],
    ["integers beyond 64 bits with a sign", "SELECT 18446744073709551615::UBIGINT AS v", "v", "FILE_VALUE_NOT_READ"],
  ])("%s are refused", async (_, sql, column, code) => {
    await expect(batchesOf(await duckDbFile(sql), [column])).rejects.toMatchObject({ name: "SchemaError", code });
  });

  test("a nested column is no matter to the others", async () => {
    const bytes = await duckDbFile("SELECT 1::BIGINT AS a, {'x': [1]} AS nested, 2::BIGINT AS b");
    expect((await openParquet(sourceOf(bytes))).columns).toEqual(["a", "nested", "b"]);
    const [batch] = await batchesOf(bytes, ["a", "b"]);
    expect([cellsOf(batch as ColumnBatch, 0), cellsOf(batch as ColumnBatch, 1)]).toEqual([[1n], [2n]]);
  });

  test("what is no Parquet is said to be none", async () => {
    const bytes = await duckDbFile("SELECT range AS v FROM range(100)");
    const code = "FILE_NOT_PARQUET";
    await expect(openParquet(sourceOf(new TextEncoder().encode("id,name\n1,Ada\n")))).rejects.toMatchObject({ code });
    await expect(openParquet(sourceOf(bytes.subarray(0, bytes.length - 9)))).rejects.toMatchObject({ code });
    await expect(openParquet(sourceOf(new Uint8Array(0)))).rejects.toMatchObject({ code });
    const broken = Uint8Array.from(bytes).fill(0xff, 4, 40);
    await expect(batchesOf(broken)).rejects.toMatchObject({ code });
  });
});

/** Rows as the samples have them. */
function rowsOf(batch: ColumnBatch, { columns }: FileTable): Rows {
  const cells = batch.columns.map((_, index) => cellsOf(batch, index));
  return Array.from({ length: batch.rowCount }, (_, row) =>
    Object.fromEntries(columns.map(({ name }, index) => [name, cells[index]?.[row] ?? null])),
  );
}

function cellsOf({ rowCount, columns }: ColumnBatch, index: number): readonly Cell[] {
  const column = columns[index] as Column;
  return Array.from({ length: rowCount }, (_, row) => cellAt(column, row));
}

function cellAt(column: Column, row: number): Cell {
  const bit = (bits: Uint8Array): boolean => ((bits[row >> 3] as number) & (1 << (row & 7))) !== 0;
  if (column.validity !== null && !bit(column.validity)) return null;
  switch (column.layout) {
    case "fixed":
      return column.values[row] as number | bigint;
    case "bits":
      return bit(column.values);
    case "decimal128":
      return ((column.words[row * 2 + 1] as bigint) << 64n) | BigInt.asUintN(64, column.words[row * 2] as bigint);
    case "bytes": {
      const bytes = column.data.slice(column.offsets[row], column.offsets[row + 1]);
      return column.type.dataType === "binary" ? bytes : new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    }
    case "dictionary":
      throw new TypeError("No dictionaries are read.");
  }
}
