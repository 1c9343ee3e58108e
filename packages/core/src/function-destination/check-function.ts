import { ConfigError } from "../errors/index.js";
import type { FunctionOptions } from "./function-options.js";

/**
 * Refuses what types cannot: a destination may be declared in JavaScript, and numbers be anything.
 * @throws ConfigError `DESTINATION_INVALID`, `CONFIG_VALUE_INVALID`
 */
export function checkFunction(name: string, load: unknown, options: FunctionOptions): void {
  if (name === "" || typeof load !== "function") {
    throw new ConfigError(
      "DESTINATION_INVALID",
      name === "" ? "A destination has no name." : `Destination \`${name}\` has no function that takes its batches.`,
      {
        hint: 'Write `destination("name", async (items, table) => { … })`.',
        context: { destination: name },
      },
    );
  }
  const { batchSize = 0, maxTableNesting = 0, maxParallelLoadJobs = 1 } = options;
  const { loaderFileFormat = "jsonl", loaderParallelismStrategy = "parallel" } = options;
  const check = (option: string, value: unknown, isRight: boolean, expected: string): void => {
    if (isRight) return;
    throw new ConfigError(
      "CONFIG_VALUE_INVALID",
      `Destination \`${name}\` cannot use the option \`${option}\`: ${expected} was expected, got ${JSON.stringify(value) ?? typeof value}.`,
      {
        hint: `Correct \`${option}\` where the destination is declared.`,
        context: { destination: name, field: option },
      },
    );
  };
  check("batchSize", batchSize, isCount(batchSize, 0), "a whole number from 0");
  check(
    "maxTableNesting",
    maxTableNesting,
    maxTableNesting === null || isCount(maxTableNesting, 0),
    "a whole number from 0, or null",
  );
  check("maxParallelLoadJobs", maxParallelLoadJobs, isCount(maxParallelLoadJobs, 1), "a whole number from 1");
  check("loaderFileFormat", loaderFileFormat, formats.has(loaderFileFormat), "`jsonl` or `parquet`");
  check(
    "loaderParallelismStrategy",
    loaderParallelismStrategy,
    strategies.has(loaderParallelismStrategy),
    "`parallel`, `table-sequential` or `sequential`",
  );
}

function isCount(value: number, least: number): boolean {
  return Number.isSafeInteger(value) && value >= least;
}

const formats: ReadonlySet<string> = new Set(["jsonl", "parquet"]);
const strategies: ReadonlySet<string> = new Set(["parallel", "table-sequential", "sequential"]);
