import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { Turns } from "../turns.js";
import { syncFile, syncFolder } from "../workspace/atomic-file.js";
import { withStorageErrors } from "../workspace/storage-error.js";

/** Syncing waits for the disk, which does several files in the time of one: 200 small ones take 50 ms, and 170 ms one after the other. */
const filesAtOnce = 16;

/** Makes everything in a folder durable: content of files, then names. */
export async function syncTree(path: string, turns = new Turns(filesAtOnce)): Promise<void> {
  const entries = await withStorageErrors({ action: "list", path }, () => readdir(path, { withFileTypes: true }));
  const syncs = await Promise.allSettled(
    entries.map(async (entry) => {
      const inner = join(path, entry.name);
      await (entry.isDirectory() ? syncTree(inner, turns) : turns.take(() => syncFile(inner)));
    }),
  );
  // Only once nothing is at work in the folder any more.
  for (const sync of syncs) if (sync.status === "rejected") throw sync.reason;
  await syncFolder(path);
}
