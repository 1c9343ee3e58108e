import type { Hints } from "../../contract/hints.js";
import type { ContractMode } from "../../contract/schema.js";
import type { StandardSchemaV1 } from "../../contract/standard-schema.js";
import { SourceError } from "../../errors/index.js";
import { expandContract } from "../../schema/contract/resolve.js";
import { schemaContractOf } from "../../schema/hints.js";
import { isStandardSchema } from "../brand.js";

/** The schema of a resource's rows and what to do with rows that do not fit it. */
export interface RowContract {
  readonly schema: StandardSchemaV1;
  /** What becomes of fields that the schema does not know; `schema`: what it does with them itself. */
  readonly columns: ContractMode | "schema";
  /** What becomes of rows with values that do not fit. */
  readonly dataType: Exclude<ContractMode, "discard_value">;
  /** Where the rows go, as far as the hints say; `null` when that depends on the row. */
  readonly tableName?: string | null;
}

/**
 * How rows are held to their schema; `null` when they have none. Without a contract the schema decides about unknown fields, and
 * wrong values are refused.
 *
 * @throws SourceError `RESOURCE_OPTION_INVALID` for a contract that rows cannot be held to
 */
export function rowContract({ columns: schema, schemaContract, tableName }: Hints): RowContract | null {
  if (!isStandardSchema(schema)) return null;
  const table = tableName === undefined ? {} : { tableName: typeof tableName === "string" ? tableName : null };
  if (schemaContract === undefined || typeof schemaContract === "function")
    return { schema, columns: "schema", dataType: "freeze", ...table };
  const { columns, dataType } = expandContract(schemaContractOf(schemaContract));
  if (dataType === "discard_value") {
    throw new SourceError(
      "RESOURCE_OPTION_INVALID",
      "A schema of rows cannot leave out single values that do not fit it.",
      {
        hint: 'Give `dataType` of the schema contract as "freeze", "discard_row" or "evolve".',
      },
    );
  }
  return { schema, columns, dataType, ...table };
}
