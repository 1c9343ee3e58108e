import { describe, expect, test } from "vitest";
import type { Hints } from "../contract/hints.js";
import { hintsForRow, mergeHints } from "./merge-hints.js";

describe("mergeHints", () => {
  test.each<[string, Hints | null, Hints, Hints]>([
    ["starts with append", null, { primaryKey: "id" }, { writeDisposition: "append", primaryKey: "id" }],
    ["but not for a nested table", null, { parentTableName: "a" }, { parentTableName: "a" }],
    [
      "replaces what is given and leaves the rest",
      { tableName: "a", primaryKey: "id" },
      { tableName: "b" },
      { tableName: "b", primaryKey: "id" },
    ],
    ["an empty name takes it away", { tableName: "a" }, { tableName: "" }, {}],
    [
      "an empty key is kept, since it clears the keys of the table",
      { primaryKey: "id" },
      { primaryKey: [] },
      { primaryKey: [] },
    ],
    [
      "an empty write disposition is ignored",
      { writeDisposition: "merge" },
      { writeDisposition: "" as never },
      { writeDisposition: "merge" },
    ],
    [
      "columns are merged one by one, in order",
      { columns: { b: { dataType: "text", precision: 3 }, a: { unique: true } } },
      { columns: [{ name: "b", precision: 5 }, { name: "c" }] },
      { columns: [{ name: "b", dataType: "text", precision: 5 }, { name: "a", unique: true }, { name: "c" }] },
    ],
    ["no columns reset them", { columns: { a: {} } }, { columns: {} }, { columns: {} }],
    [
      "nested hints are replaced as a whole",
      { nestedHints: { a: {} } },
      { nestedHints: { b: {} } },
      { nestedHints: { b: {} } },
    ],
    [
      "references are merged by table",
      { references: [reference("a", "x"), reference("b", "x")] },
      { references: [reference("a", "y"), reference("c", "x")] },
      { references: [reference("a", "y"), reference("b", "x"), reference("c", "x")] },
    ],
    [
      "stored properties are merged by key",
      { additionalTableHints: { "x-a": 1, "x-b": 1 } },
      { additionalTableHints: { "x-b": 2 } },
      { additionalTableHints: { "x-a": 1, "x-b": 2 } },
    ],
  ])("%s", (_, current, given, expected) => {
    expect(mergeHints(current, given)).toEqual(expected);
  });

  test("a function in the place of a hint needs a table name that is one, too", () => {
    expect(() => mergeHints({}, { primaryKey: () => "id" })).toThrow(
      expect.objectContaining({ code: "RESOURCE_HINTS_INCONSISTENT" }),
    );
    expect(() => mergeHints({}, { primaryKey: () => "id", tableName: () => "t" })).not.toThrow();
  });
});

test("hintsForRow calls what is a function", () => {
  const hints: Hints = {
    tableName: (row: { type: string }) => `${row.type}_events`,
    primaryKey: ({ type }: { type: string }) => (type === "a" ? "id" : []),
    writeDisposition: "merge",
  };
  expect(hintsForRow(hints, { type: "a" })).toEqual({
    tableName: "a_events",
    primaryKey: "id",
    writeDisposition: "merge",
  });
  expect(hintsForRow(hints, { type: "b" })).toEqual({
    tableName: "b_events",
    primaryKey: [],
    writeDisposition: "merge",
  });
});

function reference(
  referencedTable: string,
  column: string,
): NonNullable<Exclude<Hints["references"], (...args: never) => unknown>>[number] {
  return { referencedTable, columns: [column], referencedColumns: [column] };
}
