import type { RowFilters, Schema } from "../contract/index.js";
import { compileRules } from "./rules.js";

/** Says whether a column of a row is kept. */
export type ColumnFilter = (column: string) => boolean;

interface CompiledFilters {
  excludes(path: string): boolean;
  includes(path: string): boolean;
}

/**
 * Row filters of all tables: for a table, what its own filters and those of the tables above it say of its columns;
 * `null` for a table that no filter reaches. A table above sees a column with the path that leads to it, e.g. `items`
 * sees `c__secret`. `null` when no table excludes anything.
 */
export function compileFilters(schema: Schema): null | ((table: string) => ColumnFilter | null) {
  const filters = new Map<string, CompiledFilters>();
  for (const table of schema.tables.values()) {
    if (table.filters?.excludes?.length) filters.set(table.name, compile(table.filters));
  }
  if (filters.size === 0) return null;

  const { naming } = schema;
  return (table) => {
    const components = naming.breakPath(table);
    const applied: ColumnFilter[] = [];
    for (let length = components.length; length > 0; length--) {
      const compiled = filters.get(naming.makePath(...components.slice(0, length)));
      if (compiled === undefined) continue;
      const rest = components.slice(length);
      applied.push((column) => {
        const path = naming.makePath(...rest, column);
        return !compiled.excludes(path) || compiled.includes(path);
      });
    }
    return applied.length === 0 ? null : (column) => applied.every((keeps) => keeps(column));
  };
}

function compile({ excludes, includes }: RowFilters): CompiledFilters {
  return { excludes: compileRules(excludes ?? []), includes: compileRules(includes ?? []) };
}
