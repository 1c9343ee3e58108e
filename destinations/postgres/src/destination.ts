import { type Destination, type DestinationArguments, type DestinationCapabilities, destination } from "@dlt/core";
import { pgcopy } from "@dlt/postgres-copy";
import { insertValues, systemTables } from "@dlt/sql";
import { postgresCapabilities } from "./capabilities.js";
import { postgresClient } from "./client.js";
import { type PostgresConfig, postgresConfig } from "./config.js";
import { defaultCsvFormat } from "./csv-format.js";
import { Database } from "./database.js";
import { postgresDialect, postgresLiterals } from "./dialect.js";

/** Settings given in code; they win over every other place. */
export interface PostgresOptions extends DestinationArguments<typeof postgresConfig> {
  /** Replaces what the destination says it can do, e.g. `{ maxParallelJobs: 1 }`. */
  readonly capabilities?: Partial<DestinationCapabilities>;
}

/** Loads into PostgreSQL: `postgres({ credentials: "postgresql://loader:secret@localhost:5432/shop" })`. */
export function postgres({ capabilities: changes, ...given }: PostgresOptions = {}): Destination<PostgresConfig> {
  const capabilities = { ...postgresCapabilities, ...changes };
  return destination({
    name: "postgres",
    capabilities,
    config: postgresConfig,
    fileFormats: [pgcopy(), insertValues({ literals: postgresLiterals })],
    async connect(
      { credentials, createIndexes, csvFormat },
      { dataset, stagingDataset, naming, infoTablesQueryThreshold, signal, reached },
    ) {
      const dialect = postgresDialect(capabilities, {
        naming,
        createIndexes,
        maxNamedTables: infoTablesQueryThreshold,
      });
      const system = systemTables(naming);
      return postgresClient({
        database: new Database(credentials, reached),
        datasets: {
          final: { dialect, system, name: { schema: dataset } },
          staging: { dialect, system, name: { schema: stagingDataset } },
        },
        csvFormat: csvFormat ?? defaultCsvFormat,
        signal,
      });
    },
  })(given);
}
