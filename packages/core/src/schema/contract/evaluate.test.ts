import { describe, expect, it } from "vitest";
import type { ColumnSchema, PartialTable, Schema } from "../../contract/index.js";
import { isDltError, SchemaContractError } from "../../errors/index.js";
import { setSchemaContract } from "../change-settings.js";
import { newSchema } from "../new-schema.js";
import { updateTable } from "../update-table.js";
import { evaluateContract } from "./evaluate.js";
import { isEvolve, resolveContract } from "./resolve.js";

function tableOf(name: string, columns: readonly ColumnSchema[], hints: Partial<PartialTable> = {}): PartialTable {
  return { name, columns: new Map(columns.map((column) => [column.name, column])), ...hints };
}

function schemaWith(...tables: readonly PartialTable[]): Schema {
  return tables.reduce((schema, table) => updateTable(schema, table), newSchema("shop"));
}

function caught(call: () => unknown): SchemaContractError {
  try {
    call();
  } catch (error) {
    if (error instanceof SchemaContractError) return error;
  }
  throw new Error("No contract was violated.");
}

const orders = tableOf("orders", [{ name: "id", dataType: "bigint", nullable: false }], {
  schemaContract: { columns: "freeze", dataType: "freeze" },
});

describe("a frozen contract", () => {
  it("names table, column, rule, origin and row of a new column", () => {
    const schema = schemaWith(orders);
    const partial = tableOf("orders", [{ name: "note", dataType: "text" }]);
    const error = caught(() => evaluateContract(schema, resolveContract(schema, "orders"), partial, { row: 17 }));
    expect(error.code).toBe("SCHEMA_CONTRACT_COLUMN");
    expect(error.message).toMatch(/column `note`.* not found in the schema/);
    expect(error.message).toContain("on the table `orders`");
    expect(error.hint).toContain("`columns`");
    expect(error.context).toEqual({
      schema: "shop",
      table: "orders",
      column: "note",
      entity: "columns",
      mode: "freeze",
      from: "orders",
      existingType: null,
      givenType: "text",
      row: 17,
    });
  });

  it("says which types meet when a type changes", () => {
    const schema = schemaWith(orders);
    const partial = tableOf("orders", [{ name: "id", dataType: "decimal", precision: 10, scale: 2 }]);
    const error = caught(() => evaluateContract(schema, resolveContract(schema, "orders"), partial));
    expect(error.code).toBe("SCHEMA_CONTRACT_DATA_TYPE");
    expect(error.message).toContain("(bigint not null to decimal(10, 2))");
    expect(error.context).toMatchObject({ entity: "dataType", existingType: "bigint", givenType: "decimal" });
  });

  it("refuses a variant column by the rule for data types", () => {
    const schema = schemaWith(orders);
    const partial = tableOf("orders", [{ name: "id__v_text", dataType: "text", variant: true }]);
    const { message, context } = caught(() => evaluateContract(schema, resolveContract(schema, "orders"), partial));
    expect(message).toContain("a text does not fit column `id` (bigint not null), and the variant column `id__v_text`");
    expect(context).toMatchObject({
      existingType: "bigint",
      column: "id__v_text",
      entity: "dataType",
    });
  });

  it("names the settings when it comes from there", () => {
    const schema = setSchemaContract(schemaWith(), "freeze");
    const error = caught(() => evaluateContract(schema, resolveContract(schema, "users"), tableOf("users", [])));
    expect(error.code).toBe("SCHEMA_CONTRACT_TABLE");
    expect(error.message).toContain("in the settings of the schema");
    expect(error.context).toMatchObject({ table: "users", column: null, from: "settings" });
  });
});

describe("a discarding contract", () => {
  it("keeps what is allowed and filters the rest", () => {
    const schema = schemaWith({ ...orders, schemaContract: { columns: "discard_value", dataType: "discard_row" } });
    const partial = tableOf("orders", [
      { name: "note", dataType: "text" },
      { name: "id", dataType: "text" },
      { name: "_dlt_root_id", dataType: "text" },
    ]);
    const decision = evaluateContract(schema, resolveContract(schema, "orders"), partial);
    expect([...(decision.partial?.columns.keys() ?? [])]).toEqual(["_dlt_root_id"]);
    expect(decision.filters).toEqual([
      { entity: "columns", name: "note", mode: "discard_value", rule: "columns" },
      { entity: "columns", name: "id", mode: "discard_row", rule: "dataType" },
    ]);
  });

  it("refuses a new table as a whole", () => {
    const schema = setSchemaContract(schemaWith(), { tables: "discard_row" });
    expect(
      evaluateContract(schema, resolveContract(schema, "users"), tableOf("users", [{ name: "a", dataType: "text" }])),
    ).toEqual({
      partial: null,
      filters: [{ entity: "tables", name: "users", mode: "discard_row", rule: "tables" }],
    });
  });

  it("lets the columns of a table grow in its first run", () => {
    const partial = tableOf("orders", [{ name: "note", dataType: "text" }]);
    const first = schemaWith({ ...orders, "x-normalizer": { "evolve-columns-once": true } });
    expect(evaluateContract(first, resolveContract(first, "orders"), partial).partial).toBe(partial);
    const declaredOnly = schemaWith({ ...orders, columns: new Map([["id", { name: "id", nullable: false }]]) });
    expect(evaluateContract(declaredOnly, resolveContract(declaredOnly, "orders"), partial).partial).toBe(partial);
  });
});

describe("resolveContract", () => {
  it("asks the parent for a nested table that does not exist", () => {
    const schema = schemaWith(orders);
    expect(resolveContract(schema, "orders__lines", "orders").from).toEqual({ table: "orders" });
    expect(resolveContract(schema, "orders__lines").from).toBe("default");
  });

  it("lets system tables evolve, whatever the settings say", () => {
    expect(isEvolve(resolveContract(setSchemaContract(schemaWith(), "freeze"), "_dlt_loads"))).toBe(true);
  });

  it("is recognised as a schema error, too", () => {
    const schema = setSchemaContract(schemaWith(), "freeze");
    const error = caught(() => evaluateContract(schema, resolveContract(schema, "t"), tableOf("t", [])));
    expect(isDltError(error) && error.family).toBe("schema");
  });
});
