import { quoteTable } from "../quote.js";
import type { StagedChain } from "./staged-chain.js";

/**
 * Statements about some root rows and what is nested in them. `select` gives the keys of these rows; they are kept in a table of the
 * session, which is gone afterwards, because the statements change what they were selected from.
 */
export function aboutRoots(
  { dialect }: StagedChain,
  { name, select }: { readonly name: "deleted" | "inserted"; readonly select: string },
  statements: (isOneOf: (column: string) => string) => readonly string[],
): readonly string[] {
  const table = quoteTable(dialect, dialect.temporary, `_dlt_${name}`);
  return [
    `CREATE TEMPORARY TABLE ${table} AS ${select}`,
    ...statements((column) => `${column} IN (SELECT * FROM ${table})`),
    `DROP TABLE ${table}`,
  ];
}
