import type { ContractMode, ExpandedContract, Schema, SchemaContract } from "../../contract/index.js";
import { isDltTable } from "../predicates.js";

/** Where a contract was given: on a table, in the settings of the schema, or nowhere. */
export type ContractOrigin = { readonly table: string } | "settings" | "default";

/** The contract that holds for a table. */
export interface ResolvedContract {
  readonly modes: ExpandedContract;
  readonly from: ContractOrigin;
}

const everythingEvolves: ExpandedContract = { tables: "evolve", columns: "evolve", dataType: "evolve" };

/**
 * The contract of a table: its own, that of the nearest table above it, else that of the settings. System tables always
 * evolve. `parent` is asked instead for a table that the schema does not have yet.
 */
export function resolveContract(schema: Schema, table: string, parent?: string): ResolvedContract {
  if (!isDltTable(schema, table)) {
    let at = schema.tables.get(table) ?? (parent === undefined ? undefined : schema.tables.get(parent));
    for (; at !== undefined; at = at.parent ? schema.tables.get(at.parent) : undefined) {
      if (at.schemaContract) return { modes: expandContract(at.schemaContract), from: { table: at.name } };
    }
    const { schemaContract } = schema.settings;
    if (schemaContract) return { modes: expandContract(schemaContract), from: "settings" };
  }
  return { modes: everythingEvolves, from: "default" };
}

/** A mode for each entity; those that are left out evolve, whatever a contract elsewhere says. */
export function expandContract(contract: SchemaContract): ExpandedContract {
  return typeof contract === "string"
    ? { tables: contract, columns: contract, dataType: contract }
    : { tables: modeOf(contract.tables), columns: modeOf(contract.columns), dataType: modeOf(contract.dataType) };
}

function modeOf(mode: ContractMode | undefined): ContractMode {
  return mode ?? "evolve";
}

/** True when nothing is refused. */
export function isEvolve({ modes }: ResolvedContract): boolean {
  return modes.tables === "evolve" && modes.columns === "evolve" && modes.dataType === "evolve";
}
