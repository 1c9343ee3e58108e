import type { ColumnSchema, PreparedTable } from "@dlt/core";
import { expect, test } from "vitest";
import { golden, mergeKey, nested, rootName, scripts, statements, tableOf } from "../../test/chains.js";
import { duck, elephant } from "../../test/dialects.js";

const from: ColumnSchema = { name: "From", dataType: "timestamp", "x-valid-from": true };
const to: ColumnSchema = { name: "to", dataType: "timestamp", "x-valid-to": true, "x-active-record-timestamp": null };
const flag: ColumnSchema = { name: "Is Active", dataType: "bool", "x-active-flag": true };
const version: ColumnSchema = { name: "_dlt_id", dataType: "text", rowKey: true, "x-row-version": true };
const value: ColumnSchema = { name: "value", dataType: "text" };

function dimension(columns: readonly ColumnSchema[], hints: Partial<PreparedTable> = {}): PreparedTable {
  return tableOf(rootName, [...columns, value], { mergeStrategy: "scd2", ...hints });
}

test.each([duck, elephant])("scd2 on $name", async (dialect) => {
  const day: ColumnSchema = { ...mergeKey, name: "day" };
  const cases = {
    "whole extracts": [dimension([from, to, version])],
    "nested, with a boundary of one's own": [
      dimension([from, to, version], { "x-boundary-timestamp": "2024-02-01T10:00:00+02:00" }),
      nested[0] as PreparedTable,
    ],
    "by a merge key, with a flag and an end for what is in force": [
      dimension([from, { ...to, "x-active-record-timestamp": "9999-12-31" }, flag, version, mergeKey]),
    ],
    "by a merge key of two columns": [dimension([from, to, version, mergeKey, day])],
  };
  await expect(scripts(dialect, cases)).toMatchFileSnapshot(golden("scd2", dialect));
});

test("points in time are those of UTC, whatever form they were given in", () => {
  const began = (boundary: string) => {
    const [, insertion = ""] = statements(duck, [dimension([from, to, version], { "x-boundary-timestamp": boundary })]);
    return /CAST\('([^']*)'/.exec(insertion)?.[1];
  };
  expect(["2024-01-01", "2024-01-01T02:00:00+02:00", "20240101T000000Z", "2024-01-01T00:00:00"].map(began)).toEqual(
    Array(4).fill("2024-01-01T00:00:00+00:00"),
  );
  expect(() => began("soon")).toThrow(expect.objectContaining({ code: "SCHEMA_HINTS_INVALID" }));
});

test.each([
  ["x-valid-from", [to, version]],
  ["x-valid-to", [from, version]],
  ["x-row-version", [from, to]],
] as const)("a table without %s is refused", (hint, columns) => {
  expect(() => statements(duck, [dimension(columns)])).toThrow(
    expect.objectContaining({
      code: "SCHEMA_KEY_MISSING",
      message: `Table \`${rootName}\` is merged by \`scd2\`, but no column has the hint \`${hint}\`.`,
    }),
  );
});
