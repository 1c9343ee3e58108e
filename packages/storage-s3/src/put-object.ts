import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import type { ContentSource, WriteRequest } from "@dlt/storage";

export interface ObjectTarget {
  readonly client: S3Client;
  readonly bucket: string;
  readonly key: string;
}

const partBytes = 8 * 1024 * 1024;
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const mostParts = 10_000;
/** Of one file; jobs run beside each other anyway. */
const partsAtOnce = 2;
/** A part that is cut off may arrive all the same, after its upload was taken back: those under way get this long to end. */
const graceMs = 5000;

/**
 * Writes a file, in parts when it is large; parts are taken back when not all of them got there.
 *
 * Not `Upload` of `@aws-sdk/lib-storage`: when it is stopped, it throws before it has taken the parts back.
 */
export async function putObject(target: ObjectTarget, source: ContentSource, request: WriteRequest): Promise<void> {
  if (source.bytes <= partBytes) await putWhole(target, source, request);
  else await putInParts(target, source, request);
}

async function putWhole({ client, bucket, key }: ObjectTarget, source: ContentSource, request: WriteRequest) {
  const Body = await source.read(0, source.bytes);
  const command = new PutObjectCommand({ Bucket: bucket, Key: key, Body, ...onlyIf(request) });
  await client.send(command, { abortSignal: request.signal });
}

async function putInParts(target: ObjectTarget, source: ContentSource, request: WriteRequest): Promise<void> {
  const { client, bucket: Bucket, key: Key } = target;
  const { signal } = request;
  if (!request.ifAbsent) await endEarlierUploads(target, signal);
  signal.throwIfAborted();
  // The parts get checksums from the SDK, and S3 refuses those of an upload that was not begun with the same kind.
  const hasChecksums = (await client.config.requestChecksumCalculation()) === "WHEN_SUPPORTED";
  const begin = new CreateMultipartUploadCommand({ Bucket, Key, ...(hasChecksums && { ChecksumAlgorithm: "CRC32" }) });
  // Without the signal: an upload whose id did not arrive could not be taken back.
  const { UploadId } = await client.send(begin);
  try {
    const Parts = await putParts(target, source, { UploadId, signal });
    signal.throwIfAborted();
    const MultipartUpload = { Parts };
    const complete = new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload, ...onlyIf(request) });
    await client.send(complete, { abortSignal: signal });
  } catch (error) {
    // Without the signal, which may be why. What stays after an error here is for a lifecycle rule of the bucket.
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })).catch(() => undefined);
    throw error;
  }
}

/** Takes back what attempts before this one could not, because their process was killed or an answer got lost. */
async function endEarlierUploads({ client, bucket: Bucket, key: Key }: ObjectTarget, abortSignal: AbortSignal) {
  try {
    const list = new ListMultipartUploadsCommand({ Bucket, Prefix: Key });
    const { Uploads = [] } = await client.send(list, { abortSignal });
    for (const { UploadId } of Uploads.filter((upload) => upload.Key === Key))
      await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }), { abortSignal });
  } catch {
    // Not everybody may list uploads, and the object is written without that, too.
  }
}

interface Upload {
  readonly UploadId: string | undefined;
  readonly signal: AbortSignal;
}

async function putParts(
  target: ObjectTarget,
  source: ContentSource,
  { UploadId, signal }: Upload,
): Promise<CompletedPart[]> {
  const { client, bucket: Bucket, key: Key } = target;
  const size = Math.max(partBytes, Math.ceil(source.bytes / mostParts));
  const parts = Array.from({ length: Math.ceil(source.bytes / size) }, (_, index) => index);
  const done: (CompletedPart & { readonly PartNumber: number })[] = [];
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  const cut = new AbortController();
  let grace: NodeJS.Timeout | undefined;
  stop.addEventListener("abort", () => {
    grace = setTimeout(() => cut.abort(stop.reason), graceMs);
  });
  const next = parts.values();
  const worker = async (): Promise<void> => {
    try {
      for (const index of next) {
        stop.throwIfAborted();
        const start = index * size;
        const Body = await source.read(start, Math.min(size, source.bytes - start));
        const part = new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: index + 1, Body });
        const { ETag, ChecksumCRC32 } = await client.send(part, { abortSignal: cut.signal });
        done.push({ PartNumber: index + 1, ETag, ...(ChecksumCRC32 !== undefined && { ChecksumCRC32 }) });
      }
    } catch (error) {
      failed.abort(error);
    }
  };
  await Promise.all(Array.from({ length: partsAtOnce }, worker));
  clearTimeout(grace);
  failed.signal.throwIfAborted();
  return done.sort((a, b) => a.PartNumber - b.PartNumber);
}

function onlyIf({ ifAbsent }: WriteRequest): { readonly IfNoneMatch?: "*" } {
  return ifAbsent ? { IfNoneMatch: "*" } : {};
}
