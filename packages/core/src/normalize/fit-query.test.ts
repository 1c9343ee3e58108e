import { describe, expect, test } from "vitest";
import type { ColumnHints, ColumnType, QueryColumn, Schema, TableHints } from "../contract/index.js";
import { isDltError } from "../errors/index.js";
import { hintsToTables } from "../schema/hints.js";
import { newSchema } from "../schema/new-schema.js";
import { updateTable } from "../schema/update-table.js";
import { fitQuery, type QueryColumnsOptions } from "./fit-query.js";

const precisions = { timestampPrecision: 6, maxTimestampPrecision: 6 };
const options: QueryColumnsOptions = {
  precisions,
  scales: { decimal: 9, wei: 0 },
  links: { loadId: true, id: false },
};

function schemaWith(hints: TableHints = {}): Schema {
  const schema = newSchema("shop", { mergeStrategies: ["delete-insert"] });
  const [table] = hintsToTables({ ...hints, tableName: "t" }, { resource: "t", naming: schema.naming });
  return updateTable(schema, table, { normalizeIdentifiers: false });
}

const bigint = (name: string): QueryColumn => ({ name, dataType: "bigint" });

test("new columns and the id of the load are a change, which says nothing when it is merged", () => {
  const schema = schemaWith();
  const { change, columns, rejection } = fitQuery(schema, "t", [bigint("A b"), bigint("c")], options);
  expect([...(change?.columns.keys() ?? [])]).toEqual(["a_b", "c", "_dlt_load_id"]);
  expect(columns).toEqual([
    { position: 0, name: "a_b" },
    { position: 1, name: "c" },
  ]);
  expect(rejection).toBeNull();
  const merged = change === null ? schema : updateTable(schema, change, { normalizeIdentifiers: false });
  expect(fitQuery(merged, "t", [bigint("c"), bigint("_dlt_load_id")], options)).toEqual({
    change: null,
    columns: [{ position: 0, name: "c" }],
    rejection: null,
  });
});

test("a key of several columns stays whole when one of them is completed", () => {
  const schema = schemaWith({ primaryKey: ["a", "b"], columns: { a: { dataType: "bigint" } } });
  const { change } = fitQuery(schema, "t", [bigint("a"), bigint("b")], options);
  if (change === null) throw new Error("There is a change.");
  const merged = updateTable(schema, change, { normalizeIdentifiers: false, mergeCompound: false });
  const keys = [...(merged.tables.get("t")?.columns.values() ?? [])].filter(({ primaryKey }) => primaryKey === true);
  expect(keys.map(({ name, dataType }) => [name, dataType])).toEqual([
    ["a", "bigint"],
    ["b", "bigint"],
  ]);
});

describe("a type", () => {
  const decimal: ColumnHints = { dataType: "decimal", precision: 10, scale: 2 };
  test.each<readonly [stored: ColumnHints, given: ColumnType, fits: boolean]>([
    [{ dataType: "bigint" }, { dataType: "bigint", precision: 128 }, true],
    [{ dataType: "bigint", precision: 32 }, { dataType: "bigint" }, true],
    [{ dataType: "double" }, { dataType: "bigint" }, false],
    [{ dataType: "bigint" }, { dataType: "decimal" }, false],
    [{ dataType: "text" }, { dataType: "bigint" }, false],
    [{ dataType: "text", precision: 3 }, { dataType: "text" }, true],
    [{ dataType: "json" }, { dataType: "text" }, false],
    [decimal, { dataType: "bigint" }, true],
    [decimal, { dataType: "decimal", precision: 30, scale: 2 }, true],
    [decimal, { dataType: "decimal", precision: 10, scale: 3 }, false],
    [decimal, { dataType: "decimal" }, true],
    [{ dataType: "decimal" }, { dataType: "wei", precision: 38, scale: 0 }, true],
    [{ dataType: "decimal" }, { dataType: "decimal", precision: 20, scale: 10 }, false],
    [{ dataType: "wei" }, { dataType: "decimal", precision: 20, scale: 1 }, false],
    [{ dataType: "timestamp" }, { dataType: "timestamp", precision: 9 }, false],
    [{ dataType: "timestamp" }, { dataType: "timestamp", timezone: false }, false],
    [{ dataType: "timestamp", timezone: false }, { dataType: "timestamp", timezone: false }, true],
    [{ dataType: "timestamp", precision: 3 }, { dataType: "timestamp" }, false],
    [{ dataType: "timestamp", precision: 3 }, { dataType: "timestamp", precision: 3 }, true],
    [{ dataType: "time", precision: 0 }, { dataType: "time" }, false],
  ])("%o takes %o: %s", (stored, given, fits) => {
    const schema = schemaWith({ columns: { x: stored } });
    const fit = () => fitQuery(schema, "t", [{ name: "x", ...given }], options);
    if (fits) expect(fit().columns).toEqual([{ position: 0, name: "x" }]);
    else expect(codeOf(fit)).toBe("COLUMN_TYPE_DIFFERS");
  });

  test("that differs is the contract's, before it is an error", () => {
    const of = (mode: "freeze" | "discard_row" | "discard_value") =>
      schemaWith({ columns: { x: { dataType: "bigint" } }, schemaContract: { dataType: mode } });
    const given: readonly QueryColumn[] = [{ name: "x", dataType: "text" }, bigint("y")];
    expect(codeOf(() => fitQuery(of("freeze"), "t", given, options))).toBe("SCHEMA_CONTRACT_DATA_TYPE");
    expect(fitQuery(of("discard_value"), "t", given, options).columns).toEqual([{ position: 1, name: "y" }]);
    expect(fitQuery(of("discard_row"), "t", given, options)).toMatchObject({
      change: null,
      columns: [],
      rejection: { code: "SCHEMA_CONTRACT_DATA_TYPE", column: "x" },
    });
  });
});

test("columns that the table excludes are left out, and names that become one are refused", () => {
  const schema = schemaWith();
  const table = schema.tables.get("t");
  if (table === undefined) throw new Error("There is a table.");
  const filtered = { ...schema, tables: new Map([["t", { ...table, filters: { excludes: ["re:^secret"] } }]]) };
  expect(fitQuery(filtered, "t", [bigint("secret_a"), bigint("b")], options).columns).toEqual([
    { position: 1, name: "b" },
  ]);
  expect(codeOf(() => fitQuery(schema, "t", [bigint("a"), bigint("A")], options))).toBe("COLUMN_NAMES_COLLIDE");
});

function codeOf(work: () => unknown): string | null {
  try {
    work();
    return null;
  } catch (error) {
    if (isDltError(error)) return error.code;
    throw error;
  }
}
