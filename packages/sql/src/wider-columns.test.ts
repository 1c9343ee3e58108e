import type { ColumnSchema } from "@dlt/core";
import { expect, test } from "vitest";
import { elephant } from "../test/dialects.js";
import { widerColumns } from "./wider-columns.js";

function wider(stored: string, column: Omit<ColumnSchema, "name">) {
  const table = { name: "t", columns: new Map([["c", { name: "c", ...column }]]) };
  return widerColumns(
    elephant,
    table,
    new Map([["c", { name: "c", type: stored, nullable: true, precision: null, scale: null }]]),
  );
}

test.each<[stored: string, wanted: readonly [number, number], becomes: readonly [number, number] | null]>([
  ["numeric(5,2)", [7, 3], [7, 3]],
  ["numeric(7,3)", [5, 2], null],
  ["numeric(7,3)", [12, 2], [13, 3]],
  ["numeric(12,2)", [7, 3], [13, 3]],
  ["numeric(7,3)", [7, 3], null],
])("a decimal stored as %s that is to hold %j becomes %j", (stored, [precision, scale], becomes) => {
  const expected =
    becomes === null ? [] : [{ name: "c", dataType: "decimal", precision: becomes[0], scale: becomes[1] }];
  expect(wider(stored, { dataType: "decimal", precision, scale })).toEqual(expected);
});

test("a decimal that would need more digits than the database has stays as it is", () => {
  const most = elephant.types.maxDecimalPrecision;
  expect(wider(`numeric(${most},${most - 1})`, { dataType: "decimal", precision: 20, scale: 0 })).toEqual([]);
});
