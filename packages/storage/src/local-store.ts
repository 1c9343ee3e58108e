import { createReadStream, type Dirent } from "node:fs";
import { readdir, rmdir, stat, unlink } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { InternalError } from "@dlt/core";
import { atOnce } from "./at-once.js";
import type { FailedDelete, FileInfo, FileStore, FileStoreProvider } from "./file-store.js";
import { checkKey, checkPrefix } from "./keys.js";
import { isUnfinished, linkWhole, writeWhole } from "./local-write.js";
import { type FailedAction, type StoreFailure, storeError } from "./store-error.js";

/** Files in a folder of this machine. Relative folders start from `localDir` (default: the current folder). */
export function localStore({ localDir = "." }: { readonly localDir?: string } = {}): FileStoreProvider {
  return {
    scheme: "file",
    async open(location) {
      if (location.scheme !== "file")
        throw new InternalError("INTERNAL_STATE_UNEXPECTED", `A folder was to be opened for \`${location.scheme}\`.`);
      return storeIn(resolve(localDir, location.folder));
    },
  };
}

function storeIn(root: string): FileStore {
  const pathOf = (key: string) => join(root, ...checkKey(key).split("/"));
  const urlOf = (key: string) => pathToFileURL(key === "" ? root : join(root, key)).href;
  const attempt = <Result>(
    { action, key, signal }: { action: FailedAction["action"]; key: string; signal: AbortSignal | undefined },
    work: () => Promise<Result>,
  ): Promise<Result> => attempted({ action, url: urlOf(key), signal }, work);
  return {
    urlOf,
    put: async (key, content, { signal } = {}) => {
      const path = pathOf(key);
      await attempt({ action: "write", key, signal }, () => writeWhole(path, content, signal));
    },
    putIfAbsent: async (key, content, { signal } = {}) => {
      const path = pathOf(key);
      return await attempt({ action: "write", key, signal }, () => linkWhole(path, content, signal));
    },
    async *get(key, { signal, range } = {}) {
      const path = pathOf(key);
      signal?.throwIfAborted();
      if (range !== undefined && range.end <= range.start) return;
      const stream = createReadStream(path, {
        highWaterMark: 1024 * 1024,
        ...(range !== undefined && { start: range.start, end: range.end - 1 }),
        ...(signal !== undefined && { signal }),
      });
      const pieces = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
      try {
        for (;;) {
          const piece = await attempt({ action: "read", key, signal }, () => pieces.next());
          if (piece.done === true) return;
          yield piece.value;
        }
      } finally {
        stream.destroy();
      }
    },
    async *list(prefix, { signal } = {}) {
      checkPrefix(prefix);
      const folder = prefix.slice(0, prefix.lastIndexOf("/") + 1);
      yield* filesBelow({ root, folder, prefix, signal, urlOf });
    },
    async delete(keys, { signal } = {}) {
      const failed: FailedDelete[] = [];
      const paths = keys.map(pathOf);
      signal?.throwIfAborted();
      await atOnce(callsAtOnce, paths.entries(), async ([index, path]) => {
        const key = keys[index] ?? "";
        try {
          await attempt({ action: "delete", key, signal }, () => removed(path));
        } catch (error) {
          signal?.throwIfAborted();
          failed.push({ key, error: error as Error });
        }
      });
      await removeEmptyFolders(root, new Set(paths.map((path) => dirname(path))));
      return failed;
    },
    async stat(key, { signal } = {}) {
      const path = pathOf(key);
      return await attempt({ action: "look up", key, signal }, () => infoOf(path, key));
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** Calls of the system that run at the same time. */
const callsAtOnce = 64;

interface Walk {
  readonly root: string;
  /** Key of the folder, with `/` at its end, or empty. */
  readonly folder: string;
  readonly prefix: string;
  readonly signal: AbortSignal | undefined;
  urlOf(key: string): string;
}

async function* filesBelow(walk: Walk): AsyncIterable<FileInfo> {
  const { root, folder, prefix, signal, urlOf } = walk;
  const what = { action: "list", url: urlOf(folder), signal } as const;
  const entries = await attempted(what, () => entriesOf(join(root, folder)));
  const files = entries.filter(
    (entry) => !entry.isDirectory() && (folder + entry.name).startsWith(prefix) && !isUnfinished(entry.name),
  );
  for (let start = 0; start < files.length; start += callsAtOnce) {
    const keys = files.slice(start, start + callsAtOnce).map(({ name }) => folder + name);
    const infos = await attempted(what, () => Promise.all(keys.map((key) => infoOf(join(root, key), key))));
    for (const info of infos) if (info !== null) yield info;
  }
  for (const entry of entries) {
    const below = `${folder}${entry.name}/`;
    if (entry.isDirectory() && (below.startsWith(prefix) || prefix.startsWith(below)))
      yield* filesBelow({ ...walk, folder: below });
  }
}

async function entriesOf(path: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** `null` for what is not there, or no file. */
async function infoOf(path: string, key: string): Promise<FileInfo | null> {
  try {
    const found = await stat(path);
    return found.isFile() ? { key, bytes: found.size, modifiedAt: found.mtime } : null;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function removed(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** Buckets have no folders: one without files is not there. */
async function removeEmptyFolders(root: string, folders: ReadonlySet<string>): Promise<void> {
  for (let folder of folders) {
    while (folder.length > root.length) {
      try {
        await rmdir(folder);
      } catch {
        break; // It has other files, or is gone already.
      }
      folder = dirname(folder);
    }
  }
}

const codes: Readonly<Record<string, StoreFailure>> = {
  ENOENT: "missing",
  EEXIST: "pathUnusable",
  EISDIR: "pathUnusable",
  ENOTDIR: "pathUnusable",
  ENOTEMPTY: "pathUnusable",
  ENAMETOOLONG: "nameTooLong",
  EINVAL: "pathUnusable",
  ELOOP: "pathUnusable",
  EACCES: "denied",
  EPERM: "denied",
  EROFS: "denied",
  ENOSPC: "full",
  EDQUOT: "full",
  EFBIG: "full",
  EAGAIN: "unavailable",
  EBUSY: "unavailable",
  EMFILE: "unavailable",
  ENFILE: "unavailable",
  ESTALE: "unavailable",
  ETIMEDOUT: "unavailable",
};

/** Runs work on files; an error of the system becomes one of this library. */
async function attempted<Result>(
  { action, url, signal }: Pick<FailedAction, "action" | "url"> & { readonly signal: AbortSignal | undefined },
  work: () => Promise<Result>,
): Promise<Result> {
  signal?.throwIfAborted();
  try {
    return await work();
  } catch (error) {
    signal?.throwIfAborted();
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || !/^E[A-Z\d]+$/.test(code)) throw error;
    // What is written is not missing: something of its path is.
    const failure = code === "ENOENT" && action !== "read" ? "pathUnusable" : (codes[code] ?? "failed");
    throw storeError(failure, { action, url, reason: `the system answered ${code}` });
  }
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ENOTDIR";
}
