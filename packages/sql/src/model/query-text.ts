import type { SelectedColumn } from "@dlt/core";
import type { SqlDialect } from "../dialect.js";
import { endOfProtected } from "../protected-text.js";
import { quote, quoteIdentifier } from "../quote.js";

/** A query without the semicolon that may end it, and without what stands behind that and says nothing. */
export function queryText(query: string): string {
  let semicolon = -1;
  for (let index = 0; index < query.length; ) {
    const character = query[index] as string;
    const protectedEnd = endOfProtected(query, index);
    const isComment = protectedEnd > index && /[-/]/.test(character);
    if (character === ";") semicolon = semicolon < 0 ? index : semicolon;
    else if (!isComment && !/\s/.test(character)) semicolon = -1;
    index = Math.max(protectedEnd, index + 1);
  }
  return semicolon < 0 ? query.trimEnd() : query.slice(0, semicolon).trimEnd();
}

/** `(<query>) AS "_dlt_query" ("a", "b")`: what a query gives as a table, with these names for its columns. */
export function queryAsTable(dialect: SqlDialect, query: string, names: readonly string[]): string {
  const alias = quote(dialect.identifiers, "_dlt_query");
  // A query may end with a comment.
  const table = `(\n${queryText(query)}\n) AS ${alias}`;
  return names.length === 0 ? table : `${table} (${names.map((name) => quoteIdentifier(dialect, name)).join(", ")})`;
}

/** A SELECT of columns of what a query gives. They are found by their positions: names may repeat, and be of any form. */
export function selectFromQuery(dialect: SqlDialect, query: string, columns: readonly SelectedColumn[]): string {
  const last = Math.max(...columns.map(({ position }) => position));
  const names = Array.from({ length: last + 1 }, (_, position) => `_${position}`);
  const selected = columns.map(
    ({ position, name }) => `${quoteIdentifier(dialect, `_${position}`)} AS ${quoteIdentifier(dialect, name)}`,
  );
  return `SELECT ${selected.join(", ")} FROM ${queryAsTable(dialect, query, names)}`;
}
