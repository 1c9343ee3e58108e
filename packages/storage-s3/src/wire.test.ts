import { createHash } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { S3Client } from "@aws-sdk/client-s3";
import type { FileStore } from "@dlt/storage";
import { expect, onTestFinished, test } from "vitest";
import { s3Store } from "./s3-store.js";

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A server on this machine; `null` is no answer at all. */
async function serverWith(answer: (request: IncomingMessage, body: Buffer) => Answer | null): Promise<string> {
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      const found = answer(request, body);
      if (found !== null) response.writeHead(found.status ?? 200, found.headers).end(found.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const keys = { awsAccessKeyId: "key", awsSecretAccessKey: "hunter2" };

async function storeAt(endpointUrl: string, changes: Parameters<typeof s3Store>[0] = {}): Promise<FileStore> {
  const provider = s3Store({ endpointUrl, regionName: "us-east-1", ...keys, ...changes });
  const store = await provider.open({ scheme: "s3", bucket: "b", path: "" });
  onTestFinished(() => store[Symbol.asyncDispose]());
  return store;
}

const large = new Uint8Array(9 * 1024 * 1024);

/** A client as it is for AWS: with an endpoint of its own, the SDK would add no checksums. */
function clientAt(endpoint: string): S3Client {
  const credentials = { accessKeyId: "key", secretAccessKey: "hunter2" };
  const client = new S3Client({ endpoint, region: "us-east-1", forcePathStyle: true, credentials });
  onTestFinished(() => client.destroy());
  return client;
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
test("parts with checksums belong to an upload that was begun with them, and are completed with them", async () => {
  const refusal = (text: string): Answer => ({
    status: 400,
    body: `<Error><Code>InvalidRequest</Code><Message>${text}</Message></Error>`,
  });
  let algorithm: string | undefined;
  const endpoint = await serverWith(({ method, url = "", headers }, body) => {
    if (method === "GET") return { body: "<ListMultipartUploadsResult/>" };
    if (url.includes("uploads")) {
      algorithm = headers["x-amz-checksum-algorithm"] as string | undefined;
      return { body: "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>" };
    }
    if (url.includes("partNumber")) {
      if (headers["x-amz-sdk-checksum-algorithm"] !== algorithm)
        return refusal(`expected checksum Type: ${algorithm ?? "null"}`);
      return { headers: { etag: "e", "x-amz-checksum-crc32": headers["x-amz-checksum-crc32"] as string } };
    }
    if (method === "DELETE") return { status: 204 };
    return body.toString().match(/<ChecksumCRC32>/g)?.length === 2
      ? { body: "<CompleteMultipartUploadResult/>" }
      : refusal("The complete request must include the checksum for each part.");
  });
  const store = await s3Store({ client: clientAt(endpoint) }).open({ scheme: "s3", bucket: "b", path: "" });
  await store.put("a", large);
  expect(algorithm).toBe("CRC32");
});

test("a bucket of another region is found", async () => {
  const endpoint = await serverWith(({ headers }) =>
    headers.authorization?.includes("/eu-west-1/s3/") === true
      ? { headers: { "content-length": "7", "last-modified": new Date(0).toUTCString() } }
      : { status: 301, headers: { "x-amz-bucket-region": "eu-west-1" } },
  );
  const store = await storeAt(endpoint);
  expect(await store.stat("a")).toMatchObject({ bytes: 7 });
});

test("files are deleted where the only checksum that is known is the old one", async () => {
  const endpoint = await serverWith(({ headers }, body) =>
    headers["content-md5"] === createHash("md5").update(body).digest("base64")
      ? { body: "<DeleteResult/>" }
      : { status: 400, body: "<Error><Code>InvalidRequest</Code><Message>Missing Content-MD5</Message></Error>" },
  );
  expect(await (await storeAt(endpoint)).delete(["a", "b"])).toEqual([]);
});

test.each([
  ["whole", new Uint8Array(1)],
  ["in parts", large],
])("a server that stays silent is given up: %s", async (_, content) => {
  const store = await storeAt(await serverWith(() => null), { timeoutMs: 50 });
  await expect(store.put("a", content)).rejects.toMatchObject({ code: "FILE_STORE_UNAVAILABLE", retryable: true });
});

test.each([
  [400, "", "FILE_STORE_DENIED", "Could not look up s3://b/a: 400, as for credentials that have expired."],
  [403, "", "FILE_STORE_DENIED", "Could not look up s3://b/a: 403."],
  [501, "", "FILE_STORE_FAILED", "Could not look up s3://b/a: 501."],
])("an answer without a text says what it can: %i", async (status, body, code, message) => {
  const store = await storeAt(await serverWith(() => ({ status, body })));
  await expect(store.stat("a")).rejects.toMatchObject({ code, message });
});

test.each([
  ["ExpiredToken", 400, "FILE_STORE_DENIED", false],
  ["KeyTooLongError", 400, "FILE_KEY_INVALID", false],
  ["NoSuchBucket", 404, "FILE_STORE_MISSING", false],
  ["NoSuchUpload", 404, "FILE_STORE_UNAVAILABLE", true],
  ["SlowDown", 503, "FILE_STORE_UNAVAILABLE", true],
])("%s", async (code, status, expected, retryable) => {
  const body = `<Error><Code>${code}</Code><Message>what happened</Message></Error>`;
  const store = await storeAt(await serverWith(() => ({ status, body })));
  const error = await store.put("a", new Uint8Array(1)).catch((caught: unknown) => caught);
  expect(error).toMatchObject({
    code: expected,
    retryable,
    message: `Could not write s3://b/a: ${status} ${code}: what happened.`,
  });
  expect(String(error)).not.toContain("hunter2");
});
