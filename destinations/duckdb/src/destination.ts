import { type Destination, type DestinationArguments, type DestinationCapabilities, destination } from "@dlt/core";
import { insertValues } from "@dlt/sql";
import { duckdbCapabilities } from "./capabilities.js";
import { duckdbClient } from "./client.js";
import { type DuckdbConfig, duckdbConfig } from "./config.js";
import { openDatabase } from "./database.js";
import { datasets } from "./datasets.js";
import { duckdbDialect, duckdbLiterals } from "./dialect.js";

/** Settings given in code; they win over every other place. */
export interface DuckdbOptions extends DestinationArguments<typeof duckdbConfig> {
  /** Replaces what the destination says it can do, e.g. `{ maxParallelJobs: 1 }`. */
  readonly capabilities?: Partial<DestinationCapabilities>;
}

/** Loads into a DuckDB file, in process: `duckdb({ credentials: "country.duckdb" })`. */
export function duckdb({ capabilities: changes, ...given }: DuckdbOptions = {}): Destination<DuckdbConfig> {
  const capabilities = { ...duckdbCapabilities, ...changes };
  const { destinationName } = given;
  return destination({
    name: "duckdb",
    capabilities,
    config: duckdbConfig,
    fileFormats: [insertValues({ literals: duckdbLiterals })],
    async connect(
      { credentials, createIndexes },
      {
        localDir,
        workingDir,
        pipelineName,
        dataset,
        stagingDataset,
        naming,
        infoTablesQueryThreshold,
        signal,
        reached,
      },
    ) {
      const database = openDatabase(credentials, {
        localDir,
        workingDir,
        defaultName: destinationName ?? pipelineName,
        parallelJobs: capabilities.maxParallelJobs ?? 1,
        reached,
      });
      const dialect = duckdbDialect(capabilities, { createIndexes, maxNamedTables: infoTablesQueryThreshold });
      const catalogs = await database.catalogs();
      return duckdbClient({
        database,
        datasets: datasets({ dialect, naming, dataset, stagingDataset, catalogs }),
        signal,
      });
    },
  })(given);
}
