import { randomBytes } from "node:crypto";
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { type FileStore, readBytes, readText } from "@dlt/storage";
import { fileStoreConformance } from "@dlt/storage/testing";
import { isUsable, startS3 } from "@dlt/test-servers";
import { beforeAll, describe, expect, test } from "vitest";
import { s3Store } from "./s3-store.js";

describe.skipIf(!isUsable("s3"))("S3", () => {
  const bucket = `dlt-test-${Date.now().toString(36)}`;
  let credentials: Readonly<Record<"endpointUrl" | "awsAccessKeyId" | "awsSecretAccessKey", string>>;
  const open = (changes: Parameters<typeof s3Store>[0] = {}): Promise<FileStore> =>
    s3Store({ ...credentials, pageSize: 10, ...changes }).open({ scheme: "s3", bucket, path: "" });
  let client: S3Client;
  beforeAll(async () => {
    const { endpointUrl, ...keys } = await startS3();
    credentials = { endpointUrl, awsAccessKeyId: keys.accessKeyId, awsSecretAccessKey: keys.secretAccessKey };
    client = new S3Client({ endpoint: endpointUrl, region: "us-east-1", forcePathStyle: true, credentials: keys });
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    return () => client.destroy();
  });

  const unfinished = async (): Promise<readonly (string | undefined)[]> => {
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    return Uploads.map(({ Key }) => Key);
  };

  fileStoreConformance({
    name: "S3",
    open,
    leftovers: async () => (await unfinished()).map(String),
  });

  test("whenever the writing of a large file is stopped, no part of it stays", async () => {
    await using store = await open();
    const content = randomBytes(40 * 1024 * 1024);
    for (let afterMs = 5; afterMs < 300; afterMs += 25) {
      const reason = new Error("stopped");
      const stop = new AbortController();
      const timer = setTimeout(() => stop.abort(reason), afterMs);
      await store
        .put("stopped", content, { signal: stop.signal })
        .catch((error: unknown) => expect(error).toBe(reason));
      clearTimeout(timer);
      expect(await unfinished()).toEqual([]);
    }
    await store.delete(["stopped"]);
  });

  test("what a killed process left of a file is taken back when the file is written again", async () => {
    await using store = await open();
    for (const Key of ["again", "again-not"])
      await client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key }));
    await store.put("again", randomBytes(9 * 1024 * 1024));
    expect(await unfinished()).toEqual(["again-not"]);
    await store.put("again-not", randomBytes(9 * 1024 * 1024));
    expect(await unfinished()).toEqual([]);
    await store.delete(["again", "again-not"]);
  });

  test("a large file is written with the checksums that the SDK computes for AWS", async () => {
    await using store = await s3Store({ client }).open({ scheme: "s3", bucket, path: "" });
    const content = randomBytes(20 * 1024 * 1024);
    await store.put("checked", content);
    expect(Buffer.compare(await readBytes(store, "checked"), content)).toBe(0);
    await store.delete(["checked"]);
  });

  test("a wrong secret is denied, and is not shown", async () => {
    await using store = await open({ awsSecretAccessKey: "hunter2hunter2" });
    const error = await store.put("a", new Uint8Array(1)).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "FILE_STORE_DENIED", retryable: false });
    expect(String(error)).not.toContain("hunter2");
  });

  test("a bucket that is not there is told", async () => {
    await using store = await s3Store(credentials).open({ scheme: "s3", bucket: "dlt-not-there", path: "" });
    await expect(store.put("a", new Uint8Array(1))).rejects.toMatchObject({ code: "FILE_STORE_MISSING" });
    await expect(readText(store, "a")).rejects.toMatchObject({ code: "FILE_STORE_MISSING" });
  });
});
