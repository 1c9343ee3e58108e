import type { SchemaContent } from "../contract/index.js";
import { encodeBase64 } from "../hash/base64.js";
import { sha3_256 } from "../hash/keccak.js";
import { compareCodePoints } from "../json/code-point-order.js";
import { encodeJson } from "../json/encode.js";
import { contentDocument } from "./document.js";

const maxPreviousHashes = 10;

/**
 * Hash of a schema's content: SHA3-256 in Base64, over the sorted JSON of the document without its versions, followed
 * by the names of all columns in their order (Python dlt 1.26, `generate_version_hash`). It depends on the order of
 * columns, not on that of tables and keys.
 */
export function versionHash(schema: SchemaContent): string {
  const document = new Map(contentDocument(schema));
  for (const key of ["version", "version_hash", "imported_version_hash", "previous_hashes"]) document.delete(key);
  let text = encodeJson(document, { sorted: true, anyInteger: true });
  for (const name of [...schema.tables.keys()].sort(compareCodePoints)) {
    text += name;
    for (const column of schema.tables.get(name)?.columns.keys() ?? []) text += column;
  }
  return encodeBase64(sha3_256(new TextEncoder().encode(text)), { padding: true });
}

/** True when the content is not what was last stored. */
export function isModified(schema: SchemaContent): boolean {
  return versionHash(schema) !== schema.versionHash;
}

/**
 * Gives the schema the hash of its content and, when that changed, the next version. Needed before a schema is stored.
 */
export function bumpVersion<Content extends SchemaContent>(schema: Content): Content {
  const hash = versionHash(schema);
  if (hash === schema.versionHash) return schema;
  if (schema.versionHash === "") return { ...schema, version: schema.version || 1, versionHash: hash };
  return { ...linkHash(schema, schema.versionHash), version: schema.version + 1, versionHash: hash };
}

/** Puts a hash before the other previous ones, unless it is among them. */
export function linkHash<Content extends SchemaContent>(schema: Content, hash: string): Content {
  if (schema.previousHashes.includes(hash)) return schema;
  return { ...schema, previousHashes: [hash, ...schema.previousHashes].slice(0, maxPreviousHashes) };
}
