import type { FileStore, StoreOptions } from "./file-store.js";

const filesAtOnce = 1000;

/**
 * Deletes the files whose keys start with a text and that `isMeant` takes (default: all of them).
 * @throws DestinationError for the first that could not be deleted, after all others were tried
 */
export async function deleteFiles(
  store: FileStore,
  prefix: string,
  { signal, isMeant = () => true }: StoreOptions & { readonly isMeant?: (key: string) => boolean } = {},
): Promise<void> {
  const options = signal === undefined ? {} : { signal };
  const errors: Error[] = [];
  let keys: string[] = [];
  const flush = async (): Promise<void> => {
    for (const { error } of await store.delete(keys, options)) errors.push(error);
    keys = [];
  };
  for await (const { key } of store.list(prefix, options)) {
    if (!isMeant(key)) continue;
    keys.push(key);
    if (keys.length === filesAtOnce) await flush();
  }
  if (keys.length > 0) await flush();
  if (errors[0] !== undefined) throw errors[0];
}
