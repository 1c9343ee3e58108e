import { open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { withStorageErrors } from "../workspace/storage-error.js";
import type { ChunkEntry } from "./chunk.js";

/** Writes a chunk into the folder of its package. It is synced to disk when the package is committed. */
export async function writeChunkFile(chunksFolder: string, entry: ChunkEntry, data: Uint8Array): Promise<void> {
  await writeNew(join(chunksFolder, entry.file), data);
}

/** Writes rows of which it is not known yet which package they go to. */
export async function writeHeldFile(heldFolder: string, name: string, data: Uint8Array): Promise<void> {
  await writeNew(join(heldFolder, name), data);
}

/** Makes held rows a chunk of a package, and reads them. */
export async function releaseHeldFile(
  heldFolder: string,
  name: string,
  chunk: { readonly folder: string; readonly entry: ChunkEntry },
): Promise<Uint8Array> {
  const path = join(chunk.folder, chunk.entry.file);
  return await withStorageErrors({ action: "write", path }, async () => {
    await rename(join(heldFolder, name), path);
    return await readFile(path);
  });
}

async function writeNew(path: string, data: Uint8Array): Promise<void> {
  await withStorageErrors({ action: "write", path }, async () => {
    await using file = await open(path, "wx");
    await file.writeFile(data);
  });
}
