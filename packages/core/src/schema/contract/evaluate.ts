import type { ColumnSchema, ContractEntity, ContractMode, PartialTable, Schema } from "../../contract/index.js";
import { isComplete, isDltColumn, isNewTable, normalizerHints } from "../predicates.js";
import { sameValue } from "../same-value.js";
import { contractError } from "./error.js";
import { isEvolve, type ResolvedContract } from "./resolve.js";

/**
 * What rows lose because of a contract: the value of a column, the whole row when it has the column, or all rows of a
 * table.
 */
export interface ContractFilter {
  readonly entity: "tables" | "columns";
  /** Of the table or column, normalized. */
  readonly name: string;
  readonly mode: "discard_row" | "discard_value";
  /** The entity of the contract that refused it: for a column `columns` or `dataType`. */
  readonly rule: ContractEntity;
}

/** A partial table after its contract. */
export interface ContractDecision {
  /**
   * What may be merged into the schema; `null` when the whole table is refused. The same object when nothing was taken
   * out.
   */
  readonly partial: PartialTable | null;
  /** For the row at hand and those after it. */
  readonly filters: readonly ContractFilter[];
}

// Properties that a contract for data types protects.
const typeProperties = ["dataType", "nullable", "precision", "scale", "timezone"] as const;

/**
 * Holds what data or hints want to change in a table against the contract of the table. `row` is the position of the
 * row in its resource, for the message.
 *
 * @throws SchemaContractError where the contract says `freeze`
 */
export function evaluateContract(
  schema: Schema,
  contract: ResolvedContract,
  partial: PartialTable,
  { row }: { readonly row?: number } = {},
): ContractDecision {
  if (isEvolve(contract)) return { partial, filters: [] };
  const { modes } = contract;
  const existing = schema.tables.get(partial.name);
  const isNew = isNewTable(schema, partial.name);
  if (isNew && modes.tables !== "evolve") {
    const mode = modes.tables;
    if (mode === "freeze") throw contractError(schema, contract, { table: partial.name, entity: "tables", row });
    return { partial: null, filters: [{ entity: "tables", name: partial.name, mode, rule: "tables" }] };
  }

  const columnsMode = isNew || (existing !== undefined && evolvesColumnsOnce(existing)) ? "evolve" : modes.columns;
  const filters: ContractFilter[] = [];
  for (const column of partial.columns.values()) {
    if (isDltColumn(schema, column.name)) continue;
    const before = existing?.columns.get(column.name);
    const entity = refusedEntity(before, column, { columns: columnsMode, dataType: modes.dataType });
    if (entity === null) continue;
    const mode = entity === "columns" ? columnsMode : modes.dataType;
    if (mode === "freeze") throw contractError(schema, contract, { table: partial.name, entity, column, before, row });
    if (mode !== "evolve") filters.push({ entity: "columns", name: column.name, mode, rule: entity });
  }
  if (filters.length === 0) return { partial, filters };
  const columns = new Map(partial.columns);
  for (const filter of filters) columns.delete(filter.name);
  return { partial: { ...partial, columns }, filters };
}

/** True for a table whose columns may still grow, since it is in its first run. */
export function evolvesColumnsOnce(table: PartialTable): boolean {
  return normalizerHints(table)["evolve-columns-once"] === true;
}

function refusedEntity(
  before: ColumnSchema | undefined,
  column: ColumnSchema,
  modes: { readonly columns: ContractMode; readonly dataType: ContractMode },
): "columns" | "dataType" | null {
  if (!isComplete(before) && !column.variant) return modes.columns === "evolve" ? null : "columns";
  if (modes.dataType === "evolve") return null;
  return column.variant || changesType(before, column) ? "dataType" : null;
}

function changesType(before: ColumnSchema | undefined, column: ColumnSchema): boolean {
  return typeProperties.some((property) => {
    const value = column[property];
    return value !== undefined && !sameValue(value, before?.[property]);
  });
}
