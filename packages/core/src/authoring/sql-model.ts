import type { SqlModel } from "../contract/resource.js";
import { SourceError } from "../errors/index.js";

/**
 * Yield this, or give it to `run`, to have rows made at the destination: `query` is one SELECT that is run there and whose rows go to
 * the table of the resource. The destination tells its columns while it is extracted; a query that it cannot run is refused then.
 *
 * @param dialect that of the destination, e.g. `duckdb`, `postgres`; queries are not translated
 * @throws SourceError `RESOURCE_OPTION_INVALID`
 */
export function sqlModel(query: string, { dialect }: { readonly dialect: string }): SqlModel {
  if (typeof query !== "string" || query.trim() === "") throw invalid("query", "a SELECT");
  if (typeof dialect !== "string" || !/^[a-z][a-z0-9_]*$/.test(dialect))
    throw invalid("dialect", "the name of a dialect in lower case, such as `duckdb`");
  return { "~dlt": "model", query, dialect };
}

// The value is not shown: a query may have literals.
function invalid(name: string, expected: string): SourceError {
  return new SourceError("RESOURCE_OPTION_INVALID", `Expected \`${name}\` of \`sqlModel\` to be ${expected}.`, {
    hint: 'Call it as `sqlModel("SELECT id FROM users", { dialect: "duckdb" })`.',
    context: { option: name },
  });
}
