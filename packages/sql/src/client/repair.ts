import { quoteTable } from "../quote.js";
import type { SqlDataset } from "../sql-dataset.js";

/** The statement after which the next run compares the tables of a dataset with the schema, and creates what is missing. */
export function repairOf({ dialect, name, system }: SqlDataset): string {
  return `DELETE FROM ${quoteTable(dialect, name, system.version.name)}`;
}
