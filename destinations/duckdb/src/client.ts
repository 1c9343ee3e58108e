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
import type { Database } from "./database.js";
import { attempt } from "./errors.js";
import { loadJob } from "./load-job.js";
import { modelClient } from "./models.js";
import type { Session } from "./session.js";
import { sqlClient } from "./sql-client.js";

export interface ClientOptions {
  readonly database: Database;
  readonly datasets: SqlDatasets;
  readonly signal: AbortSignal;
}

/** A session with one database. */
export function duckdbClient({ database, datasets, signal }: ClientOptions): DestinationClient {
  const { location } = database;
  const backend: SqlBackend<Session> = {
    datasets,
    exists: () => database.exists(),
    use: (what, work, workSignal) => attempt({ ...what, location }, () => database.use(work, workSignal)),
    transact: (what, work, workSignal) =>
      attempt({ ...what, location }, () =>
        database.use((session) => session.transaction(() => work(session)), workSignal),
      ),
  };
  return {
    displayLocation: location,
    prepare: async (plan) => {
      const changes = await prepareLoad(backend, plan, signal);
      await attempt({ to: `prepare load ${plan.loadId}`, location }, () => database.startLoading());
      return changes;
    },
    explain: (plan) => explainLoad(backend, plan, signal),
    createJob: (file) => loadJob(file, { backend, signal }),
    followUps: (chain) => followUpJobs(backend, chain, signal),
    completeLoad: async (load) => {
      await completeLoad(backend, load, signal);
      await attempt({ to: `complete load ${load.loadId}`, location }, () => database.stopLoading());
    },
    truncateStaging: (tables) => truncateStaging(backend, tables, signal),
    state: stateStore(backend, signal),
    sql: sqlClient({ database, datasets, signal }),
    models: modelClient({ database, dataset: datasets.final, signal }),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}
