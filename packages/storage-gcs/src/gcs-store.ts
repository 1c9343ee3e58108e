import {
  type FileInfo,
  type FileStoreProvider,
  type GcpCredentials,
  type ObjectClient,
  objectStoreProvider,
  untilStopped,
} from "@dlt/storage";
import { type Bucket, type FileMetadata, Storage } from "@google-cloud/storage";
import { meaningOf } from "./meaning.js";
import { putObject } from "./put-object.js";
import { storageOptions } from "./storage-options.js";

export interface GcsStoreOptions extends GcpCredentials {
  /** A client that exists already; credentials are not used then. */
  readonly client?: Storage;
  /** Files that one request of a listing asks for. Default: 1000. */
  readonly pageSize?: number;
  /** How long nothing may be heard of a request, in milliseconds. Default: 60,000. */
  readonly timeoutMs?: number;
}

/** Files in Google Cloud Storage: `gcsStore({ projectId: "acme", clientEmail, privateKey })`. */
export function gcsStore(options: GcsStoreOptions = {}): FileStoreProvider {
  const { client, pageSize = 1000, timeoutMs = 60_000, ...credentials } = options;
  return objectStoreProvider("gs", async ({ bucket }) => {
    const storage = client ?? new Storage(storageOptions(credentials, timeoutMs));
    return bucketOf(storage.bucket(bucket), { pageSize, silenceMs: timeoutMs });
  });
}

function bucketOf(
  bucket: Bucket,
  { pageSize, silenceMs }: { readonly pageSize: number; readonly silenceMs: number },
): ObjectClient {
  return {
    url: `gs://${bucket.name}`,
    silenceMs,
    deletesAtOnce: 1,
    meaningOf,
    write: (key, source, request) => putObject(bucket.file(key), source, request),
    async read(key, range) {
      return bucket.file(key).createReadStream({
        // What is compressed stays so: `.gz` is part of the name.
        decompress: false,
        // A checksum is that of the whole file.
        ...(range === undefined ? {} : { start: range.start, end: range.end - 1, validation: false }),
      });
    },
    async list(prefix, token, { signal }) {
      const page = { maxResults: pageSize, autoPaginate: false, ...(token !== undefined && { pageToken: token }) };
      const [files, next] = await untilStopped(() => bucket.getFiles({ prefix, ...page }), signal);
      return {
        files: files.map(({ name, metadata }) => ({ key: name, ...infoOf(metadata) })),
        token: (next as { readonly pageToken?: string } | null)?.pageToken,
      };
    },
    async delete([key = ""], { signal }) {
      await untilStopped(() => bucket.file(key).delete({ ignoreNotFound: true }), signal);
      return [];
    },
    async look(key, { signal }) {
      const [metadata] = await untilStopped(() => bucket.file(key).getMetadata(), signal);
      return infoOf(metadata);
    },
    close: async () => undefined,
  };
}

function infoOf({ size = 0, updated }: FileMetadata): Omit<FileInfo, "key"> {
  return { bytes: Number(size), modifiedAt: new Date(updated ?? 0) };
}
