import { readFile } from "node:fs/promises";
import type { BucketLocation } from "./bucket-url.js";
import type { FileContent, FileInfo, FileStore, FileStoreProvider } from "./file-store.js";
import { checkKey, checkPrefix } from "./keys.js";
import { unreadableSource } from "./source-file.js";
import { storeBelow } from "./store-below.js";
import { storeError } from "./store-error.js";

interface MemoryFile {
  readonly bytes: Uint8Array;
  readonly modifiedAt: Date;
}

/** Files in memory, for tests. They live as long as what this gives: `memory://<name>` opened again has the same files. */
export function memoryStore(): FileStoreProvider {
  const buckets = new Map<string, Map<string, MemoryFile>>();
  return {
    scheme: "memory",
    async open(location: BucketLocation) {
      const { bucket, path } = location.scheme === "file" ? { bucket: location.folder, path: "" } : location;
      const files = buckets.get(bucket) ?? new Map<string, MemoryFile>();
      buckets.set(bucket, files);
      return storeBelow(storeOf(bucket, files), path);
    },
  };
}

function storeOf(bucket: string, files: Map<string, MemoryFile>): FileStore {
  const urlOf = (key: string) => `memory://${bucket}${key === "" ? "" : `/${key}`}`;
  const keep = (key: string, bytes: Uint8Array) => files.set(key, { bytes, modifiedAt: new Date() });
  const info = (key: string, { bytes, modifiedAt }: MemoryFile): FileInfo => ({
    key,
    bytes: bytes.byteLength,
    modifiedAt,
  });
  return {
    urlOf,
    async put(key, content, { signal } = {}) {
      checkKey(key);
      const bytes = await bytesOf(content, signal);
      signal?.throwIfAborted();
      keep(key, bytes);
    },
    async putIfAbsent(key, content, { signal } = {}) {
      checkKey(key);
      const bytes = await bytesOf(content, signal);
      signal?.throwIfAborted();
      if (files.has(key)) return false;
      keep(key, bytes);
      return true;
    },
    async *get(key, { signal, range } = {}) {
      signal?.throwIfAborted();
      const file = files.get(checkKey(key));
      if (file === undefined)
        throw storeError("missing", { action: "read", url: urlOf(key), reason: "it is not there" });
      const bytes = file.bytes.slice(range?.start ?? 0, range?.end);
      // In two pieces, so that whoever reads has to join them.
      const middle = bytes.byteLength >> 1;
      for (const piece of [bytes.subarray(0, middle), bytes.subarray(middle)]) {
        signal?.throwIfAborted();
        if (piece.byteLength > 0) yield piece;
      }
    },
    async *list(prefix, { signal } = {}) {
      checkPrefix(prefix);
      for (const [key, file] of [...files]) {
        signal?.throwIfAborted();
        if (key.startsWith(prefix)) yield info(key, file);
      }
    },
    async delete(keys, { signal } = {}) {
      for (const key of keys) checkKey(key);
      signal?.throwIfAborted();
      for (const key of keys) files.delete(key);
      return [];
    },
    async stat(key, { signal } = {}) {
      checkKey(key);
      signal?.throwIfAborted();
      const file = files.get(key);
      return file === undefined ? null : info(key, file);
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

async function bytesOf(content: FileContent, signal: AbortSignal | undefined): Promise<Uint8Array> {
  signal?.throwIfAborted();
  if (content instanceof Uint8Array) return content.slice();
  try {
    return await readFile(content.path, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw unreadableSource(content.path, error);
  }
}
