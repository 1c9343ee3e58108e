import { encodeBase64, encodeJson, sha3_256 } from "@dlt/core/engine";
import type { StateObject } from "./state-object.js";

/** SHA3-256 of the typed JSON of a document with sorted keys, without versions, hash and local part; Base64. */
export function documentHash(document: StateObject): string {
  const content = new Map(document);
  for (const key of unhashedKeys) content.delete(key);
  const json = encodeJson(content, { typed: true, sorted: true });
  return encodeBase64(sha3_256(new TextEncoder().encode(json)), { padding: true });
}

const unhashedKeys = ["_local", "_state_version", "_state_engine_version", "_version_hash"];
