import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterEach, expect, test, vi } from "vitest";
import { s3Store } from "./s3-store.js";

type Answer = (command: object, options: { readonly abortSignal?: AbortSignal }) => unknown;

/** A store whose requests are answered here, and the names of what was asked for. */
async function answeredStore(answer: Answer) {
  const log: string[] = [];
  const client = {
    config: { requestChecksumCalculation: async () => "WHEN_SUPPORTED" },
    async send(command: object, options: { readonly abortSignal?: AbortSignal } = {}) {
      log.push(command.constructor.name);
      return (await answer(command, options)) ?? {};
    },
  } as unknown as S3Client;
  const store = await s3Store({ client }).open({ scheme: "s3", bucket: "b", path: "" });
  return { store, log };
}

afterEach(() => void vi.useRealTimers());

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

test("parts are taken back when one fails, after the others have ended, and no other is begun", async () => {
  const running = new Set<number | undefined>();
  let runningAtEnd = -1;
  let endOther = (): void => undefined;
  const { store, log } = await answeredStore(async (command) => {
    if (command instanceof AbortMultipartUploadCommand) runningAtEnd = running.size;
    if (!(command instanceof UploadPartCommand)) return undefined;
    const { PartNumber } = command.input;
    if (PartNumber === 2) {
      setImmediate(endOther);
      throw refused;
    }
    running.add(PartNumber);
    await new Promise<void>((resolve) => {
      endOther = resolve;
    });
    running.delete(PartNumber);
    return { ETag: "e" };
  });
  await expect(store.put("a", large)).rejects.toMatchObject({
    code: "FILE_STORE_UNAVAILABLE",
    retryable: true,
    message: "Could not write s3://b/a: 500 InternalError: no.",
  });
  expect(log.filter((name) => name === UploadPartCommand.name)).toHaveLength(2);
  expect(log.at(-1)).toBe(AbortMultipartUploadCommand.name);
  expect(log).not.toContain(CompleteMultipartUploadCommand.name);
  expect(runningAtEnd).toBe(0);
});

test("parts that do not come to an end are cut off before the upload is taken back", async () => {
  const stop = new AbortController();
  const reason = new Error("stopped");
  let cut = 0;
  const { store, log } = await answeredStore(async (command, { abortSignal }) => {
    if (!(command instanceof UploadPartCommand)) return undefined;
    await new Promise((resolve) => abortSignal?.addEventListener("abort", resolve));
    cut += 1;
    throw abortSignal?.reason;
  });
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const put = store.put("a", large, { signal: stop.signal });
  await vi.waitFor(() => expect(log.filter((name) => name === UploadPartCommand.name)).toHaveLength(2));
  stop.abort(reason);
  vi.advanceTimersByTime(4999);
  expect(cut).toBe(0);
  vi.advanceTimersByTime(1);
  await expect(put).rejects.toBe(reason);
  expect(cut).toBe(2);
  expect(log.at(-1)).toBe(AbortMultipartUploadCommand.name);
});

test("an upload is taken back that was begun while the signal said stop", async () => {
  const stop = new AbortController();
  const reason = new Error("stopped");
  const taken: (string | undefined)[] = [];
  const signals = new Map<string, AbortSignal | undefined>();
  const { store, log } = await answeredStore((command, { abortSignal }) => {
    signals.set(command.constructor.name, abortSignal);
    if (command instanceof AbortMultipartUploadCommand) taken.push(command.input.UploadId);
    if (!(command instanceof CreateMultipartUploadCommand)) return undefined;
    stop.abort(reason);
    return { UploadId: "u" };
  });
  await expect(store.put("a", large, { signal: stop.signal })).rejects.toBe(reason);
  expect(taken).toEqual(["u"]);
  expect(log).not.toContain(UploadPartCommand.name);
  // The signal stops neither, or nobody would hear of the upload, or take it back.
  expect(signals.get(CreateMultipartUploadCommand.name)).toBeUndefined();
  expect(signals.get(AbortMultipartUploadCommand.name)).toBeUndefined();
});

test("what earlier attempts left of the same file is taken back first, and nothing else", async () => {
  const taken: (string | undefined)[] = [];
  const { store, log } = await answeredStore((command) => {
    if (command instanceof ListMultipartUploadsCommand)
      return { Uploads: ["a", "ab", "a"].map((Key, index) => ({ Key, UploadId: `u${index}` })) };
    if (command instanceof AbortMultipartUploadCommand) taken.push(command.input.UploadId);
    return undefined;
  });
  await store.put("a", large);
  expect(taken).toEqual(["u0", "u2"]);
  expect(log.at(-1)).toBe(CompleteMultipartUploadCommand.name);
  // Of several that write a file that is to be absent, none ends the others.
  log.length = 0;
  await store.putIfAbsent("a", large);
  expect(log).not.toContain(ListMultipartUploadsCommand.name);
});

test("a file is written also by those who may not list uploads", async () => {
  const { store, log } = await answeredStore((command) => {
    if (command instanceof ListMultipartUploadsCommand) throw refused;
    return undefined;
  });
  await store.put("a", large);
  expect(log.at(-1)).toBe(CompleteMultipartUploadCommand.name);
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
