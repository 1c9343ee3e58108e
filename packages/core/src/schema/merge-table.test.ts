import { expect, test } from "vitest";
import type { PartialTable, TableReference } from "../contract/index.js";
import { mergeReferences, mergeTable } from "./merge-table.js";

const table = (hints: Partial<PartialTable>): PartialTable => ({ name: "t", columns: new Map(), ...hints });
const reference = (column: string, label?: string): TableReference => ({
  referencedTable: "x",
  columns: [column],
  referencedColumns: ["id"],
  ...(label !== undefined && { label }),
});

test("what is equal in Python changes nothing", () => {
  const before = table({ "x-flag": true, "x-list": [1, { deep: false }] });
  expect(mergeTable(before, table({ "x-flag": 1, "x-list": [1, { deep: 0 }], description: null }))).toBe(before);
  expect(mergeTable(before, table({ "x-flag": "true" }))).toMatchObject({ "x-flag": "true" });
  expect(mergeTable(table({ description: "d" }), table({ description: null }))).toMatchObject({ description: null });
});

test("of references to a table the last that joins other columns stays", () => {
  const before = [reference("a", "label")];
  expect(mergeReferences(before, [reference("a", "other"), reference("a")])).toBe(before);
  expect(mergeReferences(before, [reference("b"), reference("a", "other")])).toBe(before);
  expect(mergeReferences(before, [reference("b"), reference("c")])).toEqual([reference("c")]);
});

test("no references are not noted", () => {
  const before = table({});
  expect(mergeTable(before, table({ references: [] }))).toBe(before);
});
