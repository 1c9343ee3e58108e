import type { PartialTable, SchemaContent, SchemaText } from "../contract/index.js";
import { encodeJson } from "../json/encode.js";
import type { JsonValue } from "../json/value.js";
import { contentDocument, type StoredDocument, tableDocument, tablesDocument } from "./document.js";
import { bumpVersion } from "./version.js";

/** The stored form of a schema as it is, compact. Bump its version before it is stored for good. */
export function formatSchema(schema: SchemaContent): SchemaText {
  return encodeJson(contentDocument(schema), { anyInteger: true });
}

/** The same for people, with an indentation of two spaces. */
export function formatPrettySchema(schema: SchemaContent): string {
  return encodeJson(contentDocument(schema), { pretty: true, anyInteger: true });
}

/** A table as it is stored by itself. */
export function formatTable(table: PartialTable): string {
  return encodeJson(tableDocument(table), { anyInteger: true });
}

/** Tables as they are stored by name, such as the schema updates of a package. */
export function formatTables(tables: Iterable<PartialTable>): string {
  return encodeJson(tablesDocument(tables), { anyInteger: true });
}

export interface ExportOptions {
  /** Leaves out the names of tables and columns, which are keys already, and the hash of the import file. Default: true. */
  readonly removeDefaults?: boolean;
  /** Leaves out what a pipeline noted on tables, as for a folder that schemas are imported from. Default: false. */
  readonly removeProcessingHints?: boolean;
}

/**
 * The document for a folder that people edit, in the order in which it is written. Its version and hash are those of what it
 * says, with the names that were left out.
 */
export function exportDocument(
  schema: SchemaContent,
  { removeDefaults = true, removeProcessingHints = false }: ExportOptions = {},
): StoredDocument {
  const content = bumpVersion(removeProcessingHints ? withoutProcessingHints(schema) : schema);
  const document = new Map(contentDocument(content));
  if (!removeDefaults) return document;
  document.delete("imported_version_hash");
  const tables = members(document.get("tables")).map(([name, table]): [string, JsonValue] => {
    const columns = members(table.get("columns")).map(([column, hints]): [string, JsonValue] => [
      column,
      withoutName(hints),
    ]);
    return [name, withoutName(new Map(table).set("columns", new Map(columns)))];
  });
  return document.set("tables", new Map(tables));
}

function withoutName(document: StoredDocument): JsonValue {
  return new Map([...document].filter(([key]) => key !== "name"));
}

function members(value: JsonValue | undefined): readonly (readonly [string, StoredDocument])[] {
  return [...(value as ReadonlyMap<string, StoredDocument>)];
}

const tableHints = ["x-normalizer", "x-loader", "x-extractor"] as const;

/** Removes what extracting, normalizing and loading note on tables and columns. */
export function withoutProcessingHints<Content extends SchemaContent>(schema: Content): Content {
  const tables = new Map<string, PartialTable>();
  for (const table of schema.tables.values()) {
    const columns = new Map([...table.columns].map(([name, column]) => [name, without(column, ["x-normalizer"])]));
    tables.set(table.name, { ...without(table, tableHints), columns });
  }
  return { ...schema, tables };
}

function without<Hints extends object>(hints: Hints, removed: readonly string[]): Hints {
  return Object.fromEntries(Object.entries(hints).filter(([hint]) => !removed.includes(hint))) as Hints;
}
