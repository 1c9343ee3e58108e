import type { Column, ColumnType, FileTable } from "@dlt/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Cell, columnOf } from "./columns.js";
import { DuckDbReader, fileOf } from "./readers.js";

let duckDb: DuckDbReader;
beforeAll(async () => {
  duckDb = await DuckDbReader.open();
});
afterAll(() => duckDb[Symbol.asyncDispose]());

async function readAs(wanted: ColumnType, column: Column, rowCount: number): Promise<readonly Cell[]> {
  const table: FileTable = { name: "t", columns: [{ name: "x", nullable: true, ...wanted }] };
  const rows = await duckDb.rows(await fileOf(table, [{ rowCount, columns: [column] }]), table);
  return rows.map(({ x }) => x as Cell);
}

describe("values of a wider or related type are converted", () => {
  const conversions: readonly (readonly [ColumnType, readonly Cell[], ColumnType, readonly Cell[]])[] = [
    [{ dataType: "bigint" }, [1n, null, -(2n ** 53n)], { dataType: "double" }, [1, null, -(2 ** 53)]],
    [{ dataType: "bigint" }, [1n, null, -7n], { dataType: "decimal" }, [10n ** 9n, null, -7n * 10n ** 9n]],
    [{ dataType: "bigint" }, [1n, null, -7n], { dataType: "decimal", precision: 5, scale: 2 }, [100n, null, -700n]],
    [{ dataType: "bigint" }, [1n, null, -(1n << 63n)], { dataType: "wei" }, [1n, null, -(1n << 63n)]],
    [{ dataType: "wei" }, [5n, null], { dataType: "decimal" }, [5n * 10n ** 9n, null]],
    [{ dataType: "decimal" }, [5n * 10n ** 9n, null], { dataType: "wei" }, [5n, null]],
    [{ dataType: "text" }, ["[1]", null], { dataType: "json" }, ["[1]", null]],
    [{ dataType: "json" }, ["[1]", null], { dataType: "text" }, ["[1]", null]],
    [{ dataType: "timestamp" }, [5n, null], { dataType: "timestamp", timezone: false }, [5n, null]],
  ];

  test.each(conversions)("%o %o to %o", async (given, cells, wanted, expected) => {
    expect(await readAs(wanted, columnOf("x", given, cells), cells.length)).toEqual(expected);
  });
});

describe("what a batch may hold beside its values", () => {
  test("longer arrays than it has rows", async () => {
    const values = BigInt64Array.of(1n, 2n, 3n, 4n, 5n);
    const column: Column = {
      name: "x",
      type: { dataType: "bigint" },
      validity: Uint8Array.of(0xfd, 0xff),
      layout: "fixed",
      values,
    };
    expect(await readAs({ dataType: "bigint" }, column, 3)).toEqual([1n, null, 3n]);
  });

  test("arrays that are part of a larger buffer", async () => {
    const data = Buffer.from("__abc__").subarray(2, 5);
    const offsets = new Int32Array(Int32Array.of(9, 0, 1, 3).buffer, 4);
    const column: Column = { name: "x", type: { dataType: "text" }, validity: null, layout: "bytes", offsets, data };
    expect(await readAs({ dataType: "text" }, column, 2)).toEqual(["a", "bc"]);
    const words = new BigInt64Array(BigInt64Array.of(0n, 0n, 0n, 7n, 0n).buffer, 24);
    const decimal: Column = {
      name: "x",
      type: { dataType: "wei" },
      validity: null,
      layout: "decimal128",
      words,
      scale: 0,
    };
    expect(await readAs({ dataType: "wei" }, decimal, 1)).toEqual([7n]);
  });

  test("text of rows without a value", async () => {
    const data = Buffer.from("abcde");
    const offsets = Int32Array.of(0, 1, 3, 5);
    const column: Column = {
      name: "x",
      type: { dataType: "text" },
      validity: Uint8Array.of(0b101),
      layout: "bytes",
      offsets,
      data,
    };
    expect(await readAs({ dataType: "text" }, column, 3)).toEqual(["a", null, "de"]);
  });

  test("dictionaries of dictionaries, each with missing values", async () => {
    const innermost = columnOf("", { dataType: "text" }, ["a", null, "c"]);
    const inner: Column = {
      name: "",
      type: { dataType: "text" },
      validity: Uint8Array.of(0b1011),
      layout: "dictionary",
      indices: Int32Array.of(2, 1, 0, 0),
      values: innermost,
    };
    const outer: Column = {
      name: "x",
      type: { dataType: "text" },
      validity: Uint8Array.of(0b11011),
      layout: "dictionary",
      indices: Int32Array.of(0, 1, 0, 3, 2),
      values: inner,
    };
    expect(await readAs({ dataType: "text" }, outer, 5)).toEqual(["c", null, null, "a", null]);
  });

  test("bytes that are no text", async () => {
    const nan = [0x01, 0, 0, 0, 0, 0, 0xf0, 0x7f, 0xff, 0, 0, 0, 0, 0, 0xf4, 0xff];
    const cells = Array.from({ length: 600 }, (_, row) => Uint8Array.of(...nan, row, row >> 8));
    expect(await readAs({ dataType: "binary" }, columnOf("x", { dataType: "binary" }, cells), cells.length)).toEqual(
      cells,
    );
  });
});
