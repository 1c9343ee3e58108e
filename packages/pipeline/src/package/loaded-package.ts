import { moveDurably, readFileIfPresent, writeFileAtomic } from "../workspace/atomic-file.js";
import { createFolder, deleteFolder, type PackageStore, stagePath } from "./package-store.js";
import { hasKeys, readStoredJson } from "./stored-json.js";

/** How a package ended: `completed.json`. */
export interface PackageCompletion {
  /** Microseconds since 1970 UTC, decimal text. */
  readonly completedAt: string;
  readonly failedJobs: number;
}

/**
 * Records what the destination changed for a package, as stored tables by name. A second call changes nothing: what is
 * reported of a package that was resumed is what its first attempt changed.
 */
export async function recordAppliedUpdate(store: PackageStore, loadId: string, tablesText: string): Promise<void> {
  const path = appliedPath(store, "normalized", loadId);
  if ((await readFileIfPresent(path)) === null) await writeFileAtomic(path, tablesText);
}

/** Records that the destination is about to be told to drop or truncate tables of a refresh. */
export async function recordReset(store: PackageStore, loadId: string): Promise<void> {
  await writeFileAtomic(resetPath(store, loadId), "");
}

/** True from then on, whether or not the destination heard of it. */
export async function isResetBegun(store: PackageStore, loadId: string): Promise<boolean> {
  return (await readFileIfPresent(resetPath(store, loadId))) !== null;
}

/** What `recordAppliedUpdate` recorded; `null` when the destination was not prepared yet. */
export async function readAppliedUpdate(
  store: PackageStore,
  stage: "normalized" | "loaded",
  loadId: string,
): Promise<string | null> {
  return await readFileIfPresent(appliedPath(store, stage, loadId));
}

/**
 * Moves a package that the destination completed to `loaded`. May be repeated after a crash.
 * @param deleteJobs whether the load files go when no job failed
 */
export async function commitLoaded(
  store: PackageStore,
  loadId: string,
  completion: PackageCompletion,
  deleteJobs: boolean,
): Promise<void> {
  await writeFileAtomic(completionPath(store, "normalized", loadId), JSON.stringify(completion));
  await store.assertHeld();
  await moveLoaded(store, loadId);
  await store.reached("load.package.committed");
  if (deleteJobs && completion.failedJobs === 0) await deleteFolder(stagePath(store, "loaded", loadId, "files"));
}

/** Moves a package to `loaded` that a crash kept from it. */
export async function finishLoad(store: PackageStore, loadId: string): Promise<void> {
  if ((await readCompletion(store, "normalized", loadId)) !== null) await moveLoaded(store, loadId);
}

/** `null` as long as a package is not complete at the destination. */
export async function readCompletion(
  store: PackageStore,
  stage: "normalized" | "loaded",
  loadId: string,
): Promise<PackageCompletion | null> {
  const path = completionPath(store, stage, loadId);
  return (await readFileIfPresent(path)) === null ? null : await readStoredJson(path, isCompletion);
}

async function moveLoaded(store: PackageStore, loadId: string): Promise<void> {
  await createFolder(stagePath(store, "loaded"));
  await moveDurably(stagePath(store, "normalized", loadId), stagePath(store, "loaded", loadId));
}

function resetPath(store: PackageStore, loadId: string): string {
  return stagePath(store, "normalized", loadId, "reset-begun");
}

function appliedPath(store: PackageStore, stage: "normalized" | "loaded", loadId: string): string {
  return stagePath(store, stage, loadId, "applied-update.json");
}

function completionPath(store: PackageStore, stage: "normalized" | "loaded", loadId: string): string {
  return stagePath(store, stage, loadId, "completed.json");
}

function isCompletion(content: unknown): content is PackageCompletion {
  return hasKeys(content, ["completedAt", "failedJobs"]);
}
