import type { ConnectOptions } from "@dlt/core";
import type { FileStore } from "@dlt/storage";

/** A store that tells of each of its calls: before it, and after its answer. */
export function reportedStore(store: FileStore, reached: NonNullable<ConnectOptions["reached"]>): FileStore {
  const reported = async <Result>(call: () => Promise<Result>): Promise<Result> => {
    await reached("destination.request.sent");
    const result = await call();
    await reached("destination.request.answered");
    return result;
  };
  async function* reportedAll<Item>(items: () => AsyncIterable<Item>): AsyncIterable<Item> {
    await reached("destination.request.sent");
    yield* items();
    await reached("destination.request.answered");
  }
  return {
    urlOf: (key) => store.urlOf(key),
    put: (key, content, options) => reported(() => store.put(key, content, options)),
    putIfAbsent: (key, content, options) => reported(() => store.putIfAbsent(key, content, options)),
    get: (key, options) => reportedAll(() => store.get(key, options)),
    list: (prefix, options) => reportedAll(() => store.list(prefix, options)),
    delete: (keys, options) => reported(() => store.delete(keys, options)),
    stat: (key, options) => reported(() => store.stat(key, options)),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}
