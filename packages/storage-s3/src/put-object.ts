import { type FileHandle, open } from "node:fs/promises";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { type FileContent, unreadableSource } from "@dlt/storage";
import { attempt, isTaken } from "./errors.js";

export interface ObjectTarget {
  readonly client: S3Client;
  readonly bucket: string;
  readonly key: string;
  readonly url: string;
}

interface PutOptions {
  readonly signal: AbortSignal | undefined;
  readonly ifAbsent: boolean;
}

const partBytes = 8 * 1024 * 1024;
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const mostParts = 10_000;
/** Of one file; jobs run beside each other anyway. */
const partsAtOnce = 2;

/**
 * Writes a file, in parts when it is large; parts are taken back when not all of them got there. False: there is a file, and
 * none should be.
 *
 * Not `Upload` of `@aws-sdk/lib-storage`: when it is stopped, it throws before it has taken the parts back.
 */
export async function putObject(target: ObjectTarget, content: FileContent, options: PutOptions): Promise<boolean> {
  options.signal?.throwIfAborted();
  await using source = await sourceOf(content);
  const what = { action: "write", url: target.url, signal: options.signal } as const;
  return await attempt(what, async () => {
    try {
      if (source.bytes <= partBytes) await putWhole(target, source, options);
      else await putInParts(target, source, options);
      return true;
    } catch (error) {
      if (options.ifAbsent && isTaken(error)) return false;
      throw error;
    }
  });
}

async function putWhole({ client, bucket, key }: ObjectTarget, source: Source, { signal, ifAbsent }: PutOptions) {
  const Body = await source.read(0, source.bytes);
  await client.send(
    new PutObjectCommand({ Bucket: bucket, Key: key, Body, ...(ifAbsent && { IfNoneMatch: "*" }) }),
    signal === undefined ? {} : { abortSignal: signal },
  );
}

async function putInParts(target: ObjectTarget, source: Source, { signal, ifAbsent }: PutOptions): Promise<void> {
  const { client, bucket: Bucket, key: Key } = target;
  const sent = signal === undefined ? {} : { abortSignal: signal };
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }), sent);
  try {
    const Parts = await putParts(target, source, { UploadId, signal });
    signal?.throwIfAborted();
    await client.send(
      new CompleteMultipartUploadCommand({
        Bucket,
        Key,
        UploadId,
        MultipartUpload: { Parts },
        ...(ifAbsent && { IfNoneMatch: "*" }),
      }),
      sent,
    );
  } catch (error) {
    // Without the signal, which may be why. What stays after an error here is for a lifecycle rule of the bucket.
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })).catch(() => undefined);
    throw error;
  }
}

async function putParts(
  { client, bucket: Bucket, key: Key }: ObjectTarget,
  source: Source,
  { UploadId, signal }: { readonly UploadId: string | undefined; readonly signal: AbortSignal | undefined },
): Promise<{ PartNumber: number; ETag: string | undefined }[]> {
  const size = Math.max(partBytes, Math.ceil(source.bytes / mostParts));
  const parts = Array.from({ length: Math.ceil(source.bytes / size) }, (_, index) => index);
  const done: { PartNumber: number; ETag: string | undefined }[] = [];
  // The first that fails stops the others, so that none is under way when the parts are taken back.
  const failed = new AbortController();
  const stop = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]);
  const next = parts.values();
  const worker = async (): Promise<void> => {
    try {
      for (const index of next) {
        stop.throwIfAborted();
        const start = index * size;
        const Body = await source.read(start, Math.min(size, source.bytes - start));
        const part = new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: index + 1, Body });
        const { ETag } = await client.send(part, { abortSignal: stop });
        done.push({ PartNumber: index + 1, ETag });
      }
    } catch (error) {
      failed.abort(error);
      throw error;
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: partsAtOnce }, worker));
  if (ends.some(({ status }) => status === "rejected")) throw failed.signal.reason;
  return done.sort((a, b) => a.PartNumber - b.PartNumber);
}

interface Source extends AsyncDisposable {
  readonly bytes: number;
  read(start: number, length: number): Promise<Uint8Array>;
}

async function sourceOf(content: FileContent): Promise<Source> {
  if (content instanceof Uint8Array) {
    return {
      bytes: content.byteLength,
      read: async (start, length) => content.subarray(start, start + length),
      [Symbol.asyncDispose]: async () => undefined,
    };
  }
  const { path } = content;
  let file: FileHandle | undefined;
  try {
    file = await open(path, "r");
    const found = await file.stat();
    if (!found.isFile()) throw Object.assign(new Error("It is no file."), { code: "EISDIR" });
    return fileSource(path, file, found.size);
  } catch (error) {
    await file?.close();
    throw unreadableSource(path, error);
  }
}

function fileSource(path: string, file: FileHandle, bytes: number): Source {
  return {
    bytes,
    async read(start, length) {
      const buffer = new Uint8Array(length);
      for (let at = 0; at < length; ) {
        const { bytesRead } = await file.read(buffer, at, length - at, start + at).catch((error: unknown) => {
          throw unreadableSource(path, error);
        });
        if (bytesRead === 0) throw unreadableSource(path, new Error("it became shorter while it was read"));
        at += bytesRead;
      }
      return buffer;
    },
    [Symbol.asyncDispose]: () => file.close(),
  };
}
