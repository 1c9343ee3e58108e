import { join } from "node:path";
import { readFileIfPresent, writeFileAtomic } from "../workspace/atomic-file.js";
import { applySchemas, applyState, isLocalChange, type LocalChange } from "./local-change.js";
import { removeExtracted } from "./normalized-package.js";
import { deleteFolder, listFolders, type PackageStore, removePackage, stagePath } from "./package-store.js";
import { hasKeys, readStoredJson } from "./stored-json.js";

interface Drop {
  readonly loadIds: readonly string[];
  readonly change: LocalChange;
}

/**
 * Drops pending packages and changes the local documents, both or neither: what is to be done is written down first, and
 * finished by `finishDrop` after a crash.
 */
export async function dropPackages(store: PackageStore, loadIds: readonly string[], change: LocalChange): Promise<void> {
  await store.assertHeld();
  const drop: Drop = { loadIds, change };
  await writeFileAtomic(dropPath(store), JSON.stringify(drop));
  await applyDrop(store, drop);
}

/** Finishes a drop that a crash interrupted. */
export async function finishDrop(store: PackageStore): Promise<void> {
  if ((await readFileIfPresent(dropPath(store))) !== null) await applyDrop(store, await readStoredJson(dropPath(store), isDrop));
}

async function applyDrop(store: PackageStore, drop: Drop): Promise<void> {
  const normalized = await listFolders(stagePath(store, "normalized"));
  for (const loadId of drop.loadIds) {
    await removeExtracted(store, loadId);
    if (normalized.includes(loadId)) await removePackage(store, stagePath(store, "normalized", loadId), loadId);
  }
  await applySchemas(store.folder, drop.change);
  await applyState(store.folder, drop.change);
  await deleteFolder(dropPath(store));
}

function dropPath(store: PackageStore): string {
  return join(store.folder.packagesPath, "drop.json");
}

function isDrop(content: unknown): content is Drop {
  return hasKeys(content, ["loadIds", "change"]) && isLocalChange(content["change"]);
}
