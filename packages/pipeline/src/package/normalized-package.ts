import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { SchemaText, StateRecord } from "@dlt/core";
import { moveDurably, readFileIfPresent, syncFolder, writeNewFiles } from "../workspace/atomic-file.js";
import { addOrigins } from "../workspace/column-origins.js";
import { withStorageErrors } from "../workspace/storage-error.js";
import { writeSchemaText, writeStateText } from "../workspace/working-folder.js";
import type { FileEntry, LoadManifest } from "./manifest.js";
import {
  isPackageOrigin,
  isStoredStateRecord,
  type PackageOrigin,
  stateRecordOf,
  stateRecordText,
} from "./package-origin.js";
import {
  createFolder,
  deleteFolder,
  findExtracted,
  listFolders,
  type PackageStore,
  removePackage,
  stagePath,
} from "./package-store.js";
import { hasKeys, readStoredJson } from "./stored-json.js";
import { syncTree } from "./sync-tree.js";

/** A committed package of load files. */
export interface NormalizedPackage {
  readonly manifest: LoadManifest;
  readonly schema: SchemaText;
  readonly origin: PackageOrigin;
  readonly state: StateRecord | null;
  /** The local state that is committed with the package, where no extract was before: stored text. */
  readonly localState?: string;
}

/** Stands in a package until the state in it is the local one. */
const stateFile = "local-state.json";

/**
 * Makes an empty package for load files; one that a crash left half-made is deleted.
 * @returns the folder that load files are written to
 */
export async function createNormalized(store: PackageStore, loadId: string): Promise<string> {
  await deleteFolder(stagePath(store, "normalizing", loadId));
  const files = stagePath(store, "normalizing", loadId, "files");
  await createFolder(files);
  await store.reached("normalize.package.opened");
  return files;
}

/**
 * Commits the package by one rename, saves its schema as the pipeline's, then removes the extracted package. A package that
 * a crash left in both stages is finished by `recoverPackages`.
 */
export async function commitNormalized(store: PackageStore, content: NormalizedPackage): Promise<void> {
  const { loadId } = content.manifest;
  const from = stagePath(store, "normalizing", loadId);
  await writeNewFiles(from, {
    "schema.json": content.schema,
    "origin.json": JSON.stringify(content.origin),
    ...(content.state !== null && { "state.json": stateRecordText(content.state) }),
    ...(content.localState !== undefined && { [stateFile]: content.localState }),
    "manifest.json": JSON.stringify(content.manifest),
  });
  await store.reached("normalize.manifest.written");
  await createFolder(join(from, "jobs"));
  await createFolder(stagePath(store, "normalized"));
  await syncTree(join(from, "files"));
  await syncFolder(from);
  await store.reached("normalize.package.synced");
  await store.assertHeld();
  await moveDurably(from, stagePath(store, "normalized", loadId));
  store.known.normalized.set(loadId, content);
  await store.reached("normalize.package.committed");
  await finishNormalize(store, content);
}

/** True for a committed package whose local state was not saved yet. */
export async function hasLocalState(store: PackageStore, loadId: string): Promise<boolean> {
  return (await readFileIfPresent(stagePath(store, "normalized", loadId, stateFile))) !== null;
}

/** Saves the schema of a committed package, and the state if it has one, and removes the extracted one. May be repeated. */
export async function finishNormalize(
  store: PackageStore,
  { manifest, schema }: Pick<NormalizedPackage, "manifest" | "schema">,
): Promise<void> {
  const { schemaName, loadId, origins = [] } = manifest;
  await writeSchemaText(store.folder, schemaName, schema);
  await addOrigins(store.folder, schemaName, origins);
  await store.reached("normalize.schema.saved");
  const statePath = stagePath(store, "normalized", loadId, stateFile);
  const state = await readFileIfPresent(statePath);
  if (state !== null) {
    await writeStateText(store.folder, state);
    await store.reached("commit.state.saved");
    await deleteFolder(statePath);
  }
  await removeExtracted(store, loadId);
  await store.reached("normalize.extracted.removed");
}

/** Removes an extracted package, and the folder of its extract with the last one. */
export async function removeExtracted(store: PackageStore, loadId: string): Promise<void> {
  const place = await findExtracted(store, loadId);
  if (place === undefined) return;
  store.known.extracted.delete(loadId);
  await removePackage(store, place.path, loadId);
  const extract = stagePath(store, "extracted", place.extractId);
  if ((await listFolders(extract)).length === 0) await deleteFolder(extract);
}

/** Forgets a package that was not committed. */
export async function discardNormalized(store: PackageStore, loadId: string): Promise<void> {
  await deleteFolder(stagePath(store, "normalizing", loadId));
}

/** @throws PackageError `PACKAGE_UNREADABLE`, `STORAGE_FAILED` */
export async function readNormalized(
  store: PackageStore,
  loadId: string,
  stage: "normalized" | "loaded" = "normalized",
): Promise<NormalizedPackage> {
  const known = store.known.normalized.get(loadId);
  if (known !== undefined) return known;
  const path = stagePath(store, stage, loadId);
  const state = join(path, "state.json");
  const content: NormalizedPackage = {
    manifest: await readStoredJson(join(path, "manifest.json"), isLoadManifest),
    schema: await withStorageErrors({ action: "read", path }, () => readFile(join(path, "schema.json"), "utf8")),
    origin: await readStoredJson(join(path, "origin.json"), isPackageOrigin),
    state:
      (await readFileIfPresent(state)) === null
        ? null
        : stateRecordOf(await readStoredJson(state, isStoredStateRecord)),
  };
  store.known.normalized.set(loadId, content);
  return content;
}

/** Where a load file stands. */
export function loadFilePath(store: PackageStore, loadId: string, file: FileEntry): string {
  return stagePath(store, "normalized", loadId, "files", file.name);
}

function isLoadManifest(content: unknown): content is LoadManifest {
  return hasKeys(content, ["format", "loadId", "schemaName", "files", "update"]) && content["format"] === 1;
}
