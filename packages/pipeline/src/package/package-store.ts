import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { PipelinePoint } from "../points.js";
import { moveDurably } from "../workspace/atomic-file.js";
import { systemErrorCode, withStorageErrors } from "../workspace/storage-error.js";
import type { WorkingFolder } from "../workspace/working-folder.js";
import type { ExtractedPackage } from "./extracted-package.js";
import type { NormalizedPackage } from "./normalized-package.js";

/**
 * The load packages of one pipeline on disk. A package goes `extracting` → `extracted` → `normalizing` → `normalized` →
 * `loaded`; each arrow is one rename of a folder whose content is synced before. What stands in `extracting`,
 * `normalizing` and `removed` was not committed and does not count.
 */
export interface PackageStore {
  readonly folder: WorkingFolder;
  /** Called between any two durable steps. */
  reached(point: PipelinePoint): void | Promise<void>;
  /** Called right before each commit. @throws PackageError when another process took the pipeline over */
  assertHeld(): Promise<void>;
  /** What committed packages hold: it never changes, and is asked for several times while one goes through its stages. */
  readonly known: {
    readonly extracted: Map<string, KnownExtracted>;
    readonly normalized: Map<string, NormalizedPackage>;
  };
}

interface KnownExtracted {
  readonly place: ExtractedPlace;
  readonly content: ExtractedPackage;
}

/** The packages in a folder, of which nothing is known yet. */
export function packageStore(given: Omit<PackageStore, "known">): PackageStore {
  return { ...given, known: { extracted: new Map(), normalized: new Map() } };
}

export type PackageStage = "extracting" | "extracted" | "normalizing" | "normalized" | "loaded" | "removed";

/** The folder of a stage, or of something in it. */
export function stagePath(
  { folder }: Pick<PackageStore, "folder">,
  stage: PackageStage,
  ...names: readonly string[]
): string {
  return join(folder.packagesPath, stage, ...names);
}

/** Load ids of committed packages, oldest first. */
export async function listPackages(
  store: PackageStore,
  stage: "extracted" | "normalized" | "loaded",
): Promise<readonly string[]> {
  if (stage !== "extracted") return await listFolders(stagePath(store, stage));
  return (await listExtracted(store)).map(({ loadId }) => loadId);
}

/** Extracted packages stand in a folder of the extract that they were committed with. */
export interface ExtractedPlace {
  readonly extractId: string;
  readonly loadId: string;
  readonly path: string;
}

export async function listExtracted(store: PackageStore): Promise<readonly ExtractedPlace[]> {
  const places: ExtractedPlace[] = [];
  for (const extractId of await listFolders(stagePath(store, "extracted"))) {
    for (const loadId of await listFolders(stagePath(store, "extracted", extractId))) {
      places.push({ extractId, loadId, path: stagePath(store, "extracted", extractId, loadId) });
    }
  }
  return places.sort((a, b) => (a.loadId < b.loadId ? -1 : 1));
}

/** Where an extracted package stands; `undefined` when there is none. */
export async function findExtracted(store: PackageStore, loadId: string): Promise<ExtractedPlace | undefined> {
  return (
    store.known.extracted.get(loadId)?.place ?? (await listExtracted(store)).find((place) => place.loadId === loadId)
  );
}

/** Names of the folders in a folder, sorted; empty when it does not exist. */
export async function listFolders(path: string): Promise<readonly string[]> {
  return await withStorageErrors({ action: "list", path }, async () => {
    try {
      const entries = await readdir(path, { withFileTypes: true });
      return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
    } catch (error) {
      if (systemErrorCode(error) === "ENOENT") return [];
      throw error;
    }
  });
}

export async function createFolder(path: string): Promise<void> {
  await withStorageErrors({ action: "create", path }, () => mkdir(path, { recursive: true }));
}

/** Deletes a folder that does not count: uncommitted, or known to be finished by whoever finds the rest of it. */
export async function deleteFolder(path: string): Promise<void> {
  await withStorageErrors({ action: "remove", path }, () => rm(path, { recursive: true, force: true }));
}

/** Deletes a committed package so that half of it is never seen. */
export async function removePackage(store: PackageStore, path: string, loadId: string): Promise<void> {
  const removed = stagePath(store, "removed", loadId);
  await createFolder(stagePath(store, "removed"));
  await deleteFolder(removed);
  await moveDurably(path, removed);
  await deleteFolder(removed);
}
