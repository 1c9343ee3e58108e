import type { DestinationClient } from "@dlt/core";
import {
  completeLoad,
  explainLoad,
  followUpJobs,
  prepareLoad,
  type SqlBackend,
  type SqlDatasets,
  stateStore,
  truncateStaging,
} from "@dlt/sql";
import type { CsvFormat } from "./csv-format.js";
import type { Database } from "./database.js";
import { attempt } from "./errors.js";
import { loadJob } from "./load-job.js";
import { modelClient } from "./models.js";
import { checkNameBytes } from "./name-bytes.js";
import type { Session } from "./session.js";
import { sqlClient } from "./sql-client.js";

export interface ClientOptions {
  readonly database: Database;
  readonly datasets: SqlDatasets;
  readonly csvFormat: CsvFormat;
  readonly signal: AbortSignal;
}

/** A session with one database. */
export function postgresClient({ database, datasets, csvFormat, signal }: ClientOptions): DestinationClient {
  const { location, host } = database;
  const backend: SqlBackend<Session> = {
    datasets,
    exists: () => true,
    use: (what, work, workSignal) => attempt({ ...what, location }, () => database.use(work, workSignal)),
    transact: (what, work, workSignal) =>
      attempt({ ...what, location }, () =>
        database.use((session) => session.transaction(() => work(session)), workSignal),
      ),
  };
  return {
    displayLocation: location,
    identity: host,
    prepare: async (plan) => {
      checkNameBytes(plan, datasets);
      return await prepareLoad(backend, plan, signal);
    },
    explain: (plan) => explainLoad(backend, plan, signal),
    createJob: (file) => loadJob(file, { backend, csvFormat, signal }),
    followUps: (chain) => followUpJobs(backend, chain, signal),
    completeLoad: (load) => completeLoad(backend, load, signal),
    truncateStaging: (tables) => truncateStaging(backend, tables, signal),
    state: stateStore(backend, signal),
    sql: sqlClient({ database, dataset: datasets.final, signal }),
    models: modelClient(backend, signal),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}
