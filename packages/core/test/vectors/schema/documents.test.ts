import { expect } from "vitest";
import type { Schema } from "../../../src/contract/index.js";
import { decodeJson } from "../../../src/json/decode.js";
import { encodeJson } from "../../../src/json/encode.js";
import { readContent, type StoredDocument } from "../../../src/schema/document.js";
import { exportDocument, formatSchema } from "../../../src/schema/format-schema.js";
import { migrateDocument } from "../../../src/schema/migrate.js";
import { type ParseSchemaOptions, parseSchema } from "../../../src/schema/parse-schema.js";
import { bumpVersion, isModified, versionHash } from "../../../src/schema/version.js";
import { testVectors } from "../read-vectors.js";
import { readBlockYaml } from "./block-yaml.js";
import { outcome, plain } from "./stored-form.js";

interface Loaded {
  readonly version: number;
  readonly version_hash: string;
  readonly stored_version: number;
  readonly stored_version_hash: string;
  readonly previous_hashes: readonly string[];
  readonly is_modified: boolean;
  /** Absent for large documents. */
  readonly document_text: string | null;
  readonly pretty_yaml?: string | null;
}

interface DocumentCase {
  readonly input_text: string;
  readonly migrated_text?: string;
  readonly load_error?: string;
  readonly hash_matches_stored: boolean | { readonly error: string };
  readonly loaded?: Loaded;
  readonly loaded_without_hints?: Loaded;
}

testVectors<DocumentCase>("schema-documents", (vector) => {
  const { input_text, migrated_text, load_error, loaded, loaded_without_hints, hash_matches_stored } = vector;
  const document = decodeJson(input_text) as StoredDocument;
  const load = (options: ParseSchemaOptions = {}) => parseSchema(input_text, { verify: true, ...options });
  if (load_error !== undefined) {
    const result = outcome(() => load());
    if (ownErrors.has(load_error)) expect(result).toEqual({ error: expect.any(String) });
    else expect(result).toEqual({ error: load_error });
    return;
  }
  expect(plain(migrateDocument(document))).toEqual(plain(decodeJson(migrated_text ?? "")));
  // The reference took the hash of the document as it is; ours is that of the content, with the names of tables and
  // columns.
  if (document.get("engine_version") === 11 && input_text.includes('"name":"_dlt_loads"')) {
    const content = readContent(document);
    expect(versionHash(content) === content.versionHash).toBe(hash_matches_stored);
  }
  expectLoaded(load(), loaded as Loaded);
  expectLoaded(load({ removeProcessingHints: true }), loaded_without_hints as Loaded);
});

/** With these the reference only stumbles over a document that is no schema; here the errors say what is missing. */
const ownErrors: ReadonlySet<string> = new Set(["AttributeError", "KeyError", "TypeError", "ValueError"]);

function expectLoaded(schema: Schema, loaded: Loaded): void {
  const bumped = bumpVersion(schema);
  if (loaded.document_text !== null)
    expect(plain(decodeJson(formatSchema(bumped)))).toEqual(plain(decodeJson(loaded.document_text)));
  expect({ version: schema.version, hash: schema.versionHash }).toEqual({
    version: loaded.stored_version,
    hash: loaded.stored_version_hash,
  });
  expect({ version: bumped.version, hash: bumped.versionHash }).toEqual({
    version: loaded.version,
    hash: loaded.version_hash,
  });
  expect(bumped.previousHashes).toEqual(loaded.previous_hashes);
  expect(isModified(schema)).toBe(loaded.is_modified);
  if (loaded.pretty_yaml) expectYaml(exportDocument(schema), loaded.pretty_yaml);
}

/** Content and order of keys. */
function expectYaml(document: StoredDocument, yaml: string): void {
  expect(encodeJson(document)).toBe(encodeJson(readBlockYaml(yaml)));
}
