import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  S3Client,
} from "@aws-sdk/client-s3";
import { InternalError } from "@dlt/core";
import {
  type AwsCredentials,
  answerText,
  checkKey,
  checkPrefix,
  type FailedDelete,
  type FileStore,
  type FileStoreProvider,
  storeBelow,
  storeError,
} from "@dlt/storage";
import { clientConfig } from "./client-config.js";
import { attempt, isMissing, translateFailure } from "./errors.js";
import { putObject } from "./put-object.js";

export interface S3StoreOptions extends AwsCredentials {
  /** A client that is open already; it stays open, and the other settings are not used. */
  readonly client?: S3Client;
  /** Files that one request of a listing asks for. Default: 1000, which is the most there can be. */
  readonly pageSize?: number;
}

/** Files in S3, or in what speaks its protocol: `s3Store({ regionName: "eu-west-1" })`. */
export function s3Store({ client: given, pageSize, ...credentials }: S3StoreOptions = {}): FileStoreProvider {
  return {
    scheme: "s3",
    async open(location) {
      if (location.scheme !== "s3")
        throw new InternalError("INTERNAL_STATE_UNEXPECTED", `S3 was to be opened for \`${location.scheme}\`.`);
      const client = given ?? new S3Client(clientConfig(credentials));
      const whole = storeOf({ client, bucket: location.bucket, pageSize });
      const close = async () => (given === undefined ? client.destroy() : undefined);
      return storeBelow({ ...whole, [Symbol.asyncDispose]: close }, location.path);
    },
  };
}

/** What one request deletes: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
const deletesAtOnce = 1000;

function storeOf({
  client,
  bucket: Bucket,
  pageSize,
}: {
  readonly client: S3Client;
  readonly bucket: string;
  readonly pageSize: number | undefined;
}): Omit<FileStore, typeof Symbol.asyncDispose> {
  const urlOf = (key: string) => `s3://${Bucket}${key === "" ? "" : `/${key}`}`;
  const sent = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { abortSignal: signal });
  return {
    urlOf,
    async put(key, content, { signal } = {}) {
      const target = { client, bucket: Bucket, key: checkKey(key), url: urlOf(key) };
      await putObject(target, content, { signal, ifAbsent: false });
    },
    async putIfAbsent(key, content, { signal } = {}) {
      const target = { client, bucket: Bucket, key: checkKey(key), url: urlOf(key) };
      return await putObject(target, content, { signal, ifAbsent: true });
    },
    async *get(key, { signal, range } = {}) {
      checkKey(key);
      signal?.throwIfAborted();
      if (range !== undefined && range.end <= range.start) return;
      const what = { action: "read", url: urlOf(key), signal } as const;
      const Range = range === undefined ? undefined : `bytes=${range.start}-${range.end - 1}`;
      const { Body } = await attempt(what, async () => {
        try {
          return await client.send(new GetObjectCommand({ Bucket, Key: key, Range }), sent(signal));
        } catch (error) {
          // The range begins behind the end of the file.
          if ((error as { name?: string }).name === "InvalidRange") return { Body: undefined };
          throw error;
        }
      });
      if (Body === undefined) return;
      const stream = Body as AsyncIterable<Uint8Array> & { destroy(): void };
      const stop = () => stream.destroy();
      signal?.addEventListener("abort", stop, { once: true });
      try {
        for await (const piece of stream) {
          signal?.throwIfAborted();
          yield piece;
        }
        signal?.throwIfAborted();
      } catch (error) {
        throw translateFailure(error, what);
      } finally {
        signal?.removeEventListener("abort", stop);
        stream.destroy();
      }
    },
    async *list(prefix, { signal } = {}) {
      checkPrefix(prefix);
      let token: string | undefined;
      do {
        const page = await attempt({ action: "list", url: urlOf(prefix), signal }, () =>
          client.send(
            new ListObjectsV2Command({ Bucket, Prefix: prefix, MaxKeys: pageSize, ContinuationToken: token }),
            sent(signal),
          ),
        );
        // Consoles make empty objects for folders.
        for (const { Key, Size = 0, LastModified = new Date(0) } of page.Contents ?? [])
          if (Key !== undefined && !Key.endsWith("/")) yield { key: Key, bytes: Size, modifiedAt: LastModified };
        token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
      } while (token !== undefined);
    },
    async delete(keys, { signal } = {}) {
      for (const key of keys) checkKey(key);
      signal?.throwIfAborted();
      const failed: FailedDelete[] = [];
      for (let start = 0; start < keys.length; start += deletesAtOnce) {
        const Objects = keys.slice(start, start + deletesAtOnce).map((Key) => ({ Key }));
        const { Errors = [] } = await attempt({ action: "delete", url: urlOf(""), signal }, () =>
          client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }), sent(signal)),
        );
        for (const { Key = "", Code, Message } of Errors)
          failed.push({ key: Key, error: refusedDelete(urlOf(Key), Code, Message) });
      }
      return failed;
    },
    async stat(key, { signal } = {}) {
      checkKey(key);
      return await attempt({ action: "look up", url: urlOf(key), signal }, async () => {
        try {
          const { ContentLength = 0, LastModified = new Date(0) } = await client.send(
            new HeadObjectCommand({ Bucket, Key: key }),
            sent(signal),
          );
          return { key, bytes: ContentLength, modifiedAt: LastModified };
        } catch (error) {
          if (isMissing(error)) return null;
          throw error;
        }
      });
    },
  };
}

function refusedDelete(url: string, code = "", message = ""): Error {
  const failure = code === "AccessDenied" ? "denied" : passingCodes.has(code) ? "unavailable" : "failed";
  return storeError(failure, { action: "delete", url, reason: answerText(undefined, code, message) });
}

const passingCodes = new Set(["InternalError", "SlowDown", "ServiceUnavailable", "RequestTimeout"]);
