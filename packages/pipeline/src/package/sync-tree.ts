import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { syncFile, syncFolder } from "../workspace/atomic-file.js";
import { withStorageErrors } from "../workspace/storage-error.js";

/** Makes everything in a folder durable: content of files, then names. */
export async function syncTree(path: string): Promise<void> {
  const entries = await withStorageErrors({ action: "list", path }, () => readdir(path, { withFileTypes: true }));
  for (const entry of entries) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) await syncTree(inner);
    else await syncFile(inner);
  }
  await syncFolder(path);
}
