import { finishExtract } from "./extracted-package.js";
import { finishLoad } from "./loaded-package.js";
import { finishLocalCommit } from "./local-commit.js";
import { finishNormalize, hasLocalState, readNormalized } from "./normalized-package.js";
import { deleteFolder, listFolders, listPackages, type PackageStore, stagePath } from "./package-store.js";

/**
 * Brings the packages of a pipeline into a state in which each is in one stage, whatever a process that died left: deletes
 * what was not committed, and finishes what was. Called while the pipeline is claimed, before anything else.
 */
export async function recoverPackages(store: PackageStore): Promise<void> {
  const folders = await listFolders(store.folder.packagesPath);
  for (const stage of ["extracting", "normalizing", "removed"] as const)
    if (folders.includes(stage)) await deleteFolder(stagePath(store, stage));
  await finishLocalCommit(store);
  for (const extractId of await listFolders(stagePath(store, "extracted"))) {
    await finishExtract(store, extractId);
    const extract = stagePath(store, "extracted", extractId);
    if ((await listFolders(extract)).length === 0) await deleteFolder(extract);
  }
  const normalized = await listPackages(store, "normalized");
  for (const loadId of await listPackages(store, "extracted")) {
    if (!normalized.includes(loadId)) continue;
    await finishNormalize(store, await readNormalized(store, loadId));
  }
  for (const loadId of normalized) {
    if (await hasLocalState(store, loadId)) await finishNormalize(store, await readNormalized(store, loadId));
    await finishLoad(store, loadId);
  }
}
