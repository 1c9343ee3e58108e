import { getEventListeners } from "node:events";
import { Readable } from "node:stream";
import { describe, expect, test, vi } from "vitest";
import type { FileStore } from "./file-store.js";
import { type ObjectClient, objectStoreProvider } from "./object-store.js";
import { readText } from "./read-file.js";
import { httpFailure } from "./store-error.js";
import { fileStoreConformance } from "./testing.js";

class Refusal extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`answer ${status}`);
    this.status = status;
  }
}

/** Objects in memory, answered as a cloud does: page by page, with a status for what is refused. */
function memoryClient(changes: Partial<ObjectClient> = {}): ObjectClient {
  const objects = new Map<string, Uint8Array>();
  const modifiedAt = new Date(0);
  const objectOf = (key: string): Uint8Array => {
    const bytes = objects.get(key);
    if (bytes === undefined) throw new Refusal(404);
    return bytes;
  };
  return {
    url: "s3://b",
    silenceMs: 1000,
    deletesAtOnce: 3,
    meaningOf: (error) => ({
      failure: httpFailure((error as Partial<Refusal>).status, undefined),
      reason: (error as Error).message,
    }),
    async write(key, source, { ifAbsent }) {
      const bytes = await source.read(0, source.bytes);
      if (ifAbsent && objects.has(key)) throw new Refusal(412);
      objects.set(key, bytes.slice());
    },
    async read(key, range) {
      const bytes = objectOf(key);
      if (range !== undefined && range.start >= bytes.byteLength) throw new Refusal(416);
      return Readable.from([bytes.subarray(range?.start, range?.end)].filter(({ byteLength }) => byteLength > 0));
    },
    async list(prefix, token) {
      const keys = [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
      const start = Number(token ?? 0);
      const files = keys.slice(start, start + 10).map((key) => ({ key, bytes: objectOf(key).byteLength, modifiedAt }));
      return { files, token: start + 10 < keys.length ? String(start + 10) : undefined };
    },
    async delete(keys) {
      for (const key of keys) objects.delete(key);
      return [];
    },
    look: async (key) => ({ bytes: objectOf(key).byteLength, modifiedAt: new Date() }),
    close: async () => undefined,
    ...changes,
  };
}

const openWith = (client: ObjectClient): Promise<FileStore> =>
  objectStoreProvider("s3", async () => client).open({ scheme: "s3", bucket: "b", path: "" });

const shared = memoryClient();
fileStoreConformance({ name: "objects", open: () => openWith(shared) });

const bytes = new TextEncoder().encode("content");

test("a provider opens its own scheme alone", async () => {
  const provider = objectStoreProvider("s3", async () => memoryClient());
  await expect(provider.open({ scheme: "gs", bucket: "b", path: "" })).rejects.toMatchObject({
    code: "INTERNAL_STATE_UNEXPECTED",
  });
});

describe("a request of which nothing is heard is stopped, and may succeed later", () => {
  const unheard = { code: "FILE_STORE_UNAVAILABLE", retryable: true };

  test("before its answer", async () => {
    const look: ObjectClient["look"] = (_, { signal }) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const store = await openWith(memoryClient({ silenceMs: 20, look }));
    await expect(store.stat("a")).rejects.toMatchObject({
      ...unheard,
      message: "Could not look up s3://b/a: nothing was heard of the request for too long.",
    });
  });

  test("in the middle of an object", async () => {
    const stream = new Readable({ read: () => undefined });
    const store = await openWith(memoryClient({ silenceMs: 20, read: async () => stream }));
    stream.push(bytes);
    await expect(readText(store, "a")).rejects.toMatchObject(unheard);
    expect(stream.destroyed).toBe(true);
  });

  test("but not one that goes on", async () => {
    const write: ObjectClient["write"] = async (_key, _source, { heard }) => {
      for (let i = 0; i < 3; i += 1) {
        await vi.advanceTimersByTimeAsync(900);
        heard();
      }
    };
    const store = await openWith(memoryClient({ silenceMs: 1000, write }));
    vi.useFakeTimers();
    await store.put("a", bytes).finally(() => vi.useRealTimers());
  });
});

test("where something is to be written or listed, only the bucket can be missing", async () => {
  const missing = async () => {
    throw new Refusal(404);
  };
  const store = await openWith(memoryClient({ write: missing, list: missing }));
  await expect(store.put("a", bytes)).rejects.toMatchObject({ code: "FILE_STORE_MISSING" });
  await expect(store.list("a")[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: "FILE_STORE_MISSING" });
});

test("files that are not deleted are told one by one, also those of a request that failed as a whole", async () => {
  const remove: ObjectClient["delete"] = async (keys) => {
    if (keys.includes("d")) throw new Refusal(503);
    return keys.filter((key) => key !== "a").map((key) => ({ key, error: new Refusal(403) }));
  };
  const store = await openWith(memoryClient({ deletesAtOnce: 2, delete: remove }));
  const failed = await store.delete(["a", "b", "c", "d"]);
  expect([...failed].sort((a, b) => (a.key < b.key ? -1 : 1))).toMatchObject([
    { key: "b", error: { code: "FILE_STORE_DENIED", message: "Could not delete s3://b/b: answer 403." } },
    { key: "c", error: { code: "FILE_STORE_UNAVAILABLE", retryable: true } },
    { key: "d", error: { code: "FILE_STORE_UNAVAILABLE", retryable: true } },
  ]);
});

test("empty objects that consoles make for folders are not listed", async () => {
  const list: ObjectClient["list"] = async () => ({
    files: ["a/", "a/b"].map((key) => ({ key, bytes: 0, modifiedAt: new Date(0) })),
    token: undefined,
  });
  const keys: string[] = [];
  for await (const { key } of (await openWith(memoryClient({ list }))).list("a")) keys.push(key);
  expect(keys).toEqual(["a/b"]);
});

test("any number of requests may listen to one signal, and none does when it has ended", async () => {
  const warn = vi.spyOn(process, "emitWarning").mockReturnValue(undefined);
  const { signal } = new AbortController();
  const store = await openWith(memoryClient());
  await Promise.all(Array.from({ length: 30 }, (_, index) => store.put(`a/${index}`, bytes, { signal })));
  expect(getEventListeners(signal, "abort")).toEqual([]);
  expect(warn.mock.calls).toEqual([]);
  warn.mockRestore();
});
