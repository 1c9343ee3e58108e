import { type Destination, type DestinationCapabilities, destination } from "@dlt/core";
import { memoryClient } from "./memory-client.js";
import { Datasets, type MemoryDatabase } from "./memory-database.js";

export interface MemoryDestinationOptions {
  /** Made by `memoryDatabase()`; its rows can be read there. */
  readonly database: MemoryDatabase;
  /** Replaces what the destination says it can do, e.g. `{ mergeStrategies: [] }`. */
  readonly capabilities?: Partial<DestinationCapabilities>;
}

const memoryCapabilities: DestinationCapabilities = {
  preferredFileFormat: "jsonl",
  fileFormats: ["jsonl"],
  maxIdentifierLength: 65_536,
  caseSensitiveIdentifiers: true,
  weiPrecision: [78, 0],
  supportsNaiveTimestamp: true,
  supportsDdlTransactions: true,
  supportsTransactions: true,
  replaceStrategies: ["truncate-and-insert", "insert-from-staging"],
  mergeStrategies: ["delete-insert", "upsert"],
};

/** Loads into the memory of this process, to test pipelines without a database. */
export function memoryDestination({ database, capabilities }: MemoryDestinationOptions): Destination {
  if (!(database instanceof Datasets)) throw new TypeError("Give a database that `memoryDatabase()` made.");
  return destination({
    name: "memory",
    capabilities: { ...memoryCapabilities, ...capabilities },
    config: {},
    connect: async (_, options) => memoryClient(database, options),
  })();
}
