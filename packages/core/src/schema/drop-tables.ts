import type { JsonNormalizerConfig, PropagatedColumns, Schema } from "../contract/index.js";
import { SchemaError } from "../errors/index.js";
import { withJsonConfig } from "./root-key.js";
import { requireTable, tableChain } from "./tables.js";

/**
 * Removes tables and what the normalizer's configuration says of them.
 *
 * @throws SchemaError for an unknown table, or when a table nested in one of them would stay behind
 */
export function dropTables(schema: Schema, names: readonly string[]): Schema {
  const dropped = new Set(names);
  for (const name of names) {
    requireTable(schema, name);
    const left = tableChain(schema, name).find((table) => !dropped.has(table.name));
    if (left !== undefined) {
      throw new SchemaError(
        "SCHEMA_CORRUPTED",
        `Table \`${name}\` of schema \`${schema.name}\` cannot be dropped without \`${left.name}\`, which is nested in it.`,
        {
          hint: "Drop a table together with all tables nested in it.",
          context: { schema: schema.name, table: name, nested: left.name },
        },
      );
    }
  }
  const tables = new Map([...schema.tables].filter(([name]) => !dropped.has(name)));
  return withoutPropagation({ ...schema, tables }, dropped);
}

function withoutPropagation(schema: Schema, dropped: ReadonlySet<string>): Schema {
  const config: JsonNormalizerConfig | null | undefined = schema.normalizers.json.config;
  const tables = config?.propagation?.tables;
  if (!tables || !Object.keys(tables).some((name) => dropped.has(name))) return schema;
  const kept: Record<string, PropagatedColumns> = Object.fromEntries(
    Object.entries(tables).filter(([name]) => !dropped.has(name)),
  );
  return withJsonConfig(schema, { ...config, propagation: { ...config.propagation, tables: kept } });
}
