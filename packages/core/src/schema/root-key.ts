import type { JsonNormalizerConfig, Schema, TableSchema } from "../contract/index.js";
import { mergeStrategyOf } from "./merge-strategy.js";
import { columnsWith, isDltTable } from "./predicates.js";
import { rootTable, tableChain } from "./tables.js";

/**
 * Makes the rows nested below a root table carry the id of their root row when they need it: because the schema asks
 * for it, because the table is merged in a way that finds nested rows by it, or because a nested table has such a
 * column already. It is written into the configuration of the normalizer, and thereby stored. Called when a table, the root
 * itself or one below it, is added or changed.
 */
export function propagateRootKey(schema: Schema, changed: string): Schema {
  const table = rootTable(schema, changed);
  const { name } = table;
  if (isDltTable(schema, name) || !needsRootKey(schema, table)) return schema;

  const from = columnsWith(table, "rowKey", { incomplete: true })[0]?.name ?? schema.system.id;
  const config: JsonNormalizerConfig = schema.normalizers.json.config ?? {};
  const tables = config.propagation?.tables ?? {};
  if (Object.hasOwn(tables, name) && tables[name]?.[from] === schema.system.rootId) return schema;
  return withJsonConfig(schema, {
    ...config,
    propagation: {
      ...config.propagation,
      tables: { ...tables, [name]: { ...tables[name], [from]: schema.system.rootId } },
    },
  });
}

function needsRootKey(schema: Schema, table: TableSchema): boolean {
  const wanted = schema.normalizers.json.config?.rootKeyPropagation;
  if (wanted === true) return true;
  const strategy = mergeStrategyOf(schema, table);
  if (wanted !== false && (strategy === "delete-insert" || strategy === "upsert" || strategy === "insert-only"))
    return true;
  return tableChain(schema, table.name).some(
    (member) => columnsWith(member, "rootKey", { incomplete: true }).length > 0,
  );
}

/** Replaces the configuration of the item normalizer. */
export function withJsonConfig(schema: Schema, config: JsonNormalizerConfig): Schema {
  return { ...schema, normalizers: { ...schema.normalizers, json: { ...schema.normalizers.json, config } } };
}

/**
 * Values that rows hand down: for the rows of a table, pairs of their column and the column of all rows nested below
 * them.
 */
type Propagation = (
  table: string,
  options: { readonly isRoot: boolean },
) => readonly (readonly [from: string, to: string])[];

/** Reads the configuration of the normalizer once, for hot use. */
export function compiledPropagation(schema: Schema): Propagation {
  const { root, tables } = schema.normalizers.json.config?.propagation ?? {};
  const ofRoot = Object.entries(root ?? {});
  return (table, { isRoot }) => {
    const own = tables && Object.hasOwn(tables, table) ? tables[table] : undefined;
    if (own === undefined) return isRoot ? ofRoot : [];
    return Object.entries(isRoot ? { ...root, ...own } : own);
  };
}
