import { DestinationError } from "@dlt/core";
import { type FileStore, readText, type StoreOptions } from "@dlt/storage";
import { type JsonObject, jsonBytes, unreadable } from "./json-file.js";

/** By which rules the files of a dataset are laid out: when it was made, and by now. */
export interface StorageVersion {
  readonly initial: number;
  readonly current: number;
}

/** File that says that a dataset is there, and by which rules. */
export const initKey = "init";

const newest = 2;

/** `null` when there is no dataset. An empty file is that of the first version, which named compressed files without `.gz`. */
export async function readVersion(store: FileStore, options: StoreOptions): Promise<StorageVersion | null> {
  if ((await store.stat(initKey, options)) === null) return null;
  const text = (await readText(store, initKey, options)).trim();
  if (text === "") return { initial: 1, current: 1 };
  let content: JsonObject;
  try {
    content = JSON.parse(text) as JsonObject;
  } catch {
    throw unreadable(store, initKey, "is no JSON");
  }
  const { initial_version: initial, current_version: current } = content;
  if (!isVersion(initial) || !isVersion(current)) {
    throw new DestinationError(
      "DATASET_VERSION_UNSUPPORTED",
      `The dataset at ${store.urlOf("")} has version ${JSON.stringify(current)} (made as ${JSON.stringify(initial)}); this library knows 1 and ${newest}.`,
      {
        hint: "Load with a newer version of this library, or into another dataset.",
        context: { url: store.urlOf("") },
      },
    );
  }
  return { initial, current };
}

/** What the file has to say from now on; `null` when it says so already. */
export function initContent(found: StorageVersion | null): Uint8Array | null {
  if (found?.current === newest) return null;
  return jsonBytes({ initial_version: found?.initial ?? newest, current_version: newest });
}

/** True for datasets whose compressed files show in their names that they are. */
export function showsCompression(found: StorageVersion | null): boolean {
  return found?.initial !== 1;
}

function isVersion(value: unknown): value is number {
  return value === 1 || value === newest;
}
