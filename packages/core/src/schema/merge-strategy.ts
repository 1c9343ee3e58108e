import type { Schema, TableSchema } from "../contract/index.js";
import { inherited } from "./tables.js";

/**
 * How rows of a table are merged: its own or inherited hint, else the first strategy of the destination.
 * `null` when the table is not merged, or the destination is unknown or cannot merge.
 */
export function mergeStrategyOf(schema: Schema, table: TableSchema): string | null {
  const [first] = schema.mergeStrategies;
  if (first === undefined || inherited(schema, table, "writeDisposition") !== "merge") return null;
  const hint = inherited(schema, table, "x-merge-strategy");
  return typeof hint === "string" ? hint : first;
}
