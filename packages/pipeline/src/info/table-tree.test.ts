import { expect, test } from "vitest";
import { tableTree } from "./table-tree.js";

test("children stand below their parents, counts in one column", () => {
  const lines = tableTree([
    { name: "events", parent: null, rowCount: 100 },
    { name: "events__commits", parent: "events", rowCount: 134 },
    { name: "events__commits__files", parent: "events__commits", rowCount: 7 },
    { name: "events__labels", parent: "events", rowCount: 2 },
    { name: "users", parent: null, rowCount: 5 },
  ]);
  expect(lines).toEqual([
    "events                         100",
    "├─ events__commits             134",
    "│  └─ events__commits__files     7",
    "└─ events__labels                2",
    "users                            5",
  ]);
});

test("a table whose parent is not listed stands by itself", () => {
  expect(tableTree([{ name: "a__b", parent: "a", rowCount: 1 }])).toEqual(["a__b   1"]);
  expect(tableTree([])).toEqual([]);
});
