import type { Readable } from "node:stream";
import type { BlobServiceClient, BlockBlobClient, ContainerClient } from "@azure/storage-blob";
import {
  type AzureCredentials,
  type ContentSource,
  type FileStoreProvider,
  type ObjectClient,
  objectStoreProvider,
  type WriteRequest,
} from "@dlt/storage";
import { meaningOf } from "./meaning.js";
import { serviceClient } from "./service-client.js";

export interface AzureStoreOptions extends AzureCredentials {
  /** A client that exists already; credentials are not used then. */
  readonly client?: BlobServiceClient;
  /** Files that one request of a listing asks for. Default: 5000, which is the most there can be. */
  readonly pageSize?: number;
  /** How long nothing may be heard of a request, in milliseconds. Default: 60,000. */
  readonly timeoutMs?: number;
}

/** Files in Azure Blob Storage: `azureStore({ azureStorageAccountName: "acme", azureStorageAccountKey })`. */
export function azureStore(options: AzureStoreOptions = {}): FileStoreProvider {
  const { client, pageSize = 5000, timeoutMs = 60_000, ...credentials } = options;
  return objectStoreProvider("az", async ({ bucket, host }) => {
    const service = client ?? (await serviceClient(credentials, host));
    return containerOf(service.getContainerClient(bucket), { pageSize, silenceMs: timeoutMs });
  });
}

function containerOf(
  container: ContainerClient,
  { pageSize, silenceMs }: { readonly pageSize: number; readonly silenceMs: number },
): ObjectClient {
  return {
    url: `az://${container.containerName}`,
    silenceMs,
    // The request that deletes many takes no signature of an account.
    deletesAtOnce: 1,
    meaningOf,
    write: (key, source, request) => putBlob(container.getBlockBlobClient(key), source, request),
    async read(key, range, { signal }) {
      const count = range === undefined ? undefined : range.end - range.start;
      const answer = await container.getBlobClient(key).download(range?.start ?? 0, count, { abortSignal: signal });
      return answer.readableStreamBody as Readable;
    },
    async list(prefix, token, { signal }) {
      const pages = container
        .listBlobsFlat({ prefix, includeMetadata: true, abortSignal: signal })
        .byPage({ maxPageSize: pageSize, ...(token !== undefined && { continuationToken: token }) });
      const page = await pages.next();
      if (page.done === true) return { files: [], token: undefined };
      const { segment, continuationToken } = page.value;
      const files = segment.blobItems
        .filter(({ metadata }) => !isFolder(metadata))
        .map(({ name, properties: { contentLength = 0, lastModified } }) => ({
          key: name,
          bytes: contentLength,
          modifiedAt: lastModified,
        }));
      return { files, token: continuationToken === "" ? undefined : continuationToken };
    },
    async delete([key = ""], { signal }) {
      await container.getBlobClient(key).deleteIfExists({ deleteSnapshots: "include", abortSignal: signal });
      return [];
    },
    async look(key, { signal }) {
      const found = await container.getBlobClient(key).getProperties({ abortSignal: signal });
      if (isFolder(found.metadata)) throw Object.assign(new Error("It is a folder."), { statusCode: 404 });
      const { contentLength = 0, lastModified = new Date(0) } = found;
      return { bytes: contentLength, modifiedAt: lastModified };
    },
    close: async () => undefined,
  };
}

/** Data lakes list their folders as files. */
function isFolder(metadata: Readonly<Record<string, string>> | undefined): boolean {
  return metadata?.["hdi_isfolder"] === "true";
}

const blockBytes = 8 * 1024 * 1024;

/** In blocks when it is large. Blocks of a file that is not written to its end are seen by nobody, and go by themselves. */
async function putBlob(blob: BlockBlobClient, source: ContentSource, request: WriteRequest): Promise<void> {
  const options = {
    abortSignal: request.signal,
    onProgress: request.heard,
    blockSize: blockBytes,
    maxSingleShotSize: blockBytes,
    concurrency: 2,
    ...(request.ifAbsent && { conditions: { ifNoneMatch: "*" } }),
  };
  if (source.path === null) await blob.uploadData(await source.read(0, source.bytes), options);
  else await blob.uploadFile(source.path, options);
}
