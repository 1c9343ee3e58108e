import type { LimitOptions } from "../contract/resource.js";
import { SourceError } from "../errors/index.js";
import type { Step } from "./definition.js";

const optionNames = ["maxItems", "maxTimeMs", "countRows"] as const satisfies readonly (keyof LimitOptions)[];

/**
 * A limit of a resource in its full form.
 * @throws SourceError `RESOURCE_OPTION_INVALID`
 */
export function limitStep(limit: number | LimitOptions, resource: string): Step {
  const refuse = (what: string, expected: string, got: unknown): SourceError =>
    new SourceError(
      "RESOURCE_OPTION_INVALID",
      `Expected ${what} of \`${resource}\` to be ${expected}, got ${described(got)}.`,
      {
        hint: "Give a number of items, or options: `{ maxItems: 10 }`, `{ maxTimeMs: 60_000 }`, `{ maxItems: 1_000, countRows: true }`.",
        context: { resource },
      },
    );
  const options = typeof limit === "number" ? { maxItems: limit } : limit;
  if (typeof options !== "object" || options === null || Array.isArray(options))
    throw refuse("the limit", "a number or options", options);
  for (const name of Object.keys(options)) {
    if (!(optionNames as readonly string[]).includes(name))
      throw refuse("an option of the limit", `\`${optionNames.join("`, `")}\``, name);
  }
  const { maxItems, maxTimeMs, countRows } = options;
  if (maxItems !== undefined && !(Number.isInteger(maxItems) && maxItems >= -1))
    throw refuse("`maxItems` of the limit", "an integer from 0 up, or -1 for no limit", maxItems);
  if (maxTimeMs !== undefined && !(typeof maxTimeMs === "number" && maxTimeMs >= 0))
    throw refuse("`maxTimeMs` of the limit", "a number from 0 up", maxTimeMs);
  if (countRows !== undefined && typeof countRows !== "boolean")
    throw refuse("`countRows` of the limit", "true or false", countRows);
  return { kind: "limit", limit: options };
}

function described(value: unknown): string {
  return `\`${typeof value === "string" ? JSON.stringify(value) : String(value)}\``;
}
