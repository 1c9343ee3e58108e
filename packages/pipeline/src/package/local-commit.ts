import { join } from "node:path";
import { readFileIfPresent, writeFileAtomic } from "../workspace/atomic-file.js";
import { applySchemas, applyState, isLocalChange, type LocalChange } from "./local-change.js";
import { removeExtracted } from "./normalized-package.js";
import { deleteFolder, listFolders, type PackageStore, removePackage, stagePath } from "./package-store.js";
import { hasKeys, readStoredJson } from "./stored-json.js";

/** Changes of the working folder that belong together. */
export interface LocalCommit {
  /** Load ids of pending packages that go. */
  readonly dropped: readonly string[];
  readonly change: LocalChange;
}

/**
 * Drops packages and changes the local documents: all of it or nothing. What is to be done is written down first, and
 * finished by `finishLocalCommit` after a crash.
 */
export async function commitLocally(store: PackageStore, commit: LocalCommit): Promise<void> {
  await store.assertHeld();
  await writeFileAtomic(commitPath(store), JSON.stringify(commit));
  await apply(store, commit);
}

/** Finishes a commit that a crash interrupted. */
export async function finishLocalCommit(store: PackageStore): Promise<void> {
  const path = commitPath(store);
  if ((await readFileIfPresent(path)) !== null) await apply(store, await readStoredJson(path, isLocalCommit));
}

async function apply(store: PackageStore, { dropped, change }: LocalCommit): Promise<void> {
  const normalized = await listFolders(stagePath(store, "normalized"));
  for (const loadId of dropped) {
    await removeExtracted(store, loadId);
    if (!normalized.includes(loadId)) continue;
    store.known.normalized.delete(loadId);
    await removePackage(store, stagePath(store, "normalized", loadId), loadId);
  }
  await applySchemas(store.folder, change);
  await applyState(store.folder, change);
  await deleteFolder(commitPath(store));
}

function commitPath(store: PackageStore): string {
  return join(store.folder.packagesPath, "local-commit.json");
}

function isLocalCommit(content: unknown): content is LocalCommit {
  return hasKeys(content, ["dropped", "change"]) && isLocalChange(content["change"]);
}
