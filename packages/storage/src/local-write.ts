import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { access, copyFile, link, mkdir, open, rename, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { FileContent } from "./file-store.js";
import { unreadableSource } from "./source-file.js";

/** True for the name of a file that was not written to its end. */
export function isUnfinished(name: string): boolean {
  return /^\.[0-9a-f]{16}\.unfinished$/.test(name);
}

/** Writes a file beside its place and renames it, so that it is seen whole or not at all; it is on disk for good then. */
export async function writeWhole(path: string, content: FileContent, signal: AbortSignal | undefined): Promise<void> {
  await besideOf(path, content, signal, (unfinished) => rename(unfinished, path));
}

/** The same unless there is a file; true when it was written. */
export async function linkWhole(path: string, content: FileContent, signal: AbortSignal | undefined): Promise<boolean> {
  return await besideOf(path, content, signal, async (unfinished) => {
    try {
      await link(unfinished, path);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EEXIST") return await forgotten(unfinished);
      if (code === "EPERM" || code === "ENOTSUP" || code === "ENOSYS") return await renamedIfFree(unfinished, path);
      throw error;
    }
    // The file has its place: a second name that stays, because somebody has it open, is one of an unfinished file.
    await unlink(unfinished).catch(() => undefined);
    return true;
  });
}

/** A file system without links has nothing that takes a name only if it is free and shows the whole file at once. */
async function renamedIfFree(unfinished: string, path: string): Promise<boolean> {
  if (await isThere(path)) return await forgotten(unfinished);
  await rename(unfinished, path);
  return true;
}

async function besideOf<Result>(
  path: string,
  content: FileContent,
  signal: AbortSignal | undefined,
  place: (unfinished: string) => Promise<Result>,
): Promise<Result> {
  const folder = dirname(path);
  const unfinished = join(folder, `.${randomBytes(8).toString("hex")}.unfinished`);
  try {
    await inFolder(folder, () => writeUnfinished(unfinished, content, signal));
    signal?.throwIfAborted();
    const placed = await place(unfinished);
    await syncFolder(folder);
    return placed;
  } catch (error) {
    // It may not have been made, or have its place already.
    await unlink(unfinished).catch(ignoreMissing);
    throw error;
  }
}

async function forgotten(unfinished: string): Promise<false> {
  await unlink(unfinished);
  return false;
}

async function writeUnfinished(path: string, content: FileContent, signal: AbortSignal | undefined): Promise<void> {
  if (content instanceof Uint8Array) {
    await using file = await open(path, "wx");
    await file.writeFile(content);
    signal?.throwIfAborted();
    await file.sync();
    return;
  }
  await copied(content.path, path);
  signal?.throwIfAborted();
  // A copy of a write-protected file is write-protected. Windows syncs only what is open for writing.
  await using file = await open(path, process.platform === "win32" ? "r+" : "r");
  await file.sync();
}

/** Copies by reference where the file system can. */
async function copied(from: string, to: string): Promise<void> {
  try {
    await access(from, constants.R_OK);
    if (!(await stat(from)).isFile()) throw Object.assign(new Error("It is no file."), { code: "EISDIR" });
  } catch (error) {
    throw unreadableSource(from, error);
  }
  await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
}

/** Makes the folder first; once more when it was removed as empty meanwhile. */
async function inFolder(folder: string, work: () => Promise<void>): Promise<void> {
  await makeFolder(folder);
  try {
    await work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    await makeFolder(folder);
    await work();
  }
}

/**
 * Makes a folder and those around it, on disk for good. Not `mkdir` with `recursive`: on a file system that is write-protected it says
 * that something is missing, and in `/proc` it never ends.
 */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return;
    if (code !== "ENOENT" || folder === dirname(folder)) throw error;
    await makeFolder(dirname(folder));
    await mkdir(folder).catch(ignoreExisting);
  }
  await syncFolder(dirname(folder));
}

async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folders; its journal keeps renames in order.
  if (process.platform === "win32") return;
  await using handle = await open(folder, "r");
  try {
    await handle.sync();
  } catch (error) {
    // Some network file systems have no such operation for folders; they write names through.
    const { code = "" } = error as NodeJS.ErrnoException;
    if (!["EINVAL", "ENOTSUP", "EOPNOTSUPP"].includes(code)) throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT" && error.code !== "ENOTDIR") throw error;
}
