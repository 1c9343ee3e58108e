import { DestinationError } from "@dlt/core";
import type { SqlDialect } from "../dialect.js";

/**
 * The error for a query that cannot be run, or that is no query. Its text is not shown, and neither are messages of the database that
 * quote it. `line`: of the query, counted from 1, where it is known.
 */
export function queryInvalid(
  { name }: SqlDialect,
  { reason, line }: { readonly reason: string; readonly line?: number | null },
): DestinationError {
  const at = typeof line === "number" && line > 0 ? ` (line ${line} of the query)` : "";
  return new DestinationError("MODEL_QUERY_INVALID", `${name} cannot run a query of \`sqlModel\`: ${reason}${at}.`, {
    hint: "Give `sqlModel` one SELECT without parameters, and try it in the database first; what it reads has to be there.",
    ...(at !== "" && { context: { line: line ?? null } }),
  });
}
