import type { Destination, DestinationCapabilities } from "@dlt/core";
import { duckdbCapabilities } from "./capabilities.js";
import { duckdbClient } from "./client.js";
import { type DuckdbConfig, duckdbConfigSpec, parseCredentials } from "./config.js";
import { openDatabase } from "./database.js";
import { datasets } from "./datasets.js";
import { duckdbDialect } from "./dialect.js";

export interface DuckdbOptions extends DuckdbConfig {
  /** Name among several destinations, and config section. Default: `duckdb`. */
  readonly destinationName?: string;
  /** Replaces what the destination says it can do, e.g. `{ namingConvention: "sql_ci_v1" }`. */
  readonly capabilities?: Partial<DestinationCapabilities>;
}

/** Loads into a DuckDB file, in process: `duckdb({ credentials: "country.duckdb" })`. Settings given here win over every other place. */
export function duckdb({
  destinationName,
  capabilities: changed,
  ...given
}: DuckdbOptions = {}): Destination<DuckdbConfig> {
  const capabilities = { ...duckdbCapabilities, ...changed };
  return {
    "~dlt": "destination",
    type: "duckdb",
    name: destinationName ?? "duckdb",
    capabilities,
    config: duckdbConfigSpec,
    given: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    async connect(config, { localDir, pipelineName, dataset, stagingDataset, naming, signal }) {
      const target = parseCredentials(config.credentials);
      const database = openDatabase(target, {
        localDir,
        defaultName: destinationName ?? pipelineName,
        parallelJobs: capabilities.maxParallelJobs ?? 1,
      });
      const dialect = duckdbDialect(capabilities, { createIndexes: config.createIndexes ?? false });
      const catalogs = await database.catalogs();
      return duckdbClient({
        database,
        datasets: datasets({ dialect, naming, dataset, stagingDataset, catalogs }),
        signal,
      });
    },
  };
}
