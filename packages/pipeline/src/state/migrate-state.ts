import { type JsonValue, PackageError } from "@dlt/core";
import { documentHash } from "./document-hash.js";
import type { StateObject } from "./state-object.js";

/** Version of the layout of a state document, that of Python dlt 1.26. */
export const stateEngineVersion = 4;

/**
 * Brings a document to the current layout.
 * @throws PackageError `STATE_ENGINE_TOO_NEW`, `STATE_DOCUMENT_INVALID`
 */
export function migrateState(document: StateObject): StateObject {
  const from = document.get("_state_engine_version");
  if (typeof from !== "number" || !Number.isInteger(from) || from < 1) {
    throw new PackageError("STATE_DOCUMENT_INVALID", "A pipeline state has no valid `_state_engine_version`.", {
      hint: "Drop the local state of this pipeline to take it from the destination again.",
    });
  }
  if (from > stateEngineVersion) {
    throw new PackageError(
      "STATE_ENGINE_TOO_NEW",
      `A pipeline state has the engine version ${from}; this version of dlt reads up to ${stateEngineVersion}. Nothing was changed.`,
      { hint: "Update the @dlt packages.", context: { engineVersion: from, supported: stateEngineVersion } },
    );
  }
  let migrated = document;
  if (from < 2) migrated = withEntry(migrated, "_local", new Map());
  if (from < 3) migrated = withEntry(migrated, "_version_hash", documentHash(migrated));
  if (from < 4) migrated = splitReference(splitReference(migrated, "destination"), "staging");
  return withEntry(migrated, "_state_engine_version", stateEngineVersion);
}

/** `destination` becomes `destination_type` and `destination_name`, which is null because none was given. */
function splitReference(document: StateObject, key: "destination" | "staging"): StateObject {
  const type = document.get(key);
  if (typeof type !== "string") return document;
  const migrated = new Map(document);
  migrated.delete(key);
  return migrated.set(`${key}_type`, type).set(`${key}_name`, null);
}

function withEntry(document: StateObject, key: string, value: JsonValue): StateObject {
  return new Map(document).set(key, value);
}
