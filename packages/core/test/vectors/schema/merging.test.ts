import { expect } from "vitest";
import type { ColumnSchema } from "../../../src/contract/index.js";
import { newColumns } from "../../../src/schema/diff.js";
import { compoundHints, mergeColumn, mergeColumns } from "../../../src/schema/merge-columns.js";
import { ensureCompatible, mergeTable } from "../../../src/schema/merge-table.js";
import { isDefaultHint } from "../../../src/schema/predicates.js";
import { testVectors } from "../read-vectors.js";
import { typedValue } from "../typed-value.js";
import {
  columnsOf,
  type GivenColumn,
  type GivenTable,
  outcome,
  plainColumns,
  plainTable,
  tableOf,
} from "./stored-form.js";

interface ColumnCase {
  readonly a: GivenColumn;
  readonly b: GivenColumn;
  readonly merged: GivenColumn;
  readonly merged_without_defaults: GivenColumn;
}

testVectors<ColumnCase>("merge-column", ({ a, b, merged, merged_without_defaults }) => {
  const plainMerge = (options: { readonly mergeDefaults?: boolean }) =>
    plainColumns(new Map([["a", mergeColumn(columnOf(a), columnOf(b), options)]]));
  expect(plainMerge({})).toEqual([merged]);
  expect(plainMerge({ mergeDefaults: false })).toEqual([merged_without_defaults]);
});

function columnOf(given: GivenColumn): ColumnSchema {
  return columnsOf([given]).get(given.name) as ColumnSchema;
}

interface ColumnsCase {
  readonly a: readonly GivenColumn[];
  readonly b: readonly GivenColumn[];
  readonly merge_compound_props: boolean;
  readonly merged: readonly GivenColumn[];
}

testVectors<ColumnsCase>("merge-columns", ({ a, b, merge_compound_props, merged }) => {
  const columns = mergeColumns(columnsOf(a), columnsOf(b), { mergeCompound: merge_compound_props });
  expect(plainColumns(columns)).toEqual(merged);
  expect([...columns.keys()]).toEqual(merged.map(({ name }) => name));
});

interface TableCase {
  readonly a: GivenTable;
  readonly b: GivenTable;
  readonly merged: unknown;
  readonly compatible: true | { readonly error: string };
}

testVectors<TableCase>("merge-table", ({ a, b, merged, compatible }) => {
  expect(outcome(() => plainTable(mergeTable(tableOf(a), tableOf(b))))).toEqual(merged);
  expect(outcome(() => ensureCompatible(tableOf(a), tableOf(b)) ?? true)).toEqual(compatible);
});

interface NewColumnsCase {
  readonly table: readonly GivenColumn[];
  readonly existing: readonly string[];
  readonly case_sensitive: boolean;
  readonly new: unknown;
}

testVectors<NewColumnsCase>("new-columns", ({ table, existing, case_sensitive, new: expected }) => {
  const found = outcome(() =>
    newColumns(tableOf({ name: "t", columns: table }), existing, { caseSensitive: case_sensitive }).map(
      ({ name }) => name,
    ),
  );
  expect(found).toEqual(expected);
});

interface DefaultCase {
  readonly property: string;
  readonly value: unknown;
  readonly is_default: boolean;
  readonly compound: boolean;
}

testVectors<DefaultCase>("column-defaults", ({ property, value, is_default, compound }) => {
  const [hint = ""] = Object.keys(columnOf({ name: "a", [property]: true })).filter((key) => key !== "name");
  const inMemory = property === "name" ? "name" : hint;
  expect(isDefaultHint(inMemory, typedValue(value))).toBe(is_default);
  expect(compoundHints.some((known) => known === inMemory)).toBe(compound);
});
