import type { ColumnSchema, ContractEntity, Rejection, Schema } from "../../contract/index.js";
import { SchemaContractError } from "../../errors/index.js";
import { dataTypes } from "../../values/data-type.js";
import { variantName } from "../infer-column.js";
import { sizedType } from "../sized-type.js";
import type { ContractOrigin, ResolvedContract } from "./resolve.js";

/** What a table was asked for that its contract does not allow. */
export interface Violation {
  readonly table: string;
  readonly entity: ContractEntity;
  readonly column?: ColumnSchema;
  /** The column as the schema has it. */
  readonly before?: ColumnSchema | undefined;
  /** For a variant: the column that the value does not fit. */
  readonly base?: ColumnSchema | undefined;
  readonly row?: number | undefined;
}

const codes = {
  tables: "SCHEMA_CONTRACT_TABLE",
  columns: "SCHEMA_CONTRACT_COLUMN",
  dataType: "SCHEMA_CONTRACT_DATA_TYPE",
} as const;

/** The error for a change that a contract freezes. It names what was refused and by which rule, and shows no data. */
export function contractError(schema: Schema, contract: ResolvedContract, given: Violation): SchemaContractError {
  const violation = withBase(schema, given);
  const { table, entity, column, before, base, row } = violation;
  const mode = contract.modes[entity];
  const at = row === undefined ? "" : ` Row ${row} of the resource asked for it.`;
  return new SchemaContractError(codes[entity], `${violationText(schema, contract, violation)}${at}`, {
    hint: hints[entity],
    context: {
      schema: schema.name,
      table,
      column: column?.name ?? null,
      entity,
      mode,
      from: typeof contract.from === "string" ? contract.from : contract.from.table,
      existingType: (before ?? base)?.dataType ?? null,
      givenType: column?.dataType ?? null,
      ...(row !== undefined && { row }),
    },
  });
}

/** Why a contract discards a row. It names what was refused and by which rule, and shows no data. */
export function contractRejection(schema: Schema, contract: ResolvedContract, violation: Violation): Rejection {
  return {
    code: codes[violation.entity],
    reason: violationText(schema, contract, violation),
    column: violation.column?.name ?? null,
  };
}

function violationText(schema: Schema, contract: ResolvedContract, violation: Violation): string {
  const { entity } = violation;
  const rule = `\`${entity}: ${contract.modes[entity]}\``;
  return `${refusal(violation)}. The contract of schema \`${schema.name}\` is ${rule}, given ${originText(contract.from)}.`;
}

const hints: Readonly<Record<ContractEntity, string>> = {
  tables: "Set `tables` of the schema contract to `evolve` to let it in, or to `discard_row` to leave its rows out.",
  columns:
    "Set `columns` of the schema contract to `evolve` to let it in, or to `discard_value` to leave its values out.",
  dataType:
    "Set `dataType` of the schema contract to `evolve` to let it in, or to `discard_value` to leave such values out.",
};

function refusal({ table, entity, column, before, base }: Violation): string {
  if (entity === "tables" || column === undefined)
    return `Table \`${table}\` not found in the schema, and may not be added`;
  if (entity === "columns")
    return `Table \`${table}\`: column \`${column.name}\` (${column.dataType ?? "no data type yet"}) not found in the schema, and may not be added`;
  if (column.variant) {
    const which = base === undefined ? "its column" : `column \`${base.name}\` (${typeText(base)})`;
    return `Table \`${table}\`: a ${column.dataType} does not fit ${which}, and the variant column \`${column.name}\` may not be added`;
  }
  return `Table \`${table}\`: column \`${column.name}\` may not change its type (${typeText(before)} to ${typeText(column)})`;
}

/** Finds the column that a variant belongs to: its name is made from it. */
function withBase(schema: Schema, violation: Violation): Violation {
  const { table, column } = violation;
  if (!column?.variant) return violation;
  const base = [...(schema.tables.get(table)?.columns.values() ?? [])].find(({ name }) =>
    dataTypes.some((type) => variantName(schema.naming, name, type) === column.name),
  );
  return { ...violation, base };
}

function typeText(column: ColumnSchema | undefined): string {
  if (column === undefined) return "none";
  const { timezone, nullable } = column;
  const notes = [timezone === false && "without time zone", nullable === false && "not null"].filter(Boolean);
  return [sizedType(column), ...notes].join(" ");
}

function originText(from: ContractOrigin): string {
  if (from === "settings") return "in the settings of the schema";
  return from === "default" ? "by default" : `on the table \`${from.table}\``;
}
