import type { Schema, SchemaContent, TableSchema } from "../contract/index.js";
import { SchemaError } from "../errors/index.js";
import { isNested } from "./predicates.js";

/** The table of a name. */
export function requireTable(schema: Schema, name: string): TableSchema {
  const table = schema.tables.get(name);
  if (table === undefined) {
    throw new SchemaError("SCHEMA_TABLE_NOT_FOUND", `Schema \`${schema.name}\` has no table \`${name}\`.`, {
      hint: "Use the normalized name of a table of this schema.",
      context: { schema: schema.name, table: name },
    });
  }
  return table;
}

/** Replaces or adds whole tables; the other tables are shared. Nothing is merged. */
export function withTables<Content extends SchemaContent>(schema: Content, changed: Iterable<TableSchema>): Content {
  const tables = new Map(schema.tables);
  for (const table of changed) tables.set(table.name, table);
  return { ...schema, tables };
}

/** Replaces one property of a table; `undefined` removes it. */
export function withProperty<Key extends keyof TableSchema>(
  table: TableSchema,
  key: Key,
  value: TableSchema[Key] | undefined,
): TableSchema {
  const copy: Record<string, unknown> = { ...table };
  if (value === undefined) delete copy[key];
  else copy[key] = value;
  return copy as unknown as TableSchema;
}

/** The table at the top of a nested table's chain; for a root table itself. */
export function rootTable(schema: Schema, name: string): TableSchema {
  let table = requireTable(schema, name);
  while (table.parent) table = requireTable(schema, table.parent);
  return table;
}

/** A root table and everything nested below it: depth first, parents before children, in the order of the schema. */
export function tableChain(schema: Schema, name: string): readonly TableSchema[] {
  const children = new Map<string, TableSchema[]>();
  for (const table of schema.tables.values()) {
    if (!table.parent) continue;
    const siblings = children.get(table.parent);
    if (siblings === undefined) children.set(table.parent, [table]);
    else siblings.push(table);
  }
  const chain: TableSchema[] = [];
  const visit = (table: TableSchema): void => {
    chain.push(table);
    for (const child of children.get(table.name) ?? []) visit(child);
  };
  visit(requireTable(schema, name));
  return chain;
}

/** Tables without a parent, in the order of the schema. */
export function rootTables(schema: Schema): readonly TableSchema[] {
  return [...schema.tables.values()].filter((table) => !isNested(table));
}

/** A property of a table, or of the nearest parent that has it. */
export function inherited<Key extends keyof TableSchema>(
  schema: Schema,
  table: TableSchema,
  key: Key,
): TableSchema[Key] | undefined {
  for (
    let at: TableSchema | undefined = table;
    at !== undefined;
    at = at.parent ? schema.tables.get(at.parent) : undefined
  ) {
    const value = at[key];
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}
