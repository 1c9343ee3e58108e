import type { HintValue, PartialTable, SchemaContent } from "../contract/index.js";
import { SchemaError } from "../errors/index.js";
import { isPlainObject } from "../json/encode.js";
import { plainObjects } from "../json/plain-objects.js";
import type { JsonValue } from "../json/value.js";
import { ownMember } from "../values/own-member.js";

/** The engine version that documents are written with. */
export const schemaEngineVersion = 11;

/** A stored document, or a part of one: names in snake_case, in the order in which they are written. */
export type StoredDocument = ReadonlyMap<string, JsonValue>;

/**
 * Properties of a column and of a table as they are stored. Others are hints of adapters, whose names start with `x-`.
 */
const columnProperties = [
  "name",
  "description",
  "data_type",
  "precision",
  "scale",
  "timezone",
  "nullable",
  "variant",
  "primary_key",
  "merge_key",
  "partition",
  "cluster",
  "incremental",
  "unique",
  "sort",
  "row_key",
  "parent_key",
  "root_key",
  "hard_delete",
  "dedup_sort",
] as const;
const tableProperties = [
  "name",
  "columns",
  "description",
  "parent",
  "resource",
  "write_disposition",
  "schema_contract",
  "table_format",
  "file_format",
  "filters",
  "references",
  "table_sealed",
] as const;

/** Reads the content of a schema from a document of the engine version in force. */
export function readContent(document: StoredDocument): SchemaContent {
  const part = (name: string, format: Format): unknown => format.read(document.get(name) ?? new Map(), [name]);
  const text = (name: string): string | null => {
    const value = document.get(name) ?? null;
    if (value !== null && typeof value !== "string") throw unexpected([name], "a text");
    return value;
  };
  const version = document.get("version") ?? 1;
  if (typeof version !== "number") throw unexpected(["version"], "a number");
  const previousHashes = document.get("previous_hashes") ?? [];
  if (!Array.isArray(previousHashes)) throw unexpected(["previous_hashes"], "a list");
  const importedVersionHash = text("imported_version_hash");
  const description = text("description");
  const name = text("name");
  if (name === null) throw unexpected(["name"], "a text");
  return {
    name,
    version,
    versionHash: text("version_hash") ?? "",
    previousHashes: previousHashes as readonly string[],
    ...(importedVersionHash !== null && { importedVersionHash }),
    ...(description !== null && { description }),
    settings: part("settings", settings),
    normalizers: part("normalizers", normalizers),
    tables: part("tables", tables),
  } as SchemaContent;
}

/** Writes the content of a schema with all names and hints. */
export function contentDocument(content: SchemaContent): StoredDocument {
  const document = new Map<string, JsonValue>([
    ["version", content.version],
    ["version_hash", content.versionHash],
    ["engine_version", schemaEngineVersion],
    ["name", content.name],
    ["tables", tables.write(content.tables)],
    ["settings", settings.write(content.settings)],
    ["normalizers", normalizers.write(content.normalizers)],
    ["previous_hashes", [...content.previousHashes]],
  ]);
  if (content.importedVersionHash) document.set("imported_version_hash", content.importedVersionHash);
  if (content.description) document.set("description", content.description);
  return document;
}

/** Reads a table that is stored by itself. */
export function readTable(document: StoredDocument): PartialTable {
  const name = document.get("name");
  if (typeof name !== "string") throw unexpected(["name"], "a text");
  return readTables(new Map([[name, document as JsonValue]])).get(name) as PartialTable;
}

export function tableDocument(table: PartialTable): StoredDocument {
  return tablesDocument([table]).get(table.name) as StoredDocument;
}

/** Reads tables that are stored by name. */
export function readTables(document: StoredDocument): ReadonlyMap<string, PartialTable> {
  return tables.read(document as JsonValue, ["tables"]) as ReadonlyMap<string, PartialTable>;
}

export function tablesDocument(list: Iterable<PartialTable>): StoredDocument {
  return tables.write(new Map([...list].map((table) => [table.name, table]))) as StoredDocument;
}

/** Reads properties of a table as they are stored, without name and columns. */
export function readTableHints(stored: { readonly [property: string]: HintValue }): Partial<PartialTable> {
  const { name: _, columns: __, ...hints } = tableHints.read(storedHint(stored), []) as PartialTable;
  return hints;
}

/** How a value is read and written. Values in memory are of the types of the contract, which `read` vouches for. */
interface Format {
  read(value: JsonValue, path: Path): unknown;
  write(value: unknown): JsonValue;
}
type Path = readonly string[];

/** A hint: JSON with plain objects. Numbers that a `number` cannot keep apart stay as they were read. */
const hint: Format = {
  read: (value) => hintValue(value),
  write: (value) => storedHint(value as HintValue),
};

function hintValue(value: JsonValue): HintValue {
  return plainObjects(value, (scalar) => scalar) as HintValue;
}

function storedHint(value: HintValue): JsonValue {
  // Containers wait on a list, so that depth does not use up the stack.
  const waiting: (() => void)[] = [];
  const stored = (part: HintValue): JsonValue => {
    if (Array.isArray(part)) {
      const list: JsonValue[] = [];
      waiting.push(() => {
        for (const element of part as readonly HintValue[]) list.push(stored(element));
      });
      return list;
    }
    if (typeof part !== "object" || part === null || !isPlainObject(part)) return part as JsonValue;
    const map = new Map<string, JsonValue>();
    waiting.push(() => {
      for (const [key, member] of Object.entries(part as { readonly [key: string]: HintValue }))
        if (member !== undefined) map.set(key, stored(member));
    });
    return map;
  };
  const result = stored(value);
  for (let fill = waiting.pop(); fill !== undefined; fill = waiting.pop()) fill();
  return result;
}

/**
 * An object with these properties, snake_case in documents and camelCase in memory, in any order. Others keep their
 * names. Properties without a format of their own are hints.
 */
function object(properties: readonly string[], formats: Readonly<Record<string, Format>> = {}): Format {
  const inMemory = new Map(
    properties.map((name) => [name, name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())]),
  );
  const stored = new Map([...inMemory].map(([name, camelCase]) => [camelCase, name]));
  const formatOf = (name: string): Format => ownMember(formats, name) ?? hint;
  return {
    read(value, path) {
      if (value === null) return null;
      if (!(value instanceof Map)) throw unexpected(path, "an object");
      return Object.fromEntries(
        [...value].map(([name, member]) => [inMemory.get(name) ?? name, formatOf(name).read(member, [...path, name])]),
      );
    },
    write(value) {
      if (value === null) return null;
      const document = new Map<string, JsonValue>();
      for (const [property, member] of Object.entries(value as object)) {
        const name = stored.get(property) ?? property;
        if (member !== undefined) document.set(name, formatOf(name).write(member));
      }
      return document;
    },
  };
}

/** Objects by name, which have their name as a property too. `columns`: each has columns, if only none. */
function byName(format: Format, { columns = false } = {}): Format {
  return {
    read(value, path) {
      if (!(value instanceof Map)) throw unexpected(path, "an object");
      return new Map(
        [...value].map(([name, member]) => {
          const item = format.read(member, [...path, name]) as object | null;
          if (item === null) throw unexpected([...path, name], "an object");
          return [name, { ...item, name, ...(columns && !("columns" in item) && { columns: new Map() }) }];
        }),
      );
    },
    write: (value) =>
      new Map([...(value as ReadonlyMap<string, unknown>)].map(([name, item]) => [name, format.write(item)])),
  };
}

function list(format: Format): Format {
  return {
    read(value, path) {
      if (value === null) return null;
      if (!Array.isArray(value)) throw unexpected(path, "a list");
      return value.map((item, index) => format.read(item, [...path, String(index)]));
    },
    write: (value) => (value === null ? null : (value as readonly unknown[]).map((item) => format.write(item))),
  };
}

const contractModes = object(["tables", "columns", "data_type"]);
const contract: Format = {
  read: (value, path) => (typeof value === "string" ? value : contractModes.read(value, path)),
  write: (value) => (typeof value === "string" ? value : contractModes.write(value)),
};
const reference = object(["label", "cardinality", "table", "columns", "referenced_table", "referenced_columns"]);
const columns = byName(object(columnProperties));
const tableHints = object(tableProperties, { columns, references: list(reference), schema_contract: contract });
const tables = byName(tableHints, { columns: true });
const settings = object(["schema_contract", "detections", "default_hints", "preferred_types"], {
  schema_contract: contract,
  default_hints: object(["not_null", ...columnProperties]),
});
const jsonConfig = object(["max_nesting", "root_key_propagation", "propagation"]);
const normalizers = object(
  ["names", "json", "use_break_path_on_normalize", "allow_identifier_change_on_table_with_data", "detections"],
  { json: object(["module", "config"], { config: jsonConfig }) },
);

/** The error for a document that lacks what is expected at a place. */
export function unexpected(path: Path, expected: string): SchemaError {
  const place = path.join(".");
  return new SchemaError("SCHEMA_DOCUMENT_INVALID", `The schema document does not have ${expected} at \`${place}\`.`, {
    hint: "Write the document as the library exports it, or export it again.",
    context: { place },
  });
}
