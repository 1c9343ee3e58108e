import { type CompletedLoad, Timestamp } from "@dlt/core";
import type { StoreOptions } from "@dlt/storage";
import type { FilesDataset } from "./dataset.js";
import { jsonBytes } from "./json-file.js";
import { compareLoadIds } from "./load-id.js";
import { namesWithLoad, systemKey } from "./system-names.js";

export type LoadKey = Pick<CompletedLoad, "schemaName" | "loadId">;

/** The mark that the rows of a load count. */
function markKey({ folders }: FilesDataset, { schemaName, loadId }: LoadKey): string {
  return systemKey(folders.loads, [schemaName, loadId]);
}

export async function isComplete({ store, ...dataset }: FilesDataset, load: LoadKey, options: StoreOptions) {
  return (await store.stat(markKey({ store, ...dataset }, load), options)) !== null;
}

/** Writes the mark; one that is there stays as it is. */
export async function markComplete(dataset: FilesDataset, load: CompletedLoad, options: StoreOptions): Promise<void> {
  const content = jsonBytes({
    load_id: load.loadId,
    schema_name: load.schemaName,
    status: 0,
    inserted_at: Timestamp.fromDate(new Date()).toString(),
    schema_version_hash: load.schemaHash,
  });
  await dataset.store.putIfAbsent(markKey(dataset, load), content, options);
}

/** Ids of all completed loads, the earliest first. */
export async function completedLoads(
  { store, folders }: FilesDataset,
  options: StoreOptions,
): Promise<readonly string[]> {
  const marks = await namesWithLoad(store, { folder: folders.loads }, options);
  return marks.map(({ time }) => time).sort(compareLoadIds);
}
