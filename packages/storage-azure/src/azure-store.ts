import { stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import type { BlobServiceClient, BlockBlobClient, ContainerClient } from "@azure/storage-blob";
import { InternalError } from "@dlt/core";
import {
  type AzureCredentials,
  checkKey,
  checkPrefix,
  type FailedDelete,
  type FileContent,
  type FileStore,
  type FileStoreProvider,
  storeBelow,
  unreadableSource,
} from "@dlt/storage";
import { attempt, isMissing, isTaken, translateFailure } from "./errors.js";
import { serviceClient } from "./service-client.js";

export interface AzureStoreOptions extends AzureCredentials {
  /** A client that exists already; the other settings are not used. */
  readonly client?: BlobServiceClient;
  /** Files that one request of a listing asks for. Default: 5000, which is the most there can be. */
  readonly pageSize?: number;
}

/** Files in Azure Blob Storage: `azureStore({ azureStorageAccountName: "acme", azureStorageAccountKey })`. */
export function azureStore({ client, pageSize = 5000, ...credentials }: AzureStoreOptions = {}): FileStoreProvider {
  return {
    scheme: "az",
    async open(location) {
      if (location.scheme !== "az")
        throw new InternalError("INTERNAL_STATE_UNEXPECTED", `Azure was to be opened for \`${location.scheme}\`.`);
      const service = client ?? (await serviceClient(credentials, location.host));
      return storeBelow(storeOf(service.getContainerClient(location.bucket), pageSize), location.path);
    },
  };
}

/** Requests of one call of `delete` that run at the same time. The one that deletes many takes no signature of an account. */
const deletesAtOnce = 16;

function storeOf(container: ContainerClient, pageSize: number): FileStore {
  const urlOf = (key: string) => `az://${container.containerName}${key === "" ? "" : `/${key}`}`;
  const sent = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { abortSignal: signal });
  return {
    urlOf,
    async put(key, content, { signal } = {}) {
      const blob = container.getBlockBlobClient(checkKey(key));
      await attempt({ action: "write", url: urlOf(key), signal }, () => upload(blob, content, sent(signal)));
    },
    async putIfAbsent(key, content, { signal } = {}) {
      const blob = container.getBlockBlobClient(checkKey(key));
      return await attempt({ action: "write", url: urlOf(key), signal }, async () => {
        try {
          await upload(blob, content, { ...sent(signal), conditions: { ifNoneMatch: "*" } });
          return true;
        } catch (error) {
          if (isTaken(error)) return false;
          throw error;
        }
      });
    },
    async *get(key, { signal, range } = {}) {
      const blob = container.getBlockBlobClient(checkKey(key));
      signal?.throwIfAborted();
      if (range !== undefined && range.end <= range.start) return;
      const what = { action: "read", url: urlOf(key), signal } as const;
      const count = range === undefined ? undefined : range.end - range.start;
      const body = await attempt(what, async () => {
        try {
          return (await blob.download(range?.start ?? 0, count, sent(signal))).readableStreamBody;
        } catch (error) {
          // The range begins behind the end of the file.
          if ((error as { statusCode?: number }).statusCode === 416) return undefined;
          throw error;
        }
      });
      if (body === undefined) return;
      try {
        for await (const piece of body as AsyncIterable<Uint8Array>) {
          signal?.throwIfAborted();
          yield piece;
        }
      } catch (error) {
        throw translateFailure(error, what);
      } finally {
        (body as Readable).destroy();
      }
    },
    async *list(prefix, { signal } = {}) {
      checkPrefix(prefix);
      signal?.throwIfAborted();
      const pages = container
        .listBlobsFlat({ prefix, includeMetadata: true, ...sent(signal) })
        .byPage({ maxPageSize: pageSize });
      for (;;) {
        const page = await attempt({ action: "list", url: urlOf(prefix), signal }, () => pages.next());
        if (page.done === true) return;
        for (const { name, properties, metadata } of page.value.segment.blobItems) {
          // Data lakes list their folders as files.
          if (metadata?.["hdi_isfolder"] === "true" || name.endsWith("/")) continue;
          yield { key: name, bytes: properties.contentLength ?? 0, modifiedAt: properties.lastModified };
        }
      }
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
              container.getBlockBlobClient(key).deleteIfExists({ deleteSnapshots: "include", ...sent(signal) }),
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
      const blob = container.getBlockBlobClient(checkKey(key));
      return await attempt({ action: "look up", url: urlOf(key), signal }, async () => {
        try {
          const { contentLength = 0, lastModified = new Date(0), metadata } = await blob.getProperties(sent(signal));
          if (metadata?.["hdi_isfolder"] === "true") return null;
          return { key, bytes: contentLength, modifiedAt: lastModified };
        } catch (error) {
          if (isMissing(error)) return null;
          throw error;
        }
      });
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

const blockBytes = 8 * 1024 * 1024;

/** In blocks when it is large. Blocks of a file that is not written to its end are seen by nobody, and go by themselves. */
async function upload(
  blob: BlockBlobClient,
  content: FileContent,
  options: { readonly abortSignal?: AbortSignal; readonly conditions?: { readonly ifNoneMatch: string } },
): Promise<void> {
  const all = { ...options, blockSize: blockBytes, maxSingleShotSize: blockBytes, concurrency: 2 };
  if (content instanceof Uint8Array) {
    await blob.uploadData(content, all);
    return;
  }
  const { path } = content;
  let isFile: boolean;
  try {
    isFile = (await stat(path)).isFile();
  } catch (error) {
    throw unreadableSource(path, error);
  }
  if (!isFile) throw unreadableSource(path, new Error("it is no file"));
  await blob.uploadFile(path, all);
}
