import { describe, expect, it } from "vitest";
import type { PartialTable, Schema } from "../contract/index.js";
import { newSchema } from "./new-schema.js";
import { compileFilters } from "./row-filters.js";
import { updateTable } from "./update-table.js";

function schemaWith(...tables: readonly PartialTable[]): Schema {
  return tables.reduce((schema, table) => updateTable(schema, table), newSchema("s"));
}

const items: PartialTable = {
  name: "items",
  columns: new Map(),
  filters: { excludes: ["re:secret$", "re:^sec__", "re:^c__", "exact"], includes: ["re:^keep_secret$"] },
};

describe("compileFilters", () => {
  it("is off when no table excludes anything", () => {
    expect(compileFilters(schemaWith({ name: "t", columns: new Map(), filters: { includes: ["a"] } }))).toBeNull();
  });

  it("drops what is excluded and not included", () => {
    const keeps = compileFilters(schemaWith(items))?.("items");
    const kept = ["a", "secret", "keep_secret", "sec__a", "exact", "inexact", "_dlt_id"].filter((column) =>
      keeps?.(column),
    );
    expect(kept).toEqual(["a", "keep_secret", "inexact", "_dlt_id"]);
  });

  it("applies filters of the tables above, with the path to the field", () => {
    const filters = compileFilters(schemaWith(items));
    const keeps = filters?.("items__c");
    expect(["value", "_dlt_id"].some((column) => keeps?.(column))).toBe(false);
    expect(filters?.("items__other")?.("a")).toBe(true);
    expect(filters?.("items__other")?.("secret")).toBe(false);
  });

  it("says nothing of tables that no filter reaches", () => {
    expect(compileFilters(schemaWith(items))?.("other")).toBeNull();
    expect(compileFilters(schemaWith(items))?.("items2")).toBeNull();
  });
});
