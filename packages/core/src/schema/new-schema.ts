import type { Schema, SchemaContent } from "../contract/index.js";
import { attachNaming, bindSchema, type SchemaBinding } from "./bind-schema.js";
import { normalizeTable } from "./normalize-table.js";
import { relationalNormalizer } from "./normalizer-settings.js";
import { verifySchemaName } from "./schema-name.js";
import { loadsTable, versionTable } from "./system-tables.js";
import { withTables } from "./tables.js";
import { linkHash, versionHash } from "./version.js";

/**
 * A schema with the system tables and default settings, never stored.
 *
 * @throws SchemaError for an invalid name
 */
export function newSchema(name: string, binding: SchemaBinding = {}): Schema {
  verifySchemaName(name);
  const content: SchemaContent = {
    name,
    version: 1,
    versionHash: "",
    previousHashes: [],
    settings: { detections: ["iso_timestamp"] },
    normalizers: { names: binding.names ?? "snake_case", json: { module: relationalNormalizer } },
    tables: new Map(),
  };
  const schema = bindSchema(attachNaming(content, binding), binding);
  return withTables(schema, [normalizeTable(versionTable, schema.naming), normalizeTable(loadsTable, schema.naming)]);
}

/** The same content as a schema of its own, never stored. */
export function renameSchema(schema: Schema, name: string): Schema {
  verifySchemaName(name);
  const { importedVersionHash: _, ...content } = schema;
  return { ...content, name, version: 1, versionHash: "", previousHashes: [] };
}

/**
 * Takes over the content of another schema with its version and hash. `link` keeps the hash of what is replaced among
 * the previous ones.
 */
export function replaceContent(schema: Schema, other: Schema, { link = false } = {}): Schema {
  const replaced = versionHash(schema);
  return link && replaced !== versionHash(other) ? linkHash(other, replaced) : other;
}
