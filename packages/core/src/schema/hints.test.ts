import { describe, expect, it } from "vitest";
import type { PartialTable } from "../contract/index.js";
import { isDltError } from "../errors/index.js";
import { namingConvention } from "../naming/naming-convention.js";
import { Timestamp } from "../values/timestamp.js";
import { hintsToTables, type ResourceHints } from "./hints.js";
import { newSchema } from "./new-schema.js";
import { updateTable } from "./update-table.js";
import { tableView } from "./view.js";

const context = { resource: "Customers", naming: namingConvention("snake_case", null) };

function tables(hints: ResourceHints): readonly object[] {
  return hintsToTables(hints, context).map(tableView);
}

function root(hints: ResourceHints): PartialTable {
  const [table] = hintsToTables(hints, context);
  if (table === undefined) throw new Error("There is always a root table.");
  return table;
}

function codeOf(call: () => unknown): string | null {
  try {
    call();
  } catch (error) {
    if (isDltError(error)) return error.code;
    throw error;
  }
  return null;
}

describe("hintsToTables", () => {
  it("makes a root table that is appended to, named after its resource", () => {
    expect(tables({})).toEqual([{ name: "customers", columns: {}, writeDisposition: "append", resource: "Customers" }]);
  });

  it("takes columns by name and as a list", () => {
    const byName = root({
      columns: { Id: { dataType: "bigint" }, note: { precision: 10, description: undefined as never } },
    });
    const list = root({
      columns: [
        { name: "Id", dataType: "bigint" },
        { name: "note", precision: 10 },
      ],
    });
    expect(tableView(byName)).toEqual(tableView(list));
    expect([...byName.columns.values()]).toEqual([
      { name: "id", dataType: "bigint" },
      { name: "note", precision: 10 },
    ]);
  });

  it("reads the old name of JSON columns", () => {
    expect(root({ columns: { doc: { dataType: "complex" as never } } }).columns.get("doc")?.dataType).toBe("json");
  });

  it("adds keys by name, and lets them replace keys of columns", () => {
    const table = root({
      columns: { a: { primaryKey: true }, b: { dataType: "text", nullable: true } },
      primaryKey: ["b", "Order No"],
      mergeKey: "b",
    });
    expect(tableView(table).columns).toEqual({
      a: { name: "a" },
      b: { name: "b", dataType: "text", nullable: true, primaryKey: true, mergeKey: true },
      order_no: { name: "order_no", nullable: false, primaryKey: true },
    });
  });

  it.each([[[]], [""]])("takes keys away with %j", (primaryKey) => {
    expect(root({ columns: { a: { primaryKey: true } }, primaryKey }).columns.get("a")).toEqual({ name: "a" });
  });

  it("marks the cursor column of an incremental", () => {
    expect(root({ incrementalColumn: "updatedAt" }).columns.get("updated_at")).toEqual({
      name: "updated_at",
      incremental: true,
    });
    const declared = root({ columns: { updatedAt: { dataType: "timestamp" } }, incrementalColumn: "updatedAt" });
    expect(declared.columns.get("updated_at")).toEqual({
      name: "updated_at",
      dataType: "timestamp",
      incremental: true,
    });
  });

  it("reduces a write disposition to what is stored of it", () => {
    expect(root({ writeDisposition: { disposition: "replace" } })).toMatchObject({ writeDisposition: "replace" });
    const merged = root({
      writeDisposition: { disposition: "merge", strategy: "upsert", deduplicated: true },
      primaryKey: "id",
    });
    expect(merged).toMatchObject({
      writeDisposition: "merge",
      "x-merge-strategy": "upsert",
      "x-stage-data-deduplicated": true,
    });
  });

  it("adds the columns that keep a history", () => {
    const table = root({
      columns: { _dlt_valid_to: { dataType: "text" } },
      writeDisposition: {
        disposition: "merge",
        strategy: "scd2",
        boundaryTimestamp: null,
        activeRecordTimestamp: "9999-12-31",
      },
    });
    expect(table["x-boundary-timestamp"]).toBeNull();
    expect(tableView(table).columns).toEqual({
      _dlt_valid_to: {
        name: "_dlt_valid_to",
        dataType: "timestamp",
        nullable: true,
        "x-valid-to": true,
        "x-active-record-timestamp": "9999-12-31",
      },
      _dlt_valid_from: { name: "_dlt_valid_from", dataType: "timestamp", nullable: true, "x-valid-from": true },
      _dlt_id: { name: "_dlt_id", nullable: false, "x-row-version": true, unique: false, rowKey: false },
    });
  });

  it("takes points in time as objects, and stores them as text", () => {
    const at = Timestamp.fromMicros(1_709_287_200_500_000n, 120);
    const table = root({
      writeDisposition: {
        disposition: "merge",
        strategy: "scd2",
        boundaryTimestamp: new Date("2024-03-01T12:00:00+02:00"),
        activeRecordTimestamp: at,
      },
    });
    expect(table["x-boundary-timestamp"]).toBe("2024-03-01T10:00:00Z");
    expect(table.columns.get("_dlt_valid_to")?.["x-active-record-timestamp"]).toBe("2024-03-01T12:00:00.500000+02:00");
  });

  it("adds a flag for what is in force only where it is asked for", () => {
    const flagged = root({
      writeDisposition: { disposition: "merge", strategy: "scd2", activeColumnName: "Is Active" },
    });
    expect([...flagged.columns.keys()]).toEqual(["_dlt_valid_from", "_dlt_valid_to", "is_active", "_dlt_id"]);
    expect(flagged.columns.get("is_active")).toEqual({
      name: "is_active",
      dataType: "bool",
      nullable: true,
      "x-active-flag": true,
    });
  });

  it("keeps contract, formats, references, nesting and stored properties", () => {
    const table = root({
      schemaContract: { columns: "discard_columns", dataType: "freeze" },
      tableFormat: "iceberg",
      fileFormat: "preferred",
      references: [{ columns: ["countryId"], referencedTable: "Countries", referencedColumns: ["Id"] }],
      maxTableNesting: 2,
      additionalTableHints: {
        "x-my-hint": { a: [1] },
        description: "People who buy",
        filters: { excludes: ["re:^secret"] },
      },
    });
    expect(table).toMatchObject({
      schemaContract: { columns: "discard_value", dataType: "freeze" },
      tableFormat: "iceberg",
      fileFormat: "preferred",
      references: [{ columns: ["country_id"], referencedTable: "countries", referencedColumns: ["id"] }],
      "x-normalizer": { max_nesting: 2 },
      "x-my-hint": { a: [1] },
      description: "People who buy",
      filters: { excludes: ["re:^secret"] },
    });
  });

  it("makes a nested table of one that has a parent", () => {
    const [table] = tables({ tableName: "lines", parentTableName: "Orders" });
    expect(table).toEqual({ name: "lines", columns: {}, parent: "orders" });
  });

  it("declares nested tables below their parents, shorter paths first", () => {
    const nested = tables({
      nestedHints: [
        [["Purchases", "lines"], { columns: { price: { dataType: "decimal" } } }],
        [["Purchases"], {}],
      ],
    });
    expect(nested.slice(1)).toEqual([
      { name: "customers__purchases", columns: {}, parent: "customers" },
      {
        name: "customers__purchases__lines",
        columns: { price: { name: "price", dataType: "decimal" } },
        parent: "customers__purchases",
      },
    ]);
  });

  it("makes a root table of a nested one with a key of its own", () => {
    const [, purchases] = tables({ nestedHints: { purchases: { primaryKey: "id", writeDisposition: "append" } } });
    expect(purchases).toEqual({
      name: "customers__purchases",
      columns: { id: { name: "id", nullable: false, primaryKey: true } },
      writeDisposition: "append",
      resource: "Customers",
    });
  });

  it("shortens names of nested tables as the normalizer does", () => {
    const naming = namingConvention("snake_case", 20);
    const [table, nested] = hintsToTables(
      { nestedHints: { someLongFieldName: {} } },
      { resource: "customers", naming },
    );
    expect(nested?.name).toBe(naming.shortenFragments("customers", naming.normalizeTablesPath("someLongFieldName")));
    expect(nested?.parent).toBe(table?.name);
  });

  it("gives tables that can be merged as they are", () => {
    const schema = hintsToTables({ nestedHints: { a: {} }, primaryKey: "id" }, context).reduce(
      (merged, table) => updateTable(merged, table, { normalizeIdentifiers: false, mergeCompound: false }),
      newSchema("s"),
    );
    expect([...schema.tables.keys()].slice(2)).toEqual(["customers", "customers__a"]);
  });

  it.each<[string, ResourceHints]>([
    ["an unknown column hint", { columns: { a: { primary_key: true } as never } }],
    ["an unknown data type", { columns: { a: { dataType: "varchar" as never } } }],
    ["a precision that is no count", { columns: { a: { precision: 1.5 } } }],
    ["an unknown disposition", { writeDisposition: "upsert" as never }],
    ["an unknown strategy", { writeDisposition: { disposition: "merge", strategy: "fast" as never } }],
    [
      "a time that is none",
      { writeDisposition: { disposition: "merge", strategy: "scd2", boundaryTimestamp: "soon" } },
    ],
    [
      "a date that is none",
      { writeDisposition: { disposition: "merge", strategy: "scd2", boundaryTimestamp: new Date("soon") } },
    ],
    [
      "a number for a time",
      { writeDisposition: { disposition: "merge", strategy: "scd2", activeRecordTimestamp: 5 as never } },
    ],
    ["an unknown contract mode", { schemaContract: "strict" as never }],
    ["an unknown contract entity", { schemaContract: { rows: "freeze" } as never }],
    ["an unknown property of the table", { additionalTableHints: { my_hint: 1 } }],
    ["a wrong nested hint", { nestedHints: { a: { columns: { b: { sort: "yes" as never } } } } }],
    ["an unknown table format", { tableFormat: "excel" }],
    ["a name of white space", { tableName: "   " }],
    ["a name of separators", { tableName: "____" }],
  ])("refuses %s", (_, hints) => {
    expect(codeOf(() => hintsToTables(hints, context))).toBe("SCHEMA_HINTS_INVALID");
  });
});
