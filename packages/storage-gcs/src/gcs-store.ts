import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { InternalError } from "@dlt/core";
import {
  checkKey,
  checkPrefix,
  type FailedDelete,
  type FileContent,
  type FileInfo,
  type FileStore,
  type FileStoreProvider,
  type GcpCredentials,
  storeBelow,
  unreadableSource,
} from "@dlt/storage";
import { type Bucket, type File, type FileMetadata, Storage } from "@google-cloud/storage";
import { attempt, statusOf, translateFailure } from "./errors.js";
import { storageOptions } from "./storage-options.js";

export interface GcsStoreOptions extends GcpCredentials {
  /** A client that exists already; the other settings are not used. */
  readonly client?: Storage;
  /** Files that one request of a listing asks for. Default: 1000. */
  readonly pageSize?: number;
}

/** Files in Google Cloud Storage: `gcsStore({ projectId: "acme", clientEmail, privateKey })`. */
export function gcsStore({ client, pageSize = 1000, ...credentials }: GcsStoreOptions = {}): FileStoreProvider {
  return {
    scheme: "gs",
    async open(location) {
      if (location.scheme !== "gs")
        throw new InternalError("INTERNAL_STATE_UNEXPECTED", `GCS was to be opened for \`${location.scheme}\`.`);
      const storage = client ?? new Storage(storageOptions(credentials));
      return storeBelow(storeOf(storage.bucket(location.bucket), pageSize), location.path);
    },
  };
}

/** Requests of one call of `delete` that run at the same time; there is none that deletes many. */
const deletesAtOnce = 16;

function storeOf(bucket: Bucket, pageSize: number): FileStore {
  const urlOf = (key: string) => `gs://${bucket.name}${key === "" ? "" : `/${key}`}`;
  return {
    urlOf,
    async put(key, content, { signal } = {}) {
      const file = bucket.file(checkKey(key));
      await attempt({ action: "write", url: urlOf(key), signal }, () => upload(file, content, { signal }));
    },
    async putIfAbsent(key, content, { signal } = {}) {
      const file = bucket.file(checkKey(key));
      return await attempt({ action: "write", url: urlOf(key), signal }, async () => {
        try {
          await upload(file, content, { signal, ifGenerationMatch: 0 });
          return true;
        } catch (error) {
          if (statusOf(error) === 412) return false;
          throw error;
        }
      });
    },
    async *get(key, { signal, range } = {}) {
      const file = bucket.file(checkKey(key));
      signal?.throwIfAborted();
      if (range !== undefined && range.end <= range.start) return;
      const stream = file.createReadStream({
        // What is compressed stays so: `.gz` is part of the name.
        decompress: false,
        // A checksum is that of the whole file.
        ...(range === undefined ? {} : { start: range.start, end: range.end - 1, validation: false }),
      });
      const stop = () => stream.destroy(signal?.reason as Error);
      signal?.addEventListener("abort", stop, { once: true });
      try {
        for await (const piece of stream as AsyncIterable<Uint8Array>) {
          signal?.throwIfAborted();
          yield piece;
        }
      } catch (error) {
        // The range begins behind the end of the file.
        if (statusOf(error) === 416 && signal?.aborted !== true) return;
        throw translateFailure(error, { action: "read", url: urlOf(key), signal });
      } finally {
        signal?.removeEventListener("abort", stop);
        stream.destroy();
      }
    },
    async *list(prefix, { signal } = {}) {
      checkPrefix(prefix);
      let pageToken: string | undefined;
      do {
        const query = {
          prefix,
          autoPaginate: false,
          maxResults: pageSize,
          ...(pageToken !== undefined && { pageToken }),
        };
        const [files, next] = await attempt({ action: "list", url: urlOf(prefix), signal }, () =>
          bucket.getFiles(query),
        );
        // Consoles make empty objects for folders.
        for (const { name, metadata } of files) if (!name.endsWith("/")) yield infoOf(name, metadata);
        pageToken = (next as { readonly pageToken?: string } | null)?.pageToken;
      } while (pageToken !== undefined);
    },
    async delete(keys, { signal } = {}) {
      for (const key of keys) checkKey(key);
      signal?.throwIfAborted();
      const failed: FailedDelete[] = [];
      const next = keys.values();
      const worker = async (): Promise<void> => {
        for (const key of next) {
          try {
            await attempt({ action: "delete", url: urlOf(key), signal }, () =>
              bucket.file(key).delete({ ignoreNotFound: true }),
            );
          } catch (error) {
            signal?.throwIfAborted();
            failed.push({ key, error: error as Error });
          }
        }
      };
      await Promise.all(Array.from({ length: deletesAtOnce }, worker));
      return failed;
    },
    async stat(key, { signal } = {}) {
      const file = bucket.file(checkKey(key));
      return await attempt({ action: "look up", url: urlOf(key), signal }, async () => {
        try {
          const [metadata] = await file.getMetadata();
          return infoOf(key, metadata);
        } catch (error) {
          if (statusOf(error) === 404) return null;
          throw error;
        }
      });
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

function infoOf(key: string, { size = 0, updated }: FileMetadata): FileInfo {
  return { key, bytes: Number(size), modifiedAt: new Date(updated ?? 0) };
}

/** In one request of any size: of one that is cut off nothing is left, and the engine runs the job again. */
async function upload(
  file: File,
  content: FileContent,
  options: { readonly signal: AbortSignal | undefined; readonly ifGenerationMatch?: number },
): Promise<void> {
  const { signal, ifGenerationMatch } = options;
  const source = await streamOf(content);
  const target = file.createWriteStream({
    resumable: false,
    contentType: "application/octet-stream",
    ...(ifGenerationMatch !== undefined && { preconditionOpts: { ifGenerationMatch } }),
  });
  let unreadable: unknown;
  source.once("error", (error) => {
    if (!(content instanceof Uint8Array)) unreadable = unreadableSource(content.path, error);
  });
  try {
    await pipeline(source, target, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    // The target's own errors end the source without one.
    throw unreadable ?? error;
  }
}

async function streamOf(content: FileContent): Promise<Readable> {
  // As one piece: a stream of bytes would be a stream of numbers.
  if (content instanceof Uint8Array) return Readable.from(content.byteLength === 0 ? [] : [content]);
  try {
    if ((await stat(content.path)).isFile()) return createReadStream(content.path, { highWaterMark: 256 * 1024 });
  } catch (error) {
    throw unreadableSource(content.path, error);
  }
  throw unreadableSource(content.path, new Error("it is no file"));
}
