import type { PartialTable, Schema } from "../contract/index.js";
import { SchemaError } from "../errors/index.js";
import { ensureCompatible, type MergeTableOptions, mergeTable } from "./merge-table.js";
import { normalizeTable } from "./normalize-table.js";
import { propagateRootKey } from "./root-key.js";
import { withTables } from "./tables.js";

export interface UpdateTableOptions extends MergeTableOptions {
  /** Applies the naming convention to the names of the partial table. Default: true. */
  readonly normalizeIdentifiers?: boolean;
}

/**
 * Adds a table, or merges what a partial table says into the one of its name.
 *
 * @throws SchemaError when the parent does not exist, or name, parent or resource conflict
 */
export function updateTable(
  schema: Schema,
  partial: PartialTable,
  { normalizeIdentifiers = true, ...options }: UpdateTableOptions = {},
): Schema {
  const change = normalizeIdentifiers ? normalizeTable(partial, schema.naming) : partial;
  // The parent is named as the schema has it, however the other names are given.
  if (partial.parent && !schema.tables.has(partial.parent)) {
    throw new SchemaError(
      "SCHEMA_PARENT_NOT_FOUND",
      `Table \`${change.name}\` is nested in \`${partial.parent}\`, which schema \`${schema.name}\` does not have.`,
      {
        hint: `Declare the table \`${partial.parent}\` first, and name it as it is normalized.`,
        context: { schema: schema.name, table: change.name, parent: partial.parent },
      },
    );
  }
  const existing = schema.tables.get(change.name);
  const table = existing === undefined ? change : mergeTable(existing, change, options);
  return propagateRootKey(table === existing ? schema : withTables(schema, [table]), table.name);
}

/**
 * Merges partial tables that were made against this schema, or an earlier one, with names as they are. Applying them
 * again changes nothing.
 *
 * @throws SchemaError as `updateTable`, and when a complete column would change its data type
 */
export function applyUpdate(schema: Schema, partials: Iterable<PartialTable>): Schema {
  let updated = schema;
  for (const partial of partials) {
    const existing = updated.tables.get(partial.name);
    if (existing !== undefined) ensureCompatible(existing, partial);
    updated = updateTable(updated, partial, { normalizeIdentifiers: false, exact: true });
  }
  return updated;
}
