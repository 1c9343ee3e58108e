import type { LoadPlan, PartialTable } from "@dlt/core";

type StoredTables = Readonly<Record<string, { readonly columns?: StoredColumns }>>;
type StoredColumns = Readonly<Record<string, { readonly data_type?: unknown }>>;

/**
 * What the tables of a plan have beyond a stored schema: those that are new, and new columns of others. Files have no columns that could
 * be looked at.
 */
export function changedTables(plan: LoadPlan, storedSchema: string | null): readonly PartialTable[] {
  const { tables = {} } = JSON.parse(storedSchema ?? "{}") as { readonly tables?: StoredTables };
  return plan.tables.flatMap((table) => {
    const stored = plan.drop.includes(table.name) ? {} : (ownValue(tables, table.name)?.columns ?? {});
    const columns = new Map([...table.columns].filter(([name]) => ownValue(stored, name)?.data_type === undefined));
    return columns.size === 0 ? [] : [{ ...table, columns }];
  });
}

/** Names of tables and columns may be those that every object has, such as `constructor`. */
function ownValue<Value>(object: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
