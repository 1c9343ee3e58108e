import { open } from "node:fs/promises";
import { join } from "node:path";
import { withStorageErrors } from "../workspace/storage-error.js";
import type { ChunkEntry } from "./chunk.js";

/** Writes a chunk into the folder of its package. It is synced to disk when the package is committed. */
export async function writeChunkFile(chunksFolder: string, entry: ChunkEntry, data: Uint8Array): Promise<void> {
  const path = join(chunksFolder, entry.file);
  await withStorageErrors({ action: "write", path }, async () => {
    await using file = await open(path, "wx");
    await file.writeFile(data);
  });
}
