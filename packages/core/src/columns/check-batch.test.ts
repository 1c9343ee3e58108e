import fc from "fast-check";
import { expect, test } from "vitest";
import { anyBatch, dictionaryColumn, int64Column, textColumn } from "../../test/batches.js";
import type { ColumnBatch } from "../contract/batch.js";
import { isDltError } from "../errors/index.js";
import { checkBatch } from "./check-batch.js";

const text = textColumn("c", ["a", "b"]);
const int = int64Column("c", [1n, 2n], { dataType: "bigint" });

test("a batch is taken", () => {
  fc.assert(fc.property(anyBatch(), (batch) => checkBatch(batch)));
});

test.each<readonly [string, unknown, string]>([
  ["no object", 1, "no object"],
  ["no name", { ...text, name: 1 }, "`name`"],
  ["no type", { ...text, type: undefined }, "`dataType`"],
  ["an unknown type", { ...text, type: { dataType: "varchar" } }, "`dataType`"],
  ["no validity", { ...text, validity: undefined }, "`validity`"],
  ["an unknown layout", { ...text, layout: "list" }, "`layout`"],
  ["an array for numbers", { ...int, values: [1n, 2n] }, "`values`"],
  ["unsigned numbers", { ...int, values: BigUint64Array.of(1n, 2n) }, "`values`"],
  ["no offsets", { ...text, offsets: undefined }, "`offsets`"],
  ["too few values", { ...int, values: BigInt64Array.of(1n) }, "fewer values"],
  ["a dictionary of something else", { ...dictionaryColumn(text, [0, 1]), values: { name: "c" } }, "`dataType`"],
  ["an index behind the dictionary", dictionaryColumn(text, [0, 2]), "fewer offsets"],
])("a column is refused: %s", (_, column, reason) => {
  const error = caught({ rowCount: 2, columns: [column] });
  expect(error.code).toBe("BATCH_INVALID");
  expect(error.message).toContain(reason);
});

test.each([-1, 1.5, Number.NaN])("a row count of %s is refused", (rowCount) => {
  expect(caught({ rowCount, columns: [] }).message).toContain("`rowCount`");
});

function caught(batch: unknown): { readonly code: string; readonly message: string } {
  try {
    checkBatch(batch as ColumnBatch);
  } catch (error) {
    if (isDltError(error)) return error;
    throw error;
  }
  throw new Error("Nothing was thrown.");
}
