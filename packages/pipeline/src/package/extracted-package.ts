import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { SchemaText, StateRecord } from "@dlt/core";
import { isDltError, PackageError } from "@dlt/core";
import { moveDurably, readFileIfPresent, syncFolder, writeNewFiles } from "../workspace/atomic-file.js";
import { storageError, systemErrorCode, withStorageErrors } from "../workspace/storage-error.js";
import type { Chunk, ChunkEntry } from "./chunk.js";
import { readChunkContent } from "./chunk-file.js";
import { linkFile } from "./imported-file.js";
import { applySchemas, applyState, isLocalChange, type LocalChange } from "./local-change.js";
import type { ExtractManifest } from "./manifest.js";
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
  type ExtractedPlace,
  findExtracted,
  listFolders,
  type PackageStore,
  stagePath,
} from "./package-store.js";
import { hasKeys, readStoredJson } from "./stored-json.js";
import { syncTree } from "./sync-tree.js";

/** A committed package of raw chunks. */
export interface ExtractedPackage {
  readonly manifest: ExtractManifest;
  /** The schema that normalizing started from, or would have. */
  readonly schema: SchemaText;
  readonly origin: PackageOrigin;
  readonly state: StateRecord | null;
}

const changeFile = "local-change.json";

/**
 * Makes an empty package for chunks, in the folder of its extract: packages of one extract are committed together.
 * @returns the folder that chunk files are written to
 */
export async function createExtracted(store: PackageStore, extractId: string, loadId: string): Promise<string> {
  const chunks = stagePath(store, "extracting", extractId, loadId, "chunks");
  await createFolder(chunks);
  await store.reached("extract.package.created");
  return chunks;
}

/** Makes the folder for rows of an extract in epochs that are in no package yet. With the process they are gone. */
export async function createHeld(store: PackageStore): Promise<string> {
  const held = stagePath(store, "extracting", "held");
  await deleteFolder(held);
  await createFolder(held);
  return held;
}

/** Writes what stands beside the chunks. */
async function writeExtracted(store: PackageStore, extractId: string, content: ExtractedPackage): Promise<void> {
  const folder = stagePath(store, "extracting", extractId, content.manifest.loadId);
  await writeNewFiles(folder, {
    "schema.json": content.schema,
    "origin.json": JSON.stringify(content.origin),
    ...(content.state !== null && { "state.json": stateRecordText(content.state) }),
    "manifest.json": JSON.stringify(content.manifest),
  });
  await store.reached("extract.manifest.written");
}

/**
 * Commits all packages of an extract, whose chunks are written, with the change of the local documents that belongs to them, by one
 * rename. After a crash `recoverPackages` applies a change that was committed but not applied.
 */
export async function commitExtract(
  store: PackageStore,
  extractId: string,
  { packages, change }: { readonly packages: readonly ExtractedPackage[]; readonly change: LocalChange },
): Promise<void> {
  const from = stagePath(store, "extracting", extractId);
  const to = stagePath(store, "extracted", extractId);
  for (const content of packages) await writeExtracted(store, extractId, content);
  await writeNewFiles(from, { [changeFile]: JSON.stringify(change) });
  await createFolder(stagePath(store, "extracted"));
  for (const { manifest } of packages) {
    await syncTree(join(from, manifest.loadId, "chunks"));
    await syncFolder(join(from, manifest.loadId));
  }
  await syncFolder(from);
  await store.reached("extract.package.synced");
  await store.assertHeld();
  await moveDurably(from, to);
  for (const content of packages) {
    const { loadId } = content.manifest;
    store.known.extracted.set(loadId, { place: { extractId, loadId, path: join(to, loadId) }, content });
  }
  await store.reached("extract.package.committed");
  await applyCommitted(store, extractId, change);
}

/** Applies the change of a committed extract that a crash kept from being applied. */
export async function finishExtract(store: PackageStore, extractId: string): Promise<void> {
  const path = stagePath(store, "extracted", extractId, changeFile);
  if ((await readFileIfPresent(path)) === null) return;
  await applyCommitted(store, extractId, await readStoredJson(path, isLocalChange));
}

async function applyCommitted(store: PackageStore, extractId: string, change: LocalChange): Promise<void> {
  await applySchemas(store.folder, change);
  await store.reached("extract.schema.saved");
  await applyState(store.folder, change);
  await store.reached("extract.state.saved");
  const extract = stagePath(store, "extracted", extractId);
  await deleteFolder((await listFolders(extract)).length === 0 ? extract : join(extract, changeFile));
}

/** Forgets rows that came to be in no package. */
export async function discardHeld(store: PackageStore): Promise<void> {
  await deleteFolder(stagePath(store, "extracting", "held"));
}

/** Forgets an extract that was not committed. */
export async function discardExtract(store: PackageStore, extractId: string): Promise<void> {
  await deleteFolder(stagePath(store, "extracting", extractId));
}

/** @throws PackageError `PACKAGE_NOT_FOUND`, `PACKAGE_UNREADABLE` */
export async function readExtracted(store: PackageStore, loadId: string): Promise<ExtractedPackage> {
  const known = store.known.extracted.get(loadId);
  if (known !== undefined) return known.content;
  const place = await extractedPlace(store, loadId);
  const { path } = place;
  const state = join(path, "state.json");
  const content: ExtractedPackage = {
    manifest: await readStoredJson(join(path, "manifest.json"), isExtractManifest),
    schema: await withStorageErrors({ action: "read", path }, () => readFile(join(path, "schema.json"), "utf8")),
    origin: await readStoredJson(join(path, "origin.json"), isPackageOrigin),
    state:
      (await readFileIfPresent(state)) === null
        ? null
        : stateRecordOf(await readStoredJson(state, isStoredStateRecord)),
  };
  store.known.extracted.set(loadId, { place, content });
  return content;
}

/** The chunks of a committed package, in order. */
export async function* readChunks(store: PackageStore, manifest: ExtractManifest): AsyncIterable<Chunk> {
  const { path } = await extractedPlace(store, manifest.loadId);
  for (const entry of manifest.chunks) yield { entry, data: await readChunkFile(path, entry) };
}

/** Where a package is extracted. */
export interface ChunkPlace {
  readonly extractId: string;
  readonly loadId: string;
}

/** Reads a chunk of a package that is being extracted or was committed meanwhile. */
export async function readChunk(store: PackageStore, place: ChunkPlace, entry: ChunkEntry): Promise<Uint8Array> {
  try {
    return await readChunkContent(chunkPath(store, "extracting", place, entry), entry);
  } catch (error) {
    if (systemErrorCode(error) !== "ENOENT") throw storageError(error, { action: "read", path: entry.file });
    return await readChunkFile(stagePath(store, "extracted", place.extractId, place.loadId), entry);
  }
}

/** Gives the file of a chunk of such a package a second name. */
export async function linkChunk(store: PackageStore, place: ChunkPlace, entry: ChunkEntry, to: string): Promise<void> {
  try {
    await linkFile(chunkPath(store, "extracting", place, entry), to);
  } catch (error) {
    if (!isDltError(error) || error.context["systemCode"] !== "ENOENT") throw error;
    await linkFile(chunkPath(store, "extracted", place, entry), to);
  }
}

function chunkPath(
  store: PackageStore,
  stage: "extracting" | "extracted",
  { extractId, loadId }: ChunkPlace,
  { file }: ChunkEntry,
): string {
  return stagePath(store, stage, extractId, loadId, "chunks", file);
}

async function readChunkFile(packagePath: string, entry: ChunkEntry): Promise<Uint8Array> {
  const path = join(packagePath, "chunks", entry.file);
  return await withStorageErrors({ action: "read", path }, () => readChunkContent(path, entry));
}

async function extractedPlace(store: PackageStore, loadId: string): Promise<ExtractedPlace> {
  const place = await findExtracted(store, loadId);
  if (place === undefined) throw packageNotFound(loadId, "extracted");
  return place;
}

export function packageNotFound(loadId: string, stage: string): PackageError {
  return new PackageError("PACKAGE_NOT_FOUND", `There is no ${stage} load package \`${loadId}\`.`, {
    hint: "List the packages of the pipeline: it may have been loaded or dropped.",
    context: { loadId, stage },
  });
}

function isExtractManifest(content: unknown): content is ExtractManifest {
  return hasKeys(content, ["format", "loadId", "chunks", "emptyTables"]) && content["format"] === 1;
}
