import type { LoadPlan, PartialTable, SchemaRecord, SystemNames, TableSchema } from "@dlt/core";
import { schemaEngineVersion } from "@dlt/core/engine";
import type { DatasetNames, Datasets, MemoryDataset } from "./memory-database.js";
import { fillRootKeys } from "./root-keys.js";

/** What a preparation changes, in words and in deed. */
export interface Preparation {
  readonly statements: readonly string[];
  readonly changes: readonly PartialTable[];
  run(): void;
}

export interface PreparationTarget {
  readonly names: DatasetNames;
  readonly system: SystemNames;
}

/** Plans what brings both datasets to where the jobs of a load can start; nothing for a load that is prepared or complete. */
export function preparation(datasets: Datasets, target: PreparationTarget, plan: LoadPlan): Preparation {
  const { names } = target;
  const found = datasets.find(names.final);
  const isPrepared = found !== null && (found.marks.has(plan.loadId) || found.loads.has(plan.loadId));
  if (isPrepared) return { statements: [], changes: [], run: () => undefined };
  const dropped = new Set(plan.drop);
  const changes = plan.tables.flatMap((table): readonly PartialTable[] => {
    const stored = dropped.has(table.name) ? undefined : found?.tables.get(table.name);
    const added = [...table.columns].filter(([name]) => stored?.columns.has(name) !== true);
    return added.length === 0 ? [] : [{ ...table, columns: new Map(added) }];
  });
  const statements = [
    ...plan.drop.map((name) => `DROP ${name}`),
    ...changes.map(({ name, columns }) => `ADD ${name} (${[...columns.keys()].join(", ")})`),
    ...plan.truncate.map((name) => `TRUNCATE ${name}`),
    `PREPARE ${plan.loadId}`,
  ];
  return { statements, changes, run: () => prepare(datasets, target, plan) };
}

function prepare(datasets: Datasets, { names, system }: PreparationTarget, plan: LoadPlan): void {
  const final = datasets.open(names.final);
  for (const dataset of [final, datasets.find(names.staging)])
    for (const name of plan.drop) dataset?.tables.delete(name);
  if (plan.drop.length > 0) {
    const others = final.schemas.filter(({ schemaName }) => schemaName !== plan.schemaName);
    final.schemas.splice(0, final.schemas.length, ...others);
  }
  const grown = new Set(plan.tables.filter((table) => addColumns(final, table)).map(({ name }) => name));
  fillRootKeys(final, plan, grown);
  for (const name of plan.truncate) emptyTable(final, name);
  if (!final.schemas.some(({ versionHash }) => versionHash === plan.schemaHash)) final.schemas.push(schemaRecord(plan));
  const versions = final.tables.get(system.versionTable);
  if (versions !== undefined) versions.rows = final.schemas.map(versionRow);
  final.marks.set(plan.loadId, new Map());
  if (plan.staged.length === 0) return;
  const staging = datasets.open(names.staging);
  for (const table of plan.tables.filter(({ name }) => plan.staged.includes(name))) addColumns(staging, table);
  for (const name of plan.staged) emptyTable(staging, name);
}

/** Leaves out a table that is not there. */
export function emptyTable(dataset: MemoryDataset | null, name: string): void {
  const table = dataset?.tables.get(name);
  if (table !== undefined) table.rows = [];
}

/** True for a table that was there and lacked some. */
function addColumns({ tables }: MemoryDataset, { name, columns }: TableSchema): boolean {
  const stored = tables.get(name);
  if (stored === undefined) {
    tables.set(name, { columns: new Set(columns.keys()), rows: [] });
    return false;
  }
  const added = [...columns.keys()].filter((column) => !stored.columns.has(column));
  for (const column of added) stored.columns.add(column);
  const missing = Object.fromEntries(added.map((column) => [column, null]));
  stored.rows = stored.rows.map((row) => ({ ...row, ...missing }));
  return added.length > 0;
}

function schemaRecord({ schemaName, schemaVersion, schemaHash, schema }: LoadPlan): SchemaRecord {
  return {
    schemaName,
    version: schemaVersion,
    engineVersion: schemaEngineVersion,
    versionHash: schemaHash,
    insertedAt: BigInt(Date.now()) * 1000n,
    schema,
  };
}

function versionRow({
  version,
  engineVersion,
  schemaName,
  versionHash,
  schema,
}: SchemaRecord): Readonly<Record<string, unknown>> {
  return { version, engine_version: engineVersion, schema_name: schemaName, version_hash: versionHash, schema };
}
