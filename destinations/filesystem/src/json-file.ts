import { DestinationError } from "@dlt/core";
import { type FileStore, readText, type StoreOptions } from "@dlt/storage";

export type JsonObject = Readonly<Record<string, unknown>>;

/** Reads a file that holds one JSON object. */
export async function readJson(store: FileStore, key: string, options: StoreOptions): Promise<JsonObject> {
  const text = await readText(store, key, options);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw unreadable(store, key, "is no JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw unreadable(store, key, "holds no JSON object");
  return value as JsonObject;
}

/** The text of a file for an object; Python dlt writes none at the end of its line either. */
export function jsonBytes(value: JsonObject): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

/** An error for a system file whose content is not what it should be. */
export function unreadable(store: FileStore, key: string, reason: string): DestinationError {
  const url = store.urlOf(key);
  return new DestinationError("DESTINATION_RECORD_UNREADABLE", `${url} ${reason}.`, {
    hint: "Restore the file, or delete it; somebody changed it.",
    context: { url },
  });
}
