import type { Readable } from "node:stream";
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import { type AwsCredentials, type FileStoreProvider, type ObjectClient, objectStoreProvider } from "@dlt/storage";
import { openClient } from "./client-config.js";
import { deleteObjects, deletesAtOnce } from "./delete-objects.js";
import { meaningOf } from "./meaning.js";
import { putObject } from "./put-object.js";

export interface S3StoreOptions extends AwsCredentials {
  /** A client that is open already; it stays open, and neither credentials nor `timeoutMs` are used. */
  readonly client?: S3Client;
  /** Files that one request of a listing asks for. Default: 1000, which is the most there can be. */
  readonly pageSize?: number;
  /** How long nothing may be heard of a request, in milliseconds. Default: 60,000. */
  readonly timeoutMs?: number;
}

/** Files in S3, or in what speaks its protocol: `s3Store({ regionName: "eu-west-1" })`. */
export function s3Store(options: S3StoreOptions = {}): FileStoreProvider {
  const { client: given, pageSize, timeoutMs = 60_000, ...credentials } = options;
  return objectStoreProvider("s3", async ({ bucket }) => {
    const client = given ?? (await openClient(credentials, timeoutMs));
    return {
      ...bucketOf(client, { bucket, pageSize }),
      close: async () => (given === undefined ? client.destroy() : undefined),
    };
  });
}

function bucketOf(
  client: S3Client,
  { bucket: Bucket, pageSize }: { readonly bucket: string; readonly pageSize: number | undefined },
): Omit<ObjectClient, "close"> {
  return {
    url: `s3://${Bucket}`,
    silenceMs: null,
    deletesAtOnce,
    meaningOf,
    write: (key, source, request) => putObject({ client, bucket: Bucket, key }, source, request),
    async read(key, range, { signal }) {
      const Range = range === undefined ? undefined : `bytes=${range.start}-${range.end - 1}`;
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: key, Range }), { abortSignal: signal });
      return Body as Readable;
    },
    async list(prefix, token, { signal }) {
      const command = new ListObjectsV2Command({ Bucket, Prefix: prefix, MaxKeys: pageSize, ContinuationToken: token });
      const page = await client.send(command, { abortSignal: signal });
      const files = (page.Contents ?? []).map(({ Key = "", Size = 0, LastModified = new Date(0) }) => ({
        key: Key,
        bytes: Size,
        modifiedAt: LastModified,
      }));
      return { files, token: page.IsTruncated === true ? page.NextContinuationToken : undefined };
    },
    delete: (keys, { signal }) => deleteObjects(client, { bucket: Bucket, keys, signal }),
    async look(key, { signal }) {
      const command = new HeadObjectCommand({ Bucket, Key: key });
      const { ContentLength = 0, LastModified = new Date(0) } = await client.send(command, { abortSignal: signal });
      return { bytes: ContentLength, modifiedAt: LastModified };
    },
  };
}
