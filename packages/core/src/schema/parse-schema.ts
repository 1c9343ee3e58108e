import type { PartialTable, Schema, SchemaContent, SchemaText, TableSchema } from "../contract/index.js";
import { SchemaError } from "../errors/index.js";
import { decodeJson } from "../json/decode.js";
import type { JsonValue } from "../json/value.js";
import { attachNaming, type SchemaPlace } from "./bind-schema.js";
import { readContent, readTable, readTables, type StoredDocument } from "./document.js";
import { withoutProcessingHints } from "./format-schema.js";
import { migrateDocument } from "./migrate.js";
import { normalizeJsonConfig, relationalNormalizer } from "./normalizer-settings.js";
import { withJsonConfig } from "./root-key.js";
import { verifyDocument } from "./verify.js";
import { bumpVersion } from "./version.js";

export interface ParseSchemaOptions extends SchemaPlace {
  /** Leaves out what a pipeline noted on tables. Default: false. */
  readonly removeProcessingHints?: boolean;
  /** Checks keys and values strictly, as for documents that people write. Default: false. */
  readonly verify?: boolean;
}

/**
 * Reads a stored schema. An old document is brought up to the engine version in force; its version is bumped when that,
 * or anything else since it was stored, changed its content. Names, settings and normalizers stay those of the
 * document: `bindSchema` changes them.
 *
 * @throws SchemaError for a document that is no schema, or was written by a newer version
 */
export function parseSchema(text: SchemaText, options: ParseSchemaOptions = {}): Schema {
  const { removeProcessingHints = false, verify = false, ...place } = options;
  if (removeProcessingHints || verify) return readSchema(parseDocument(text), options);
  return placed(recentContents.get(text) ?? remembered(text, contentOf(parseDocument(text), options)), place);
}

/** The same for a document that was read already, from YAML for instance. */
export function readSchema(document: StoredDocument, options: ParseSchemaOptions = {}): Schema {
  const { removeProcessingHints = false, verify = false, ...place } = options;
  return placed(contentOf(document, { removeProcessingHints, verify }), place);
}

/** Contents by their stored text: one run reads the same few documents a dozen times, and hashing one costs most of reading it. */
const recentContents = new Map<SchemaText, SchemaContent>();
const mostRecentContents = 4;

function remembered(text: SchemaText, content: SchemaContent): SchemaContent {
  recentContents.set(text, content);
  for (const [oldest] of recentContents) {
    if (recentContents.size <= mostRecentContents) break;
    recentContents.delete(oldest);
  }
  return content;
}

type ContentOptions = Pick<ParseSchemaOptions, "removeProcessingHints" | "verify">;

function contentOf(
  document: StoredDocument,
  { removeProcessingHints = false, verify = false }: ContentOptions,
): SchemaContent {
  const migrated = migrateDocument(document);
  const content = withDefaults(readContent(migrated));
  if (verify) verifyDocument(migrated, content);
  return bumpVersion(removeProcessingHints ? withoutProcessingHints(content) : content);
}

function placed(bumped: SchemaContent, place: SchemaPlace): Schema {
  const schema = withNormalizedConfig(attachNaming({ ...bumped, normalizers: completed(bumped.normalizers) }, place));
  for (const table of [schema.system.versionTable, schema.system.loadsTable]) {
    if (!schema.tables.has(table)) {
      throw new SchemaError("SCHEMA_CORRUPTED", `The schema \`${schema.name}\` has no table \`${table}\`.`, {
        hint: "Restore the document, or delete it so that the schema is made again.",
        context: { schema: schema.name, table },
      });
    }
  }
  return schema;
}

/** Reads a table that is stored by itself. */
export function parseTable(text: string): PartialTable {
  return readTable(parseDocument(text));
}

/** Reads tables that are stored by name. */
export function parseTables(text: string): readonly PartialTable[] {
  return [...readTables(parseDocument(text)).values()];
}

function parseDocument(text: string): StoredDocument {
  const document: JsonValue = decodeJson(text);
  if (document instanceof Map) return document;
  throw new SchemaError("SCHEMA_DOCUMENT_INVALID", "The stored text is JSON, but not an object.", {
    hint: "Restore the document, or delete it so that it is made again.",
  });
}

function completed(normalizers: Partial<SchemaContent["normalizers"]>): SchemaContent["normalizers"] {
  return {
    ...normalizers,
    names: normalizers.names ?? "snake_case",
    json: normalizers.json ?? { module: relationalNormalizer },
  };
}

function withNormalizedConfig(schema: Schema): Schema {
  const { config } = schema.normalizers.json;
  return config?.propagation ? withJsonConfig(schema, normalizeJsonConfig(config, schema.naming)) : schema;
}

function withDefaults(content: SchemaContent): SchemaContent {
  return { ...content, tables: new Map([...content.tables].map(([name, table]) => [name, tableWithDefaults(table)])) };
}

function tableWithDefaults(table: TableSchema): TableSchema {
  return {
    ...table,
    ...(!table.parent && {
      writeDisposition: table.writeDisposition ?? "append",
      resource: table.resource ?? table.name,
    }),
  };
}
