import type { LoadPlan, PartialTable } from "@dlt/core";
import { comparableIdentifier } from "../identifiers.js";
import { selectColumns, selectSchema, storedTables } from "../information-schema.js";
import { selectLoad, selectMark } from "../marks.js";
import { type FoundDataset, nothingFound, type PreparePlan, preparePlan, tablesToFind } from "../prepare-plan.js";
import type { SqlDataset } from "../sql-dataset.js";
import { selectSchemaByHash } from "../stored-records.js";
import { preparedJobId, type SystemTable } from "../system-tables.js";
import type { SqlBackend, SqlDatasets, SqlSession } from "./sql-backend.js";

/** Brings both datasets to where the jobs of a load can start, in one transaction; gives what was changed. */
export function prepareLoad(
  { datasets, transact }: SqlBackend,
  plan: LoadPlan,
  signal?: AbortSignal,
): Promise<readonly PartialTable[]> {
  const what = { to: `prepare load ${plan.loadId}`, context: { load: plan.loadId } };
  return transact(
    what,
    async (session) => {
      const { lockDataset } = datasets.final.dialect;
      if (lockDataset !== undefined) await session.rows(lockDataset(datasets.final.name));
      const { statements, changes, required } = await planPreparation(session, plan, datasets);
      for (const table of required) warnOfRequired(table);
      for (const statement of statements) await session.run(statement);
      return changes;
    },
    signal,
  );
}

function warnOfRequired({ name, columns }: PartialTable): void {
  const names = [...columns.keys()].map((column) => `\`${column}\``).join(", ");
  process.emitWarning(
    `Table \`${name}\`, which is there, gets ${names}, which may not be null. Where it has rows, the database refuses this.`,
    {
      type: "DltWarning",
      code: "REQUIRED_COLUMN_ADDED",
      detail: 'Declare new columns nullable, or load the table anew with `refresh: "drop_resources"`.',
    },
  );
}

/** The statements that `prepareLoad` would run. */
export async function explainLoad(
  backend: SqlBackend,
  plan: LoadPlan,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const { datasets } = backend;
  const { statements } = backend.exists()
    ? await backend.use(
        { to: `plan load ${plan.loadId}` },
        (session) => planPreparation(session, plan, datasets),
        signal,
      )
    : preparePlan(plan, { ...datasets, found: { final: nothingFound, staging: nothingFound }, isPrepared: false });
  return statements.map(({ text }) => text);
}

/** Looks at what is there and plans what brings it to where the jobs of the load can start. Changes nothing. */
async function planPreparation(
  session: SqlSession,
  plan: LoadPlan,
  { final, staging }: SqlDatasets,
): Promise<PreparePlan> {
  const found = {
    final: await findDataset(session, final, plan),
    staging: await findDataset(session, staging, plan),
  };
  const isPrepared = await isLoadPrepared(session, final, found.final, plan.loadId);
  return preparePlan(plan, { final, staging, found, isPrepared });
}

async function findDataset(session: SqlSession, dataset: SqlDataset, plan: LoadPlan): Promise<FoundDataset> {
  const { dialect, name, system } = dataset;
  if ((await session.rows(selectSchema(dialect, name))).length === 0) return nothingFound;
  const names = tablesToFind(dataset, plan);
  const tables = storedTables(dialect, names, await session.rows(selectColumns(dialect, name, names)));
  const hasSchema =
    tables.has(comparableIdentifier(dialect, system.version.name)) &&
    (await session.rows(selectSchemaByHash(dataset, plan.schemaHash))).length > 0;
  return { exists: true, tables, hasSchema };
}

/** Marks go when a later load completes, so a complete load counts as prepared. */
async function isLoadPrepared(
  session: SqlSession,
  dataset: SqlDataset,
  { tables }: FoundDataset,
  loadId: string,
): Promise<boolean> {
  const { dialect, system } = dataset;
  const isThere = ({ name }: SystemTable) => tables.has(comparableIdentifier(dialect, name));
  if (isThere(system.jobs) && (await session.rows(selectMark(dataset, loadId, preparedJobId))).length > 0) return true;
  return isThere(system.loads) && (await session.rows(selectLoad(dataset, loadId))).length > 0;
}
