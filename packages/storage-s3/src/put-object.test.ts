import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { s3Store } from "./s3-store.js";

type Answer = (command: object, options: { readonly abortSignal?: AbortSignal }) => unknown;

/** A store whose requests are answered here, and the names of what was asked for. */
async function answeredStore(answer: Answer) {
  const log: string[] = [];
  const client = {
    async send(command: object, options: { readonly abortSignal?: AbortSignal } = {}) {
      log.push(command.constructor.name);
      return (await answer(command, options)) ?? {};
    },
  } as unknown as S3Client;
  const store = await s3Store({ client }).open({ scheme: "s3", bucket: "b", path: "" });
  return { store, log };
}

const large = new Uint8Array(30 * 1024 * 1024);
const refused = Object.assign(new Error("no"), { name: "InternalError", $metadata: { httpStatusCode: 500 } });

test("a small file is one request", async () => {
  const { store, log } = await answeredStore(() => undefined);
  await store.put("a", new Uint8Array(8 * 1024 * 1024));
  expect(log).toEqual([PutObjectCommand.name]);
});

test("a large file is written in parts that are named in their order", async () => {
  let completed: object | undefined;
  const { store, log } = await answeredStore((command) => {
    if (command instanceof CreateMultipartUploadCommand) return { UploadId: "u" };
    if (command instanceof UploadPartCommand) return { ETag: `e${command.input.PartNumber}` };
    if (command instanceof CompleteMultipartUploadCommand) completed = command.input;
    return undefined;
  });
  expect(await store.putIfAbsent("a", large)).toBe(true);
  expect(log.filter((name) => name === UploadPartCommand.name)).toHaveLength(4);
  expect(completed).toMatchObject({
    UploadId: "u",
    IfNoneMatch: "*",
    MultipartUpload: { Parts: [1, 2, 3, 4].map((PartNumber) => ({ PartNumber, ETag: `e${PartNumber}` })) },
  });
  expect(log).not.toContain(AbortMultipartUploadCommand.name);
});

test("parts are taken back when one fails, after the others have ended", async () => {
  let running = 0;
  let runningAtEnd = -1;
  const { store, log } = await answeredStore(async (command, { abortSignal }) => {
    if (command instanceof AbortMultipartUploadCommand) runningAtEnd = running;
    if (!(command instanceof UploadPartCommand)) return undefined;
    if (command.input.PartNumber === 2) throw refused;
    running += 1;
    await new Promise((resolve) => abortSignal?.addEventListener("abort", resolve));
    running -= 1;
    throw abortSignal?.reason;
  });
  await expect(store.put("a", large)).rejects.toMatchObject({
    code: "FILE_STORE_UNAVAILABLE",
    retryable: true,
    message: "Could not write s3://b/a: 500 InternalError: no.",
  });
  expect(log.at(-1)).toBe(AbortMultipartUploadCommand.name);
  expect(log).not.toContain(CompleteMultipartUploadCommand.name);
  expect(runningAtEnd).toBe(0);
});

test("parts are taken back on a signal, with requests that the signal does not stop", async () => {
  const stop = new AbortController();
  const reason = new Error("stopped");
  let takenBack: AbortSignal | "unstoppable" | undefined;
  const { store, log } = await answeredStore((command, { abortSignal }) => {
    if (command instanceof UploadPartCommand) stop.abort(reason);
    if (command instanceof AbortMultipartUploadCommand) takenBack = abortSignal ?? "unstoppable";
    return undefined;
  });
  await expect(store.put("a", large, { signal: stop.signal })).rejects.toBe(reason);
  expect(takenBack).toBe("unstoppable");
  expect(log).not.toContain(CompleteMultipartUploadCommand.name);
});

test("what cannot be taken back does not hide why it should be", async () => {
  const { store } = await answeredStore((command) => {
    if (command instanceof UploadPartCommand || command instanceof AbortMultipartUploadCommand) throw refused;
    return undefined;
  });
  await expect(store.put("a", large)).rejects.toMatchObject({ code: "FILE_STORE_UNAVAILABLE" });
});

test("files that are not deleted are told one by one, by what was answered for each", async () => {
  const { store } = await answeredStore(() => ({
    Errors: [
      { Key: "a", Code: "AccessDenied", Message: "Access Denied" },
      { Key: "b", Code: "SlowDown", Message: "Please reduce your request rate." },
    ],
  }));
  expect(await store.delete(["a", "b", "c"])).toMatchObject([
    {
      key: "a",
      error: { code: "FILE_STORE_DENIED", message: "Could not delete s3://b/a: AccessDenied: Access Denied." },
    },
    { key: "b", error: { code: "FILE_STORE_UNAVAILABLE", retryable: true } },
  ]);
});

test("a thousand files are deleted by one request", async () => {
  const { store, log } = await answeredStore(() => undefined);
  await store.delete(Array.from({ length: 2001 }, (_, index) => `f${index}`));
  expect(log).toHaveLength(3);
});
