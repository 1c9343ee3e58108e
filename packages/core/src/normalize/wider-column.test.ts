import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { batchRows } from "../../test/batch-rows.js";
import { decimalColumn, int64Column, textColumn } from "../../test/batches.js";
import { testRun } from "../../test/normalize-run.js";
import type { ColumnBatch } from "../contract/batch.js";
import type { NormalizeRun, RawChunk } from "../contract/normalizer.js";
import type { ColumnSchema, Schema, SchemaContract } from "../contract/schema.js";
import { encodeRows } from "../json/encode-rows.js";
import { setSchemaContract } from "../schema/change-settings.js";
import { formatSchema } from "../schema/format-schema.js";
import { newSchema } from "../schema/new-schema.js";
import type { CompleteColumn } from "../schema/predicates.js";
import { updateTable } from "../schema/update-table.js";
import type { DataValue } from "../values/data-value.js";
import { Decimal } from "../values/decimal.js";
import { TimeOfDay } from "../values/time-of-day.js";
import { Timestamp } from "../values/timestamp.js";
import { relationalNormalizer } from "./session.js";
import { widerColumn } from "./wider-column.js";

const run: NormalizeRun = { ...testRun, widensColumns: true };

describe("widerColumn", () => {
  const at = (micros: bigint) => Timestamp.fromMicros(micros);
  const cases: readonly (readonly [Omit<CompleteColumn, "name">, DataValue, Partial<ColumnSchema> | null])[] = [
    [{ dataType: "bigint", precision: 8 }, 127, null],
    [{ dataType: "bigint", precision: 8 }, 128, { precision: 16 }],
    [{ dataType: "bigint", precision: 8 }, -129, { precision: 16 }],
    [{ dataType: "bigint", precision: 16 }, -(2 ** 31), { precision: 32 }],
    [{ dataType: "bigint", precision: 32 }, 2 ** 31, { precision: 64 }],
    [{ dataType: "bigint", precision: 32 }, 2n ** 63n, null],
    [{ dataType: "bigint" }, 2n ** 63n, null],
    [{ dataType: "text", precision: 3 }, "abc", null],
    [{ dataType: "text", precision: 3 }, "\u{1f600}\u{1f600}\u{1f600}", null],
    [{ dataType: "text", precision: 3 }, "abcd", { precision: 4 }],
    [{ dataType: "text", precision: 3 }, "abcde", { precision: 8 }],
    [{ dataType: "binary", precision: 2 }, new Uint8Array(3), { precision: 4 }],
    [{ dataType: "decimal", precision: 4, scale: 2 }, new Decimal("99.99"), null],
    [{ dataType: "decimal", precision: 4, scale: 2 }, new Decimal("99.9900"), null],
    [{ dataType: "decimal", precision: 4, scale: 2 }, new Decimal("100"), { precision: 5, scale: 2 }],
    [{ dataType: "decimal", precision: 4, scale: 2 }, new Decimal("1E+3"), { precision: 6, scale: 2 }],
    [{ dataType: "decimal", precision: 4, scale: 2 }, new Decimal("-0.001"), { precision: 5, scale: 3 }],
    [{ dataType: "decimal", precision: 4 }, new Decimal("0.5"), { precision: 5, scale: 1 }],
    [{ dataType: "decimal", precision: 30, scale: 9 }, new Decimal("1E-20"), null],
    [{ dataType: "decimal", precision: 4, scale: 2 }, new Decimal("NaN"), null],
    [{ dataType: "timestamp", precision: 3 }, at(1_000_123_000n), null],
    [{ dataType: "timestamp", precision: 3 }, at(1_000_123_400n), { precision: 4 }],
    [{ dataType: "timestamp", precision: 0 }, at(-1n), { precision: 6 }],
    [{ dataType: "time", precision: 0 }, new TimeOfDay(1_500_000), { precision: 1 }],
    [{ dataType: "double" }, 1.5, null],
  ];
  test.each(cases)("%o with %s becomes %o", (column, value, change) => {
    const narrow: CompleteColumn = { name: "c", ...column };
    const wider = widerColumn(narrow, value, run);
    expect(wider).toEqual(change === null ? null : { ...narrow, ...change });
  });
});

/** Normalizes chunks into a table with one declared column; gives the rows of each chunk, and the column afterwards. */
function normalize(
  column: Omit<ColumnSchema, "name">,
  chunks: readonly (readonly unknown[] | ColumnBatch)[],
  { contract = "evolve", ...given }: Partial<NormalizeRun> & { readonly contract?: SchemaContract } = {},
) {
  let schema: Schema = updateTable(setSchemaContract(newSchema("src"), contract), {
    name: "items",
    columns: new Map([["c", { name: "c", ...column }]]),
  });
  const session = relationalNormalizer.open(formatSchema(schema), { ...run, ...given });
  const rows = chunks.map((data, index) => {
    const chunk: RawChunk = {
      index,
      table: "items",
      numbers: "text",
      firstRow: 0,
      data: "columns" in data ? data : { jsonText: encodeRows(data), framing: "lines" },
    };
    const values: unknown[] = [];
    const { update } = session.normalize(chunk, ({ batch }) => {
      for (const row of batchRows(batch)) values.push(row["c"]);
    });
    for (const table of update) schema = updateTable(schema, table, { normalizeIdentifiers: false });
    return values;
  });
  const { c, ...others } = Object.fromEntries(schema.tables.get("items")?.columns ?? []);
  return { rows, column: c, others: Object.keys(others) };
}

describe("columns that may grow", () => {
  it("hold every value that was given, with no variant, and keep what came before", () => {
    const integer = fc.oneof(
      fc.integer({ min: -200, max: 200 }),
      fc.maxSafeInteger(),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.array(integer, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 4 }),
        (chunks) => {
          const result = normalize(
            { dataType: "bigint", precision: 8 },
            chunks.map((values) => values.map((c) => ({ c }))),
          );
          expect(result.rows).toEqual(chunks.map((values) => values.map(BigInt)));
          const limit =
            Math.max(
              ...chunks.flat().map((value) => BigInt(value < 0 ? -BigInt(value) - 1n : value).toString(2).length),
            ) + 1;
          expect(result.column?.precision).toBe([8, 16, 32, 64].find((bits) => bits >= limit));
          expect(result.others).toEqual(["_dlt_load_id", "_dlt_id"]);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("keep the decimals that they have when their scale grows", () => {
    const values = ["1.10", "22.2", "0.125", "1000", "3"];
    const { rows, column } = normalize({ dataType: "decimal", precision: 4, scale: 2 }, [
      values.map((c) => ({ c: new Decimal(c) })),
    ]);
    expect(column).toMatchObject({ precision: 7, scale: 3 });
    expect(rows).toEqual([[1100n, 22_200n, 125n, 1_000_000n, 3000n]]);
  });

  it("come from text, also by rows of known shape", () => {
    const { rows, column } = normalize({ dataType: "text", precision: 2 }, [
      [{ c: "a" }, { c: "bb" }, { c: "ccccc" }, { c: "d" }],
    ]);
    expect(rows).toEqual([["a", "bb", "ccccc", "d"]]);
    expect(column?.precision).toBe(8);
  });

  it("come as columns", () => {
    const batch = (values: readonly bigint[], precision: number): ColumnBatch => ({
      rowCount: values.length,
      columns: [int64Column("c", values, { dataType: "bigint", precision })],
    });
    expect(
      normalize({ dataType: "bigint", precision: 32 }, [batch([1n], 32), batch([2n ** 40n], 64)]).column?.precision,
    ).toBe(64);
    const texts = { rowCount: 2, columns: [textColumn("c", ["é", "éé"])] };
    expect(normalize({ dataType: "text", precision: 2 }, [texts]).column?.precision).toBe(2);
    const longer = { rowCount: 1, columns: [textColumn("c", ["abc"])] };
    expect(normalize({ dataType: "text", precision: 2 }, [longer]).column?.precision ?? null).toBeNull();
    const decimals = { rowCount: 1, columns: [decimalColumn("c", [12_345n], { scale: 3 })] };
    expect(normalize({ dataType: "decimal", precision: 4, scale: 2 }, [decimals]).column).toMatchObject({ scale: 3 });
  });

  it("stay as they are without the option", () => {
    const { column } = normalize({ dataType: "bigint", precision: 8 }, [[{ c: 1 }, { c: 300 }]], {
      widensColumns: false,
    });
    expect(column?.precision).toBe(8);
  });
});

describe("a contract for data types", () => {
  const rows = [{ c: "a" }, { c: "long" }, { c: "b" }];
  const narrow = { dataType: "text", precision: 2 } as const;

  it("that is frozen refuses a wider column", () => {
    expect(() => normalize(narrow, [rows], { contract: { dataType: "freeze" } })).toThrow("(text(2) to text(4))");
  });

  it("that discards takes the value, or the row, and no other", () => {
    expect(normalize(narrow, [rows], { contract: { dataType: "discard_value" } }).rows).toEqual([
      ["a", undefined, "b"],
    ]);
    expect(normalize(narrow, [rows], { contract: { dataType: "discard_row" } }).rows).toEqual([["a", "b"]]);
  });
});
