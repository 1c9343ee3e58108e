import { expect } from "vitest";
import type { Schema } from "../../../src/contract/index.js";
import { isDltError } from "../../../src/errors/index.js";
import { setSchemaContract } from "../../../src/schema/change-settings.js";
import { evaluateContract } from "../../../src/schema/contract/evaluate.js";
import { expandContract, resolveContract } from "../../../src/schema/contract/resolve.js";
import { newSchema } from "../../../src/schema/new-schema.js";
import { withProperty, withTables } from "../../../src/schema/tables.js";
import { updateTable } from "../../../src/schema/update-table.js";
import { testVectors } from "../read-vectors.js";
import { type GivenTable, givenContract, tableOf } from "./stored-form.js";

type Modes = Readonly<Record<"tables" | "columns" | "data_type", string>>;
type Contract = string | Readonly<Record<string, string>> | null;

interface ContractCase {
  readonly existing_tables: readonly GivenTable[];
  readonly partial: GivenTable;
  readonly contract: Modes;
  readonly result: {
    readonly columns?: readonly string[] | null;
    readonly filters?: readonly (readonly [entity: string, name: string, mode: string])[];
    readonly error?: string;
    readonly table?: string;
    readonly column?: string | null;
    readonly entity?: string;
    readonly mode?: string;
  };
}

testVectors<ContractCase>("contracts", ({ existing_tables, partial, contract, result }) => {
  let schema = newSchema("s");
  for (const table of existing_tables) schema = updateTable(schema, tableOf(table), { normalizeIdentifiers: false });
  const modes = expandContract(givenContract(contract) ?? {});
  expect(evaluated(schema, { modes, from: "settings" }, partial)).toEqual(result);
});

function evaluated(schema: Schema, contract: Parameters<typeof evaluateContract>[1], partial: GivenTable): unknown {
  try {
    const decision = evaluateContract(schema, contract, tableOf(partial));
    return {
      columns: decision.partial === null ? null : [...decision.partial.columns.keys()],
      filters: decision.filters.map(({ entity, name, mode }) => [storedEntity(entity), name, mode]),
    };
  } catch (error) {
    if (!isDltError(error)) throw error;
    const { table, column, entity, mode } = error.context;
    return { error: "DataValidationError", table, column, entity: storedEntity(entity), mode };
  }
}

function storedEntity(entity: unknown): unknown {
  return entity === "dataType" ? "data_type" : entity;
}

interface ResolutionCase {
  readonly contract: Contract;
  readonly on: "table" | "settings" | "both" | "parent" | "system";
  readonly table: string;
  readonly resolved: Modes;
}

testVectors<ResolutionCase>("contract-resolution", ({ contract, on, table, resolved }) => {
  const given = givenContract(contract);
  let schema = newSchema("s");
  for (const made of [tableOf({ name: "p" }), tableOf({ name: "p__c", ...{ parent: "p" } })])
    schema = updateTable(schema, made);
  const places = { table: table, both: table, parent: "p", system: "_dlt_loads", settings: null } as const;
  const place = schema.tables.get(places[on] ?? "");
  if (place !== undefined) schema = withTables(schema, [withProperty(place, "schemaContract", given)]);
  if (on === "settings") schema = setSchemaContract(schema, given);
  if (on === "both") schema = setSchemaContract(schema, "discard_value");

  const { tables, columns, dataType } = resolveContract(schema, table).modes;
  expect({ tables, columns, data_type: dataType }).toEqual(resolved);
});
