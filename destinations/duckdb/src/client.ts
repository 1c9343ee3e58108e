import type { CompletedLoad, DestinationClient, LoadPlan } from "@dlt/core";
import {
  comparableIdentifier,
  deleteOldMarks,
  type FoundDataset,
  insertLoad,
  nothingFound,
  type PreparePlan,
  preparedJobId,
  preparePlan,
  type SqlDataset,
  type SystemTable,
  selectColumns,
  selectLoad,
  selectMark,
  selectSchema,
  selectSchemaByHash,
  storedTables,
  tablesToFind,
} from "@dlt/sql";
import type { Database } from "./database.js";
import type { Datasets } from "./datasets.js";
import { attempt } from "./errors.js";
import { loadJob } from "./load-job.js";
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
      attempt({ to: `prepare load ${plan.loadId}`, location, context: { load: plan.loadId } }, () =>
        database.use(
          (session) =>
            session.transaction(async () => {
              const { statements, changes } = await planPreparation(session, plan, datasets);
              for (const statement of statements) await session.run(statement);
              return changes;
            }),
          signal,
        ),
      ),
    explain: async (plan) => {
      const { statements } = database.exists()
        ? await attempt({ to: `plan load ${plan.loadId}`, location }, () =>
            database.use((session) => planPreparation(session, plan, datasets), signal),
          )
        : preparePlan(plan, { ...datasets, found: { final: nothingFound, staging: nothingFound }, isPrepared: false });
      return statements.map(({ text }) => text);
    },
    createJob: (file) => loadJob(file, { database, final, target: file.target === "staging" ? staging : final }),
    completeLoad: (load) =>
      attempt({ to: `complete load ${load.loadId}`, location, context: { load: load.loadId } }, () =>
        database.use((session) => session.transaction(() => completeOnce(session, final, load)), signal),
      ),
    state: stateStore({ database, datasets, signal }),
    sql: sqlClient({ database, datasets, signal }),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

async function planPreparation(session: Session, plan: LoadPlan, { final, staging }: Datasets): Promise<PreparePlan> {
  const found = {
    final: await findDataset(session, final, plan),
    staging: await findDataset(session, staging, plan),
  };
  const isPrepared = await isLoadPrepared(session, final, found.final, plan.loadId);
  return preparePlan(plan, { final, staging, found, isPrepared });
}

async function findDataset(session: Session, dataset: SqlDataset, plan: LoadPlan): Promise<FoundDataset> {
  const { dialect, name, system } = dataset;
  if ((await session.rows(selectSchema(dialect, name))).length === 0) return nothingFound;
  const tables = storedTables(dialect, await session.rows(selectColumns(dialect, name, tablesToFind(dataset, plan))));
  const hasSchema =
    tables.has(comparableIdentifier(dialect, system.version.name)) &&
    (await session.rows(selectSchemaByHash(dataset, plan.schemaHash))).length > 0;
  return { exists: true, tables, hasSchema };
}

/** Marks go when a later load completes, so a complete load counts as prepared. */
async function isLoadPrepared(
  session: Session,
  dataset: SqlDataset,
  { tables }: FoundDataset,
  loadId: string,
): Promise<boolean> {
  const { dialect, system } = dataset;
  const isThere = ({ name }: SystemTable) => tables.has(comparableIdentifier(dialect, name));
  if (isThere(system.jobs) && (await session.rows(selectMark(dataset, loadId, preparedJobId))).length > 0) return true;
  return isThere(system.loads) && (await session.rows(selectLoad(dataset, loadId))).length > 0;
}

async function completeOnce(session: Session, dataset: SqlDataset, load: CompletedLoad): Promise<void> {
  if ((await session.rows(selectLoad(dataset, load.loadId))).length === 0) await session.run(insertLoad(dataset, load));
  await session.run(deleteOldMarks(dataset, load.loadId));
}
