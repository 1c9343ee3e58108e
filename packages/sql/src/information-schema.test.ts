import { describe, expect, it } from "vitest";
import { duck, elephant } from "../test/dialects.js";
import { selectColumns, selectSchema, storedTables } from "./information-schema.js";

describe("selectColumns", () => {
  it("asks for some tables of a dataset", () => {
    expect(selectColumns(elephant, { schema: "Ds" }, ["Users", "orders"])).toEqual({
      text:
        "SELECT table_name, column_name, data_type, is_nullable, numeric_precision, numeric_scale FROM INFORMATION_SCHEMA.COLUMNS " +
        "WHERE table_schema = $1 AND table_name IN ($2, $3) ORDER BY table_name, ordinal_position",
      values: ["ds", "users", "orders"],
    });
  });

  it("ignores case where the database does, and keeps to the catalog", () => {
    expect(selectColumns(duck, { schema: "Ds" }, ["Users"])).toEqual({
      text:
        "SELECT table_name, column_name, data_type, is_nullable, numeric_precision, numeric_scale FROM INFORMATION_SCHEMA.COLUMNS " +
        "WHERE table_catalog = current_database() AND lower(table_schema) = lower(?) AND lower(table_name) IN (lower(?)) " +
        "ORDER BY table_name, ordinal_position",
      values: ["Ds", "Users"],
    });
    expect(selectSchema(duck, { catalog: "Db", schema: "Ds" })).toEqual({
      text: "SELECT 1 FROM INFORMATION_SCHEMA.SCHEMATA WHERE lower(catalog_name) = lower(?) AND lower(schema_name) = lower(?)",
      values: ["Db", "Ds"],
    });
  });

  it.each([
    [elephant, 1000],
    [{ ...elephant, maxNamedTables: 2 }, 2],
  ])("reads the whole dataset when there are very many tables", (dialect, most) => {
    const names = Array.from({ length: most + 1 }, (_, index) => `t${index}`);
    const { text, values } = selectColumns(dialect, { schema: "ds" }, names);
    expect(text).not.toContain(" IN ");
    expect(values).toEqual(["ds"]);
    expect(selectColumns(dialect, { schema: "ds" }, names.slice(1)).values).toEqual(["ds", ...names.slice(1)]);
  });
});

describe("storedTables", () => {
  it("groups columns by table, as drivers give them", () => {
    const tables = storedTables(
      elephant,
      ["a", "b"],
      [
        ["a", "x", "numeric", "YES", 10n, 2n],
        ["a", "y", "text", "NO", null, null],
        ["b", "x", "text", "no", null, null],
      ],
    );
    expect([...tables.keys()]).toEqual(["a", "b"]);
    expect([...(tables.get("a")?.values() ?? [])]).toEqual([
      { name: "x", type: "numeric", nullable: true, precision: 10, scale: 2 },
      { name: "y", type: "text", nullable: false, precision: null, scale: null },
    ]);
  });

  it("refuses stored names that differ in case only where that does not count", () => {
    const rows = (...names: readonly (readonly [string, string])[]) =>
      names.map(([table, column]) => [table, column, "text", "YES", null, null]);
    expect(() => storedTables(duck, ["a"], rows(["a", "x"], ["A", "y"]))).toThrow(
      "Tables `a` and `A` at the destination differ in case only.",
    );
    expect(() => storedTables(duck, ["a"], rows(["a", "x"], ["a", "X"]))).toThrow("Columns `x` and `X` of table `a`");
    const sensitive = { ...duck, capabilities: { ...duck.capabilities, caseSensitiveIdentifiers: true } };
    expect(storedTables(sensitive, ["a", "A"], rows(["a", "x"], ["A", "x"], ["A", "X"])).size).toBe(2);
    expect(storedTables(duck, ["a"], rows(["A", "x"], ["b", "x"], ["B", "x"])).size).toBe(1);
    expect(storedTables(elephant, ["A"], rows(["a", "x"], ["A", "x"])).size).toBe(1);
  });
});
