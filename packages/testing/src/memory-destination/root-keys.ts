import type { ColumnSchema, LoadPlan, TableSchema } from "@dlt/core";
import type { MemoryDataset } from "./memory-database.js";

/** Nested rows that were there before their table had the key of their root row take it from the rows above, parents first. */
export function fillRootKeys({ tables }: MemoryDataset, plan: LoadPlan, added: ReadonlySet<string>): void {
  for (const schema of plan.tables) {
    const table = tables.get(schema.name);
    const parent = plan.tables.find(({ name }) => name === schema.parent);
    const [rootKey, parentKey] = [nameOf(schema, "rootKey"), nameOf(schema, "parentKey")];
    if (table === undefined || parent === undefined || rootKey === null || parentKey === null) continue;
    if (!added.has(schema.name)) continue;
    const parentId = nameOf(parent, "rowKey");
    const from = parent.parent ? nameOf(parent, "rootKey") : parentId;
    if (parentId === null || from === null) continue;
    const keys = new Map((tables.get(parent.name)?.rows ?? []).map((row) => [row[parentId], row[from]]));
    table.rows = table.rows.map((row) => ({ ...row, [rootKey]: row[rootKey] ?? keys.get(row[parentKey]) ?? null }));
  }
}

function nameOf({ columns }: TableSchema, hint: keyof ColumnSchema): string | null {
  return [...columns.values()].find((column) => column[hint] === true)?.name ?? null;
}
