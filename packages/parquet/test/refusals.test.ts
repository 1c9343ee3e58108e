import type { Column, ColumnType, FileColumn } from "@dlt/core";
import { describe, expect, test } from "vitest";
import { parquet } from "../src/index.js";
import { type Cell, columnOf, dictionaryColumnOf } from "./columns.js";

const format = parquet();

/** Encodes values of a type as a column `x` of table `t`. */
function encode(given: ColumnType, cells: readonly Cell[], wanted: Omit<FileColumn, "name">): unknown {
  return encodeColumn(columnOf("x", given, cells), cells.length, wanted);
}

function encodeColumn(column: Column | undefined, rowCount: number, wanted: Omit<FileColumn, "name">): unknown {
  const columns = column === undefined ? [] : [column];
  return format.encode({ rowCount, columns }, { name: "t", columns: [{ name: "x", ...wanted }] });
}

const refusal = (code: string, row?: number): unknown =>
  expect.objectContaining({
    name: "SchemaError",
    code,
    message: expect.stringMatching(/`x`.*`t`/),
    hint: expect.stringContaining("`x`"),
    context: expect.objectContaining({ table: "t", column: "x", ...(row === undefined ? {} : { row }) }),
  });

describe("a missing value in a column that is not nullable is refused", () => {
  const required = { dataType: "text", nullable: false } as const;
  const cells = [...new Array(100).fill("a"), null, "b", null];

  test("with the row", () => {
    expect(() => encode({ dataType: "text" }, cells, required)).toThrow(refusal("FILE_VALUE_NULL", 100));
    expect(() => encode({ dataType: "text" }, [null], required)).toThrow(refusal("FILE_VALUE_NULL", 0));
  });

  test("in the layout `dictionary`, be it the row or its entry that has none", () => {
    const byRow = dictionaryColumnOf("x", { dataType: "text" }, cells, []);
    expect(() => encodeColumn(byRow, cells.length, required)).toThrow(refusal("FILE_VALUE_NULL", 100));

    const values = columnOf("", { dataType: "text" }, ["a", null]);
    const indices = Int32Array.of(0, 0, 1, 0);
    const byEntry: Column = {
      name: "x",
      type: { dataType: "text" },
      validity: null,
      layout: "dictionary",
      indices,
      values,
    };
    expect(() => encodeColumn(byEntry, 4, required)).toThrow(refusal("FILE_VALUE_NULL", 2));
  });

  test("when the batch has no such column, unless it has no rows", () => {
    expect(() => encodeColumn(undefined, 3, required)).toThrow(refusal("FILE_VALUE_NULL", 0));
    expect(encodeColumn(undefined, 0, required)).toMatchObject({ rowCount: 0 });
  });
});

describe("a value that the column cannot hold is refused with its row", () => {
  const bigint = { dataType: "bigint" } as const;

  test.each([
    [8, 127n],
    [16, 32_767n],
    [32, 2_147_483_647n],
  ])("an integer of more than %d bits", (precision, largest) => {
    const wanted = { dataType: "bigint", precision, nullable: true } as const;
    const smallest = -largest - 1n;
    expect(encode(bigint, [largest, smallest, null], wanted)).toMatchObject({ rowCount: 3 });
    for (const value of [largest + 1n, smallest - 1n, 1n << 32n, -(1n << 62n)]) {
      expect(() => encode(bigint, [1n, null, value], wanted)).toThrow(refusal("FILE_VALUE_OUT_OF_RANGE", 2));
    }
  });

  const textsOf = (type: ColumnType, texts: readonly string[]): Column => {
    const offsets = Int32Array.from([0, ...texts], (_, index) => texts.slice(0, index).join("").length);
    return {
      name: "x",
      type,
      validity: null,
      layout: "bytes",
      offsets,
      data: new TextEncoder().encode(texts.join("")),
    };
  };

  test("an integer of more than 64 bits, which comes as text", () => {
    const wanted = { ...bigint, nullable: true } as const;
    const largest = 2n ** 63n - 1n;
    expect(encodeColumn(textsOf(bigint, ["1", `${largest}`]), 2, wanted)).toEqual(
      encode(bigint, [1n, largest], wanted),
    );
    for (const value of [largest + 1n, -largest - 2n]) {
      const column = textsOf(bigint, ["1", `${value}`]);
      expect(() => encodeColumn(column, 2, wanted)).toThrow(refusal("FILE_VALUE_OUT_OF_RANGE", 1));
    }
  });

  test.each(["1E+28", "-1234567890123.45", "NaN", "Infinity"])("the decimal %s, which comes as text", (text) => {
    const given = { dataType: "decimal", precision: 14, scale: 2 } as const;
    const wanted = { ...given, nullable: true } as const;
    const texts = ["1.005", "-1.005", "0.00499", "2"];
    expect(encodeColumn(textsOf(given, texts), 4, wanted)).toEqual(encode(given, [101n, -101n, 0n, 200n], wanted));
    const column = textsOf(given, ["1", text]);
    expect(() => encodeColumn(column, 2, wanted)).toThrow(refusal("FILE_VALUE_OUT_OF_RANGE", 1));
  });

  test.each([1, 9, 18, 19, 20, 37, 38])("a decimal of more than %d digits", (precision) => {
    const wanted = { dataType: "decimal", precision, scale: 0, nullable: true } as const;
    const given = { dataType: "decimal", precision: 38, scale: 0 } as const;
    const limit = 10n ** BigInt(precision);
    expect(encode(given, [limit - 1n, 1n - limit, null], wanted)).toMatchObject({ rowCount: 3 });
    for (const value of [limit, -limit, (1n << 127n) - 1n, -(1n << 127n)]) {
      expect(() => encode(given, [null, 0n, value], wanted)).toThrow(refusal("FILE_VALUE_OUT_OF_RANGE", 2));
    }
  });

  test("a decimal with more digits after the point", () => {
    const given = { dataType: "decimal", precision: 38, scale: 4 } as const;
    const wanted = { dataType: "decimal", precision: 10, scale: 2, nullable: true } as const;
    expect(encode(given, [12_300n, -12_300n], wanted)).toMatchObject({ rowCount: 2 });
    expect(() => encode(given, [12_300n, 12_340n, 12_345n], wanted)).toThrow(refusal("FILE_VALUE_OUT_OF_RANGE", 1));
  });

  test("an integer that is no double", () => {
    const wanted = { dataType: "double", nullable: true } as const;
    expect(encode(bigint, [2n ** 53n, null, 2n ** 60n], wanted)).toMatchObject({ rowCount: 3 });
    expect(() => encode(bigint, [0n, 2n ** 53n + 1n], wanted)).toThrow(refusal("FILE_VALUE_OUT_OF_RANGE", 1));
  });

  test("in the layout `dictionary`, where entries that no row uses do no harm", () => {
    const wanted = { dataType: "bigint", precision: 8, nullable: true } as const;
    const column = dictionaryColumnOf("x", bigint, [1n, null, 2n, 3n, 1n], [1000n]);
    expect(encodeColumn(column, 5, wanted)).toMatchObject({ rowCount: 5 });
    const outOfRange = dictionaryColumnOf("x", bigint, [1n, null, 2n, 300n, 1n], [1000n]);
    expect(() => encodeColumn(outOfRange, 5, wanted)).toThrow(refusal("FILE_VALUE_OUT_OF_RANGE", 3));
  });

  test("without showing the value", () => {
    const wanted = { dataType: "bigint", precision: 8, nullable: true } as const;
    expect(() => encode(bigint, [987_654_321n], wanted)).toThrow(
      expect.objectContaining({
        message: expect.not.stringContaining("987"),
        hint: expect.not.stringContaining("987"),
      }),
    );
  });
});

describe("a column of another type is refused", () => {
  const mismatches: readonly (readonly [ColumnType, Cell, ColumnType])[] = [
    [{ dataType: "text" }, "a", { dataType: "binary" }],
    [{ dataType: "binary" }, Uint8Array.of(1), { dataType: "json" }],
    [{ dataType: "text" }, "1", { dataType: "bigint" }],
    [{ dataType: "bigint" }, 1n, { dataType: "text" }],
    [{ dataType: "bigint" }, 1n, { dataType: "timestamp" }],
    [{ dataType: "timestamp" }, 1n, { dataType: "bigint" }],
    [{ dataType: "timestamp" }, 1n, { dataType: "time" }],
    [{ dataType: "date" }, 1, { dataType: "bigint" }],
    [{ dataType: "double" }, 1, { dataType: "bigint" }],
    [{ dataType: "double" }, 1, { dataType: "decimal" }],
    [{ dataType: "decimal" }, 1n, { dataType: "double" }],
    [{ dataType: "bool" }, true, { dataType: "bigint" }],
    [{ dataType: "bool" }, true, { dataType: "text" }],
  ];

  test.each(mismatches)("%o %o as %o", (given, cell, wanted) => {
    expect(() => encode(given, [cell], { ...wanted, nullable: true })).toThrow(refusal("FILE_COLUMN_TYPE_MISMATCH"));
  });

  test("unless it has no value at all", () => {
    expect(encode({ dataType: "text" }, [null, null], { dataType: "bigint", nullable: true })).toMatchObject({
      rowCount: 2,
    });
  });
});
