import type { FileStore } from "./file-store.js";
import { checkKey, checkPrefix } from "./keys.js";

/** The part of a store whose keys are below a path, as a store of its own; with an empty path the whole. */
export function storeBelow(store: FileStore, path: string): FileStore {
  if (path === "") return store;
  const below = `${checkKey(path)}/`;
  const full = (key: string) => below + checkKey(key);
  return {
    urlOf: (key) => store.urlOf(key === "" ? path : below + key),
    put: async (key, content, options) => await store.put(full(key), content, options),
    putIfAbsent: async (key, content, options) => await store.putIfAbsent(full(key), content, options),
    async *get(key, options) {
      yield* store.get(full(key), options);
    },
    async *list(prefix, options) {
      for await (const file of store.list(below + checkPrefix(prefix), options))
        yield { ...file, key: file.key.slice(below.length) };
    },
    delete: async (keys, options) =>
      (await store.delete(keys.map(full), options)).map(({ key, error }) => ({ key: key.slice(below.length), error })),
    async stat(key, options) {
      const file = await store.stat(full(key), options);
      return file === null ? null : { ...file, key };
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}
