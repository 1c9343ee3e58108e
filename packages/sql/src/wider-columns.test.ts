import type { ColumnSchema } from "@dlt/core";
import { expect, test } from "vitest";
import { dataset, duck, elephant } from "../test/dialects.js";
import { plan, table } from "../test/plans.js";
import type { StoredTable } from "./information-schema.js";
import { nothingFound, preparePlan } from "./prepare-plan.js";
import { widerColumns } from "./wider-columns.js";

const decimal = (precision: number, scale: number): ColumnSchema => ({
  name: "price",
  dataType: "decimal",
  precision,
  scale,
});
const stored = (precision: number, scale: number): StoredTable =>
  new Map([["price", { name: "price", type: "NUMERIC", nullable: true, precision, scale }]]);
const sizes = (columns: readonly ColumnSchema[]) => columns.map(({ precision, scale }) => [precision, scale]);

test.each([
  ["grows on both sides of the point", [5, 2], [8, 4], [[8, 4]]],
  ["stays when it holds all", [8, 4], [5, 2], []],
  ["stays when it is the same", [5, 2], [5, 2], []],
  ["keeps its fraction when it gets more digits before it", [7, 4], [8, 2], [[10, 4]]],
  ["keeps the digits before the point when it gets a longer fraction", [7, 2], [6, 5], [[10, 5]]],
  ["grows to as many digits as `wei` has", [20, 0], [38, 0], [[38, 0]]],
  ["grows from as many digits as `wei` has", [38, 0], [30, 2], [[40, 2]]],
] as const)("a decimal %s", (_, [before, beforeScale], [after, afterScale], expected) => {
  const wider = widerColumns(duck, table("items", [decimal(after, afterScale)]), stored(before, beforeScale));
  expect(sizes(wider)).toEqual(expected);
});

test("columns are compared also with a schema that is known", () => {
  const load = plan({ tables: [table("items", [decimal(8, 4)])], widensColumns: true });
  const final = { exists: true, hasSchema: true, tables: new Map([["items", stored(5, 2)]]) };
  const options = { final: dataset(duck), staging: dataset(duck, "ds_staging"), isPrepared: false };
  const { statements, changes } = preparePlan(load, { ...options, found: { final, staging: nothingFound } });
  expect(statements[0]?.text).toBe('ALTER TABLE "ds"."items"\nALTER COLUMN "price" SET DATA TYPE numeric(8,4)');
  expect(changes.map(({ name }) => name)).toEqual(["items"]);
  const { widensColumns: _, ...unasked } = load;
  expect(preparePlan(unasked, { ...options, found: { final, staging: nothingFound } }).changes).toEqual([]);
});

test("a decimal that was stored without digits stays as it is, and loses none", () => {
  const unbounded = { name: "price", type: "NUMERIC", nullable: true, precision: null, scale: null };
  expect(widerColumns(elephant, table("items", [decimal(10, 2)]), new Map([["price", unbounded]]))).toEqual([]);
});

test("a decimal that would need more digits than the database has stays as it is", () => {
  const most = elephant.types.maxDecimalPrecision;
  expect(widerColumns(elephant, table("items", [decimal(20, 0)]), stored(most, most - 1))).toEqual([]);
});
