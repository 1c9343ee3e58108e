import type { Readable } from "node:stream";
import { InternalError } from "@dlt/core";
import { atOnce } from "./at-once.js";
import type { BucketLocation, BucketScheme } from "./bucket-url.js";
import type { FailedDelete, FileInfo, FileStore, FileStoreProvider, ReadOptions } from "./file-store.js";
import { checkKey, checkPrefix } from "./keys.js";
import { type Meaning, type ObjectRequest, requested, translated, untilStopped } from "./request.js";
import { type ContentSource, openSource } from "./source-file.js";
import { storeBelow } from "./store-below.js";
import type { FailedAction } from "./store-error.js";

/** The objects of one bucket as the client of a cloud reaches them. It throws errors of that client. */
export interface ObjectClient {
  /** e.g. `s3://bucket` */
  readonly url: string;
  /** How long nothing may be heard of a request, in milliseconds; `null`: the client sees to it. */
  readonly silenceMs: number | null;
  /** How many objects one request deletes. */
  readonly deletesAtOnce: number;
  /** What an error means. */
  meaningOf(error: unknown): Meaning;
  /** Writes an object, whole or not at all; with `ifAbsent` it fails as `taken` when there is one. */
  write(key: string, source: ContentSource, request: WriteRequest): Promise<void>;
  /** Opens an object, or bytes of it. */
  read(key: string, range: ReadOptions["range"], request: ObjectRequest): Promise<Readable>;
  /** A page of the objects whose keys start with a text. */
  list(prefix: string, token: string | undefined, request: ObjectRequest): Promise<ObjectPage>;
  /** Gives those that could not be deleted; those that are not there count as deleted. */
  delete(keys: readonly string[], request: ObjectRequest): Promise<readonly { key: string; error: unknown }[]>;
  /** Fails as `missing` when there is none. */
  look(key: string, request: ObjectRequest): Promise<Omit<FileInfo, "key">>;
  close(): Promise<void>;
}

export interface WriteRequest extends ObjectRequest {
  readonly ifAbsent: boolean;
}

export interface ObjectPage {
  readonly files: readonly FileInfo[];
  /** Of the next page. */
  readonly token: string | undefined;
}

type LocationOf<Scheme> = Extract<BucketLocation, { readonly scheme: Scheme }>;

/** Opens the buckets of a cloud: what `open` gives is the client, the rest is the same for all of them. */
export function objectStoreProvider<Scheme extends Exclude<BucketScheme, "file">>(
  scheme: Scheme,
  open: (location: LocationOf<Scheme> & { readonly bucket: string }) => Promise<ObjectClient>,
): FileStoreProvider {
  const isOwn = (location: BucketLocation): location is LocationOf<Scheme> & { path: string; bucket: string } =>
    location.scheme === scheme;
  return {
    scheme,
    async open(location) {
      if (!isOwn(location))
        throw new InternalError(
          "INTERNAL_STATE_UNEXPECTED",
          `\`${scheme}\` was to be opened for \`${location.scheme}\`.`,
        );
      return storeBelow(storeOf(await open(location)), location.path);
    },
  };
}

/** Requests of one call of `delete` that run at the same time. */
const deleteRequestsAtOnce = 16;

function storeOf(client: ObjectClient): FileStore {
  const urlOf = (key: string) => (key === "" ? client.url : `${client.url}/${key}`);
  const { silenceMs } = client;
  const meaningOf = (error: unknown) => client.meaningOf(error);
  const options = (action: FailedAction["action"], key: string, signal: AbortSignal | undefined) => ({
    action,
    url: urlOf(key),
    signal,
    silenceMs,
    meaningOf,
  });
  return {
    urlOf,
    async put(key, content, { signal } = {}) {
      checkKey(key);
      signal?.throwIfAborted();
      await using source = await openSource(content);
      await requested(options("write", key, signal), (request) =>
        client.write(key, source, { ...request, ifAbsent: false }),
      );
    },
    async putIfAbsent(key, content, { signal } = {}) {
      checkKey(key);
      signal?.throwIfAborted();
      await using source = await openSource(content);
      const write = async (request: ObjectRequest) => {
        await client.write(key, source, { ...request, ifAbsent: true });
        return true;
      };
      return await requested(options("write", key, signal), write, { failure: "taken", gives: false });
    },
    async *get(key, { signal, range } = {}) {
      checkKey(key);
      signal?.throwIfAborted();
      if (range !== undefined && range.end <= range.start) return;
      const what = options("read", key, signal);
      const nothing = { failure: "rangeEmpty", gives: null } as const;
      const stream = await requested<Readable | null>(what, (request) => client.read(key, range, request), nothing);
      if (stream === null) return;
      try {
        const pieces = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
        for (;;) {
          const next = (request: ObjectRequest) => untilStopped(() => pieces.next(), request.signal);
          const piece = await requested<IteratorResult<Uint8Array> | null>(what, next, nothing);
          if (piece === null || piece.done === true) return;
          yield piece.value;
        }
      } finally {
        stream.destroy();
      }
    },
    async *list(prefix, { signal } = {}) {
      checkPrefix(prefix);
      let token: string | undefined;
      do {
        const list = (request: ObjectRequest) => client.list(prefix, token, request);
        const page = await requested(options("list", prefix, signal), list);
        // Consoles make empty objects for folders.
        for (const file of page.files) if (!file.key.endsWith("/")) yield file;
        token = page.token;
      } while (token !== undefined);
    },
    async delete(keys, { signal } = {}) {
      for (const key of keys) checkKey(key);
      signal?.throwIfAborted();
      const failed: FailedDelete[] = [];
      await atOnce(deleteRequestsAtOnce, inParts(keys, client.deletesAtOnce), async (part) => {
        try {
          const remove = (request: ObjectRequest) => client.delete(part, request);
          for (const { key, error } of await requested(options("delete", part[0] ?? "", signal), remove))
            failed.push({ key, error: translated(error, { action: "delete", url: urlOf(key), meaningOf }) });
        } catch (error) {
          signal?.throwIfAborted();
          failed.push(...part.map((key) => ({ key, error: error as Error })));
        }
      });
      return failed;
    },
    async stat(key, { signal } = {}) {
      checkKey(key);
      const look = async (request: ObjectRequest) => ({ key, ...(await client.look(key, request)) });
      return await requested<FileInfo | null>(options("look up", key, signal), look, {
        failure: "missing",
        gives: null,
      });
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}

function* inParts(keys: readonly string[], size: number): Iterable<readonly string[]> {
  for (let start = 0; start < keys.length; start += size) yield keys.slice(start, start + size);
}
