import { type LoadPlan, type SchemaRecord, Timestamp } from "@dlt/core";
import type { StoreOptions } from "@dlt/storage";
import type { FilesDataset } from "./dataset.js";
import { jsonBytes, readJson, unreadable } from "./json-file.js";
import { readDatetime } from "./layout/datetime.js";
import { hexHash, namesWithHash, type SystemName, systemKey } from "./system-names.js";

/** The newest schema of a name. */
export async function newestSchema(
  dataset: FilesDataset,
  schemaName: string,
  options: StoreOptions,
): Promise<SchemaRecord | null> {
  const { store, folders } = dataset;
  const names = await namesWithHash(store, { folder: folders.version, owner: schemaName }, options);
  // Compared as text, as Python dlt does.
  const newest = names.reduce<SystemName | null>(
    (best, name) => (best === null || name.time > best.time ? name : best),
    null,
  );
  return newest === null ? null : await readSchema(dataset, newest.key, options);
}

export async function schemaByHash(
  dataset: FilesDataset,
  versionHash: string,
  options: StoreOptions,
): Promise<SchemaRecord | null> {
  const hash = hexHash(versionHash);
  const names = await namesWithHash(dataset.store, { folder: dataset.folders.version }, options);
  const found = names.find((name) => name.hash === hash);
  return found === undefined ? null : await readSchema(dataset, found.key, options);
}

/** True when a schema of the plan's name has its hash. */
export async function hasSchema({ store, folders }: FilesDataset, plan: LoadPlan, options: StoreOptions) {
  const hash = hexHash(plan.schemaHash);
  const names = await namesWithHash(store, { folder: folders.version, owner: plan.schemaName }, options);
  return names.some((name) => name.hash === hash);
}

/** The file of the plan's schema. The id of the load tells its time, so that it is the same however often it is written. */
export function schemaFile({ folders }: FilesDataset, plan: LoadPlan): { key: string; content: Uint8Array } {
  const { engine_version: engineVersion } = JSON.parse(plan.schema) as { readonly engine_version?: unknown };
  return {
    key: systemKey(folders.version, [plan.schemaName, plan.loadId, hexHash(plan.schemaHash)]),
    content: jsonBytes({
      version_hash: plan.schemaHash,
      schema_name: plan.schemaName,
      version: plan.schemaVersion,
      engine_version: engineVersion,
      inserted_at: Timestamp.fromDate(new Date()).toString(),
      schema: plan.schema,
    }),
  };
}

/** All files of the schemas of a name. */
export async function schemaKeys(
  { store, folders }: FilesDataset,
  schemaName: string,
  options: StoreOptions,
): Promise<readonly string[]> {
  return (await namesWithHash(store, { folder: folders.version, owner: schemaName }, options)).map(({ key }) => key);
}

async function readSchema({ store }: FilesDataset, key: string, options: StoreOptions): Promise<SchemaRecord> {
  const row = await readJson(store, key, options);
  const { schema_name: schemaName, version_hash: versionHash, version, engine_version: engineVersion, schema } = row;
  const insertedAt = readDatetime(row["inserted_at"]);
  if (
    typeof schemaName !== "string" ||
    typeof versionHash !== "string" ||
    typeof version !== "number" ||
    typeof engineVersion !== "number" ||
    typeof schema !== "string" ||
    insertedAt === null
  )
    throw unreadable(store, key, "is no stored schema");
  return { schemaName, versionHash, version, engineVersion, schema, insertedAt: insertedAt.micros };
}
