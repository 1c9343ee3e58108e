import { isDltError } from "@dlt/core";
import { deleteFiles, type StoreOptions } from "@dlt/storage";
import type { LoadKey } from "./completed-loads.js";
import type { FilesDataset } from "./dataset.js";
import { jsonBytes, readJson, unreadable } from "./json-file.js";
import { compareLoadIds } from "./load-id.js";
import { namesWithLoad, systemKey } from "./system-names.js";

/** Where each job of a load puts its file: keys in the dataset by the ids of the jobs. */
export type LoadNames = ReadonlyMap<string, string>;

/**
 * The mark that a load is prepared, with the names of its objects: a job that is repeated writes over its own object, whatever the
 * layout says by then, and however its placeholders change.
 */
function namesKey({ folders, pipelineName }: FilesDataset, loadId: string): string {
  return systemKey(folders.jobs, [pipelineName, loadId], "json");
}

/** `null` when the load is not prepared, or is long complete. */
export async function readNames(
  dataset: FilesDataset,
  loadId: string,
  options: StoreOptions,
): Promise<LoadNames | null> {
  const key = namesKey(dataset, loadId);
  try {
    const { files } = await readJson(dataset.store, key, options);
    if (typeof files !== "object" || files === null) throw unreadable(dataset.store, key, "has no `files`");
    return new Map(Object.entries(files).map(([jobId, object]) => [jobId, String(object)]));
  } catch (error) {
    if (isDltError(error) && error.code === "FILE_MISSING") return null;
    throw error;
  }
}

/** Marks a load as prepared, once: gives the names that hold, which are those of the first who did it. */
export async function writeNames(
  dataset: FilesDataset,
  load: { readonly loadId: string; readonly schemaName: string; readonly names: LoadNames },
  options: StoreOptions,
): Promise<LoadNames> {
  const { loadId, schemaName, names } = load;
  const content = jsonBytes({
    load_id: loadId,
    schema_name: schemaName,
    job_id: "prepare",
    files: Object.fromEntries(names),
  });
  if (await dataset.store.putIfAbsent(namesKey(dataset, loadId), content, options)) return names;
  return (await readNames(dataset, loadId, options)) ?? names;
}

/** Usually there is one. Where nothing may be deleted there are more each time, and each is two requests. */
const mostLookedAt = 16;

/** Removes the names of loads of the pipeline that a later one followed, where `isOver` says that nobody goes on with them. */
export async function deleteOldNames(
  dataset: FilesDataset,
  loadId: string,
  { isOver, ...options }: StoreOptions & { readonly isOver: (load: LoadKey) => Promise<boolean> },
): Promise<void> {
  const { store, folders, pipelineName } = dataset;
  const marks = await namesWithLoad(store, { folder: folders.jobs, owner: pipelineName }, options);
  const earlier = marks.filter(({ time }) => compareLoadIds(time, loadId) < 0);
  const latest = earlier.toSorted((a, b) => compareLoadIds(b.time, a.time)).slice(0, mostLookedAt);
  const old = new Set<string>();
  for (const { key, time } of latest) {
    const { schema_name: schemaName } = await readJson(store, key, options);
    if (await isOver({ loadId: time, schemaName: String(schemaName) })) old.add(key);
  }
  if (old.size > 0)
    await deleteFiles(store, `${folders.jobs}/${pipelineName}__`, { ...options, isMeant: (key) => old.has(key) });
}
