import type { CompletedLoad, DestinationClient } from "@dlt/core";
import {
  deleteOldMarks,
  insertLoad,
  nothingFound,
  preparePlan,
  type SqlDataset,
  selectColumns,
  selectLoad,
  storedTables,
  truncateStored,
} from "@dlt/sql";
import type { Database } from "./database.js";
import type { Datasets } from "./datasets.js";
import { attempt } from "./errors.js";
import { followUpJobs } from "./follow-up-job.js";
import { loadJob } from "./load-job.js";
import { planPreparation } from "./preparation.js";
import type { Session } from "./session.js";
import { sqlClient } from "./sql-client.js";
import { stateStore } from "./state-store.js";

export interface ClientOptions {
  readonly database: Database;
  readonly datasets: Datasets;
  readonly signal: AbortSignal;
}

/** A session with one database. */
export function duckdbClient({ database, datasets, signal }: ClientOptions): DestinationClient {
  const { final, staging } = datasets;
  const { location } = database;
  return {
    displayLocation: location,
    prepare: (plan) =>
      attempt({ to: `prepare load ${plan.loadId}`, location, context: { load: plan.loadId } }, async () => {
        const changes = await database.use(
          (session) =>
            session.transaction(async () => {
              const { statements, changes } = await planPreparation(session, plan, datasets);
              for (const statement of statements) await session.run(statement);
              return changes;
            }),
          signal,
        );
        await database.startLoading();
        return changes;
      }),
    explain: async (plan) => {
      const { statements } = database.exists()
        ? await attempt({ to: `plan load ${plan.loadId}`, location }, () =>
            database.use((session) => planPreparation(session, plan, datasets), signal),
          )
        : preparePlan(plan, { ...datasets, found: { final: nothingFound, staging: nothingFound }, isPrepared: false });
      return statements.map(({ text }) => text);
    },
    createJob: (file) =>
      loadJob(file, { database, final, target: file.target === "staging" ? staging : final, signal }),
    followUps: (chain) => followUpJobs(chain, { database, datasets, signal }),
    completeLoad: (load) =>
      attempt({ to: `complete load ${load.loadId}`, location, context: { load: load.loadId } }, async () => {
        await database.use((session) => session.transaction(() => completeOnce(session, final, load)), signal);
        await database.stopLoading();
      }),
    truncateStaging: (tables) =>
      attempt({ to: "empty the staging dataset", location }, () =>
        database.use((session) => session.transaction(() => truncateTables(session, staging, tables)), signal),
      ),
    state: stateStore({ database, datasets, signal }),
    sql: sqlClient({ database, datasets, signal }),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

async function completeOnce(session: Session, dataset: SqlDataset, load: CompletedLoad): Promise<void> {
  if ((await session.rows(selectLoad(dataset, load.loadId))).length === 0) await session.run(insertLoad(dataset, load));
  await session.run(deleteOldMarks(dataset, load.loadId));
}

async function truncateTables(session: Session, dataset: SqlDataset, tables: readonly string[]): Promise<void> {
  const { dialect, name } = dataset;
  const stored = storedTables(dialect, await session.rows(selectColumns(dialect, name, tables)));
  for (const statement of truncateStored(dataset, tables, stored)) await session.run(statement);
}
