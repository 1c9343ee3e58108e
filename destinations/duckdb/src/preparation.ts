import type { LoadPlan } from "@dlt/core";
import {
  comparableIdentifier,
  type FoundDataset,
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
import type { Datasets } from "./datasets.js";
import type { Session } from "./session.js";

/** Looks at what is there and plans what brings it to where the jobs of the load can start. Changes nothing. */
export async function planPreparation(
  session: Session,
  plan: LoadPlan,
  { final, staging }: Datasets,
): Promise<PreparePlan> {
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
