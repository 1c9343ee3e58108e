import { type CompletedLoad, type StateRecord, Timestamp } from "@dlt/core";
import { deleteFiles, type StoreOptions } from "@dlt/storage";
import { completedLoads } from "./completed-loads.js";
import type { FilesDataset } from "./dataset.js";
import { jsonBytes, readJson, unreadable } from "./json-file.js";
import { readDatetime } from "./layout/datetime.js";
import { compareLoadIds } from "./load-id.js";
import { hexHash, namesWithHash, type SystemName, systemKey } from "./system-names.js";

/** The newest state of a completed load. */
export async function newestState(
  dataset: FilesDataset,
  pipelineName: string,
  options: StoreOptions,
): Promise<StateRecord | null> {
  const states = await statesOf(dataset, pipelineName, options);
  if (states.length === 0) return null;
  const completed = new Set(await completedLoads(dataset, options));
  const newest = states.findLast(({ time }) => completed.has(time));
  return newest === undefined ? null : await readState(dataset, newest.key, options);
}

/** Writes the state of a load; nothing reads it before the load is complete. */
export async function writeState(
  { store, folders }: FilesDataset,
  { state, schemaHash, loadId }: CompletedLoad,
  options: StoreOptions,
): Promise<void> {
  if (state === null) return;
  const content = jsonBytes({
    version: state.version,
    engine_version: state.engineVersion,
    pipeline_name: state.pipelineName,
    state: state.state,
    created_at: Timestamp.fromMicros(state.createdAt).toString(),
    version_hash: state.versionHash,
    _dlt_load_id: state.loadId,
  });
  await store.put(systemKey(folders.state, [state.pipelineName, loadId, hexHash(schemaHash)]), content, options);
}

/** Removes the oldest states of the pipeline beyond a number; 0 or less: none. */
export async function deleteOldStates(dataset: FilesDataset, most: number, options: StoreOptions): Promise<void> {
  if (most <= 0) return;
  const { store, folders, pipelineName } = dataset;
  const states = await statesOf(dataset, pipelineName, options);
  const old = new Set(states.slice(0, Math.max(0, states.length - most)).map(({ key }) => key));
  if (old.size > 0)
    await deleteFiles(store, `${folders.state}/${pipelineName}__`, { ...options, isMeant: (key) => old.has(key) });
}

/** The earliest first. */
async function statesOf(
  { store, folders }: FilesDataset,
  pipelineName: string,
  options: StoreOptions,
): Promise<readonly SystemName[]> {
  const names = await namesWithHash(store, { folder: folders.state, owner: pipelineName }, options);
  return names.toSorted((a, b) => compareLoadIds(a.time, b.time));
}

async function readState({ store }: FilesDataset, key: string, options: StoreOptions): Promise<StateRecord> {
  const row = await readJson(store, key, options);
  const { version, engine_version: engineVersion, pipeline_name: pipelineName, state } = row;
  // Early versions of Python dlt wrote the second name.
  const loadId = row["_dlt_load_id"] ?? row["dlt_load_id"];
  const versionHash = row["version_hash"] ?? null;
  const createdAt = readDatetime(row["created_at"]);
  if (
    typeof version !== "number" ||
    typeof engineVersion !== "number" ||
    typeof pipelineName !== "string" ||
    typeof state !== "string" ||
    typeof loadId !== "string" ||
    (versionHash !== null && typeof versionHash !== "string") ||
    createdAt === null
  )
    throw unreadable(store, key, "is no stored state");
  return { version, engineVersion, pipelineName, state, loadId, versionHash, createdAt: createdAt.micros };
}
