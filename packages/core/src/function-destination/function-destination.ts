import type { DestinationCapabilities } from "../contract/capabilities.js";
import type { Destination } from "../contract/destination.js";
import { checkFunction } from "./check-function.js";
import { functionClient } from "./function-client.js";
import type { AnyBatchFunction, FunctionOptions } from "./function-options.js";

/** The type of every function that is a destination, as in Python dlt; each has a name of its own. */
export const functionDestinationType = "destination";

/**
 * A destination whose rows a function gets. It has no dataset and keeps no state. Files are read, and the number of rows that were
 * handed over is kept, by the engine: this package does neither.
 * @throws ConfigError `DESTINATION_INVALID`, `CONFIG_VALUE_INVALID`
 */
export function functionDestination(
  name: string,
  load: AnyBatchFunction,
  options: FunctionOptions,
): Omit<Destination, "~dlt" | "given"> {
  checkFunction(name, load, options);
  const { config = {}, batchSize = 10, loaderFileFormat = "jsonl", skipDltColumnsAndTables = true } = options;
  const loading = { name, load, batchSize, loaderFileFormat, skipDltColumnsAndTables };
  return {
    type: functionDestinationType,
    name,
    capabilities: functionCapabilities(options),
    config,
    connect: async (values, connectOptions) => functionClient(loading, values, connectOptions),
  };
}

function functionCapabilities({
  loaderFileFormat = "jsonl",
  namingConvention = "direct",
  maxTableNesting = 0,
  maxParallelLoadJobs = 0,
  loaderParallelismStrategy = "parallel",
}: FunctionOptions): DestinationCapabilities {
  return {
    preferredFileFormat: loaderFileFormat,
    fileFormats: [loaderFileFormat],
    namingConvention,
    maxIdentifierLength: 65_536,
    maxColumnIdentifierLength: 65_536,
    caseSensitiveIdentifiers: true,
    weiPrecision: [78, 0],
    supportsNaiveTimestamp: true,
    supportsDdlTransactions: false,
    supportsTransactions: false,
    replaceStrategies: [],
    mergeStrategies: [],
    forwardsRows: true,
    maxParallelJobs: maxParallelLoadJobs,
    parallelismStrategy: loaderParallelismStrategy,
    ...(maxTableNesting !== null && { maxTableNesting }),
    needsDataset: false,
  };
}
