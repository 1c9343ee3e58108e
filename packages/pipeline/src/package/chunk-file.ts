import { open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { withStorageErrors } from "../workspace/storage-error.js";
import type { ChunkEntry } from "./chunk.js";
import { type FoundFile, linkFile } from "./imported-file.js";

/** Writes chunks into the folder of their package, or links a file there. It is synced to disk when the package is committed. */
export async function writeChunkFile(
  chunksFolder: string,
  name: string,
  content: Uint8Array | FoundFile,
): Promise<void> {
  await writeNew(join(chunksFolder, name), content);
}

/** Writes rows, or links a file, of which it is not known yet which package they go to. */
export async function writeHeldFile(heldFolder: string, name: string, content: Uint8Array | FoundFile): Promise<void> {
  await writeNew(join(heldFolder, name), content);
}

/** Makes what is held a chunk of a package, and reads it unless it is loaded as it is. */
export async function releaseHeldFile(
  heldFolder: string,
  name: string,
  chunk: { readonly folder: string; readonly entry: ChunkEntry },
): Promise<Uint8Array> {
  const path = join(chunk.folder, chunk.entry.file);
  return await withStorageErrors({ action: "write", path }, async () => {
    await rename(join(heldFolder, name), path);
    return await readChunkContent(path, chunk.entry);
  });
}

/** The content of a chunk's file; empty for one that is loaded as it is. */
export async function readChunkContent(path: string, { framing, start, bytes }: ChunkEntry): Promise<Uint8Array> {
  if (framing === "file") return new Uint8Array(0);
  if (start === undefined) return await readFile(path);
  await using file = await open(path, "r");
  const content = new Uint8Array(bytes);
  for (let filled = 0; filled < bytes; ) {
    const { bytesRead } = await file.read(content, filled, bytes - filled, start + filled);
    if (bytesRead === 0) throw new Error(`the file ends at byte ${start + filled}`);
    filled += bytesRead;
  }
  return content;
}

async function writeNew(path: string, content: Uint8Array | FoundFile): Promise<void> {
  if (!(content instanceof Uint8Array)) {
    await linkFile(content.path, path);
    return;
  }
  await withStorageErrors({ action: "write", path }, async () => {
    await using file = await open(path, "wx");
    await file.writeFile(content);
  });
}
