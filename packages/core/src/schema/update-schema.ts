import type { Schema } from "../contract/index.js";
import { bindNormalizers } from "./bind-schema.js";
import { setSchemaContract } from "./change-settings.js";
import { rootTables, tableChain } from "./tables.js";
import { updateTable } from "./update-table.js";

/**
 * Brings what a source declares into the schema of the pipeline: its settings and normalizers replace those of the
 * schema, its tables are merged. When the naming conventions differ only the contract is taken over, since the names
 * are not comparable. Which root keys are propagated is known for the merged tables only: `bindSchema` completes it.
 */
export function updateSchema(schema: Schema, source: Schema): Schema {
  if (schema.naming.name !== source.naming.name)
    return setSchemaContract(schema, source.settings.schemaContract ?? null);
  const { names, json, useBreakPathOnNormalize, allowIdentifierChangeOnTableWithData } = source.normalizers;
  let updated = bindNormalizers(
    { ...schema, settings: source.settings },
    {
      names,
      json,
      ...(typeof useBreakPathOnNormalize === "boolean" && { useBreakPathOnNormalize }),
      ...(typeof allowIdentifierChangeOnTableWithData === "boolean" && { allowIdentifierChangeOnTableWithData }),
    },
  );
  for (const root of rootTables(source)) {
    for (const table of tableChain(source, root.name)) updated = updateTable(updated, table);
  }
  return updated;
}
