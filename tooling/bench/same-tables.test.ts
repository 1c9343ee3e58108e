import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterEach, beforeEach, expect, test } from "vitest";
import { tableDifferences } from "./same-tables.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "same-tables-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const expected = [
  "CREATE TABLE bench.a AS FROM (VALUES ('x', 1, TIMESTAMP '2026-01-01', 'p'), ('y', NULL, NULL, 'q')) t(name, n, seen, _dlt_id)",
  "CREATE TABLE bench.a__b AS FROM (VALUES (TRUE, 'p', 'r')) t(flag, _dlt_parent_id, _dlt_id)",
];

/** What differs between two databases, each made by some statements. */
async function compare(actual: readonly string[]): Promise<readonly string[]> {
  const files = { expected: join(folder, "expected.duckdb"), actual: join(folder, "actual.duckdb") };
  await createDatabase(files.expected, expected);
  await createDatabase(files.actual, actual);
  return tableDifferences({ ...files, schema: "bench", tables: { a: null, a__b: "a" } });
}

async function createDatabase(path: string, statements: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  for (const statement of ["CREATE SCHEMA bench", ...statements]) await connection.run(statement);
  connection.closeSync();
  instance.closeSync();
}

test("accepts other ids, another order, more columns and zoned timestamps", async () => {
  const actual = [
    "SET TimeZone = 'UTC'",
    "CREATE TABLE bench.a AS FROM (VALUES ('y', NULL, NULL, 'k', 0), ('x', 1, TIMESTAMPTZ '2026-01-01', 'j', 0)) t(name, n, seen, _dlt_id, more)",
    "CREATE TABLE bench.a__b AS FROM (VALUES ('j', TRUE, 'l')) t(_dlt_parent_id, flag, _dlt_id)",
  ];
  expect(await compare(actual)).toEqual([]);
});

test("names a value, a column, a doubled id and a lost parent", async () => {
  const actual = [
    "CREATE TABLE bench.a AS FROM (VALUES ('x', 1, 'k'), ('z', NULL, 'k')) t(name, n, _dlt_id)",
    "CREATE TABLE bench.a__b AS FROM (VALUES (TRUE, 'j', 'l')) t(flag, _dlt_parent_id, _dlt_id)",
  ];
  expect(await compare(actual)).toEqual([
    "a.name differs.",
    "a.seen is missing.",
    "a._dlt_id is not unique.",
    "a__b has 1 rows without a parent.",
  ]);
});

test("tells an absent value from an empty text, and a row too many", async () => {
  const actual = [
    "CREATE TABLE bench.a AS FROM (VALUES ('x', 1, TIMESTAMP '2026-01-01', 'p'), ('', NULL, NULL, 'q')) t(name, n, seen, _dlt_id)",
    "CREATE TABLE bench.a__b AS FROM (VALUES (TRUE, 'p', 'r'), (NULL, 'p', 's')) t(flag, _dlt_parent_id, _dlt_id)",
  ];
  expect(await compare(actual)).toEqual([
    "a.name differs.",
    "a__b.flag differs.",
    "a__b._dlt_parent_id differs.",
    "a__b._dlt_id differs.",
  ]);
});
