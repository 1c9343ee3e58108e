import { randomUUID } from "node:crypto";
import { open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { systemErrorCode, withStorageErrors } from "./storage-error.js";

/**
 * Writes a file so that readers, also those after a crash, see the old content or the new one, and never a part: beside
 * it, synced, renamed over it, the folder synced. Two writers of one path at the same time do not disturb each other.
 * @throws PackageError `STORAGE_FULL`, `STORAGE_NOT_WRITABLE`, `STORAGE_FAILED`
 */
export async function writeFileAtomic(path: string, content: string | Uint8Array): Promise<void> {
  await withStorageErrors({ action: "write", path }, async () => {
    const beside = besidePath(path);
    try {
      await writeSynced(beside, content);
      await rename(beside, path);
    } catch (error) {
      await rm(beside, { force: true });
      throw error;
    }
    await syncEntries(dirname(path));
  });
}

/**
 * Writes files that are not there yet into a folder; their content is durable once this resolves, their names are with the next
 * `syncFolder`.
 */
export async function writeNewFiles(folder: string, contents: Readonly<Record<string, string>>): Promise<void> {
  const writes = await Promise.allSettled(
    Object.entries(contents).map(([name, content]) => {
      const path = join(folder, name);
      return withStorageErrors({ action: "write", path }, () => writeSynced(path, content));
    }),
  );
  // Only once nothing is at work in the folder any more.
  for (const write of writes) if (write.status === "rejected") throw write.reason;
}

/** The same for a file that may be lost when the machine crashes: nothing waits for the disk. */
export async function replaceFile(path: string, content: string): Promise<void> {
  await withStorageErrors({ action: "write", path }, async () => {
    const beside = besidePath(path);
    await writeFile(beside, content);
    await rename(beside, path);
  });
}

/** Renames a file or folder; the new place is durable once this resolves. Contents are synced by who wrote them. */
export async function moveDurably(from: string, to: string): Promise<void> {
  await withStorageErrors({ action: "move", path: from }, async () => {
    await rename(from, to);
    await syncEntries(dirname(to));
    if (dirname(from) !== dirname(to)) await syncEntries(dirname(from));
  });
}

/** Makes the content of a file durable. */
export async function syncFile(path: string): Promise<void> {
  await withStorageErrors({ action: "sync", path }, async () => {
    // A file that is loaded as it is may be write-protected. Windows syncs only what is open for writing.
    await using file = await open(path, process.platform === "win32" ? "r+" : "r");
    await file.sync();
  });
}

/** Makes the names in a folder durable: what was created, renamed or removed there. */
export async function syncFolder(path: string): Promise<void> {
  await withStorageErrors({ action: "sync", path }, () => syncEntries(path));
}

/** The text of a file; `null` when there is none. */
export async function readFileIfPresent(path: string): Promise<string | null> {
  return await withStorageErrors({ action: "read", path }, async () => {
    try {
      return await readFile(path, "utf8");
    } catch (error) {
      if (systemErrorCode(error) === "ENOENT") return null;
      throw error;
    }
  });
}

/** True for the name of a file that a crash left unfinished. */
export function isUnfinishedFile(name: string): boolean {
  return name.startsWith(".") && name.endsWith(".tmp");
}

/** A path in the same folder that no other process and no other call uses. */
function besidePath(path: string): string {
  return join(dirname(path), `.${randomUUID()}.tmp`);
}

async function writeSynced(path: string, content: string | Uint8Array): Promise<void> {
  await using file = await open(path, "wx");
  await file.writeFile(content);
  await file.sync();
}

async function syncEntries(folder: string): Promise<void> {
  // Windows opens no folders; its journal keeps renames in order.
  if (process.platform === "win32") return;
  await using handle = await open(folder, "r");
  try {
    await handle.sync();
  } catch (error) {
    // Some network file systems have no such operation for folders; they write names through.
    if (!["EINVAL", "ENOTSUP", "EOPNOTSUPP"].includes(systemErrorCode(error) ?? "")) throw error;
  }
}
