import { constants, copyFile, link, open, realpath } from "node:fs/promises";
import { resolve } from "node:path";
import { SourceError } from "@dlt/core";
import { storageError, systemErrorCode } from "../workspace/storage-error.js";

/** A file of somebody else that is to be loaded as it is. */
export interface FoundFile {
  /** Absolute, and not that of a symbolic link. */
  readonly path: string;
  readonly bytes: number;
  /** Its content is compressed with gzip. */
  readonly isCompressed: boolean;
}

/**
 * Looks whether a file can be loaded; nothing but its first bytes is read. `cwd`: where a relative path starts.
 * @throws SourceError `SOURCE_FILE_UNREADABLE`
 */
export async function findFile(path: string, cwd: string): Promise<FoundFile> {
  const absolute = resolve(cwd, path);
  try {
    // A hard link to a symbolic link would end with what that points to.
    const real = await realpath(absolute);
    await using file = await open(real);
    const status = await file.stat();
    if (status.isDirectory()) throw unreadable(absolute, "it is a folder");
    if (!status.isFile()) throw unreadable(absolute, "it is no regular file");
    if (status.size === 0) throw unreadable(absolute, "it is empty");
    const { bytesRead, buffer } = await file.read({ buffer: new Uint8Array(2), position: 0 });
    return {
      path: real,
      bytes: status.size,
      isCompressed: bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b,
    };
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === null) throw error;
    throw unreadable(absolute, reasons[code] ?? `the system refuses (${code})`, error);
  }
}

/**
 * Gives a file a second name, or makes a copy where that is not possible: on another disk, or where the file system has no links.
 * @throws PackageError `STORAGE_…`
 */
export async function linkFile(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!withoutLink.has(systemErrorCode(error) ?? "")) throw storageError(error, { action: "write", path: to });
    await copied(from, to);
  }
}

/** Why a file system makes no link to a file: it is on another one, has none, or keeps them for the owner of the file. */
const withoutLink = new Set(["EXDEV", "EPERM", "EACCES", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);

async function copied(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  } catch (error) {
    throw storageError(error, { action: "write", path: to });
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "it does not exist",
  ENOTDIR: "a part of the path is no folder",
  EISDIR: "it is a folder",
  EACCES: "permission is missing",
  EPERM: "the operation is not permitted",
};

function unreadable(path: string, reason: string, cause?: unknown): SourceError {
  return new SourceError("SOURCE_FILE_UNREADABLE", `The file \`${path}\` cannot be loaded: ${reason}.`, {
    hint: "Check the path; a relative one starts at the folder that the process runs in. Leave out files without content.",
    context: { path },
    ...(cause !== undefined && { cause }),
  });
}
