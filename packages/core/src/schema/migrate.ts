import { SchemaError } from "../errors/index.js";
import type { JsonValue } from "../json/value.js";
import { schemaEngineVersion, tableDocument, unexpected } from "./document.js";
import { hasNullMarks, withoutNullMarks } from "./null-marks.js";
import { loadsTable, versionTable } from "./system-tables.js";

type Document = Map<string, JsonValue>;

/** Each step brings a document from the engine version at its place (the first from 1) to the next. */
const steps: readonly ((document: Document) => void)[] = [
  addFilterLists,
  restructure,
  addVersionHash,
  replaceSystemTables,
  replaceLoadsTable,
  dropSeals,
  addPreviousHashes,
  markSeenData,
  renameComplexType,
  keepIdentifiersWhole,
];

/**
 * Brings a stored document up to the engine version in force, step by step, and takes the marks of columns away that had only
 * carried null. Gives the document itself when nothing is to change; otherwise a copy.
 *
 * @throws SchemaError for a document of a newer version
 */
export function migrateDocument(document: ReadonlyMap<string, JsonValue>): ReadonlyMap<string, JsonValue> {
  const version = document.get("engine_version");
  if (version === schemaEngineVersion)
    return hasNullMarks(document) ? withoutNullMarks(copy(document) as Document) : document;
  if (typeof version !== "number" || !Number.isInteger(version) || version < 1 || version > schemaEngineVersion) {
    throw new SchemaError(
      "SCHEMA_ENGINE_UNKNOWN",
      `The schema document \`${String(document.get("name"))}\` has the engine version ${String(version)}; versions 1 to ${schemaEngineVersion} can be read.`,
      {
        hint: "Update @dlt/core to a version that knows this engine version.",
        context: { engineVersion: typeof version === "number" ? version : null, newestKnown: schemaEngineVersion },
      },
    );
  }
  const migrated = copy(document) as Document;
  for (const step of steps.slice(version - 1)) step(migrated);
  migrated.set("engine_version", schemaEngineVersion);
  return withoutNullMarks(migrated);
}

function copy(value: JsonValue | ReadonlyMap<string, JsonValue>): JsonValue {
  if (value instanceof Map) return new Map([...value].map(([key, member]) => [key, copy(member)]));
  return Array.isArray(value) ? value.map(copy) : (value as JsonValue);
}

/** The object at a key, made when there is none. */
function mapAt(document: Document, key: string): Document {
  const value = objectOf(document.get(key), key);
  document.set(key, value);
  return value;
}

function objectOf(value: JsonValue | undefined, key: string): Document {
  if (value === undefined || value === null) return new Map();
  if (value instanceof Map) return value;
  throw unexpected([key], "an object");
}

/** Removes a member and gives what it was. */
function take(document: Document, key: string): JsonValue | undefined {
  const value = document.get(key);
  document.delete(key);
  return value;
}

function takeObject(document: Document, key: string): Document {
  return objectOf(take(document, key), key);
}

function members(document: Document): readonly (readonly [string, Document])[] {
  return [...document].filter((entry): entry is [string, Document] => entry[1] instanceof Map);
}

function columnsOf(table: Document): readonly (readonly [string, Document])[] {
  return members(mapAt(table, "columns"));
}

function textList(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

// 1 → 2
function addFilterLists(document: Document): void {
  document.set("includes", []);
  document.set("excludes", []);
}

// 2 → 3: settings of their own, and tables with hints instead of columns alone.
function restructure(document: Document): void {
  document.set(
    "normalizers",
    new Map<string, JsonValue>([
      ["names", "snake_case"],
      [
        "json",
        new Map<string, JsonValue>([
          ["module", "dlt.common.normalizers.json.relational"],
          ["config", new Map([["propagation", new Map([["root", new Map([["_dlt_id", "_dlt_root_id"]])]])]])],
        ]),
      ],
    ]),
  );

  const asRule = (pattern: string): string => `re:${pattern}`;
  const hints = [...takeObject(document, "hints")].map(([hint, patterns]): [string, JsonValue] => [
    hint,
    textList(patterns).map(asRule),
  ]);
  const types = [...takeObject(document, "preferred_types")].map(([pattern, type]): [string, JsonValue] => [
    asRule(pattern),
    type,
  ]);
  document.set(
    "settings",
    new Map([
      ["default_hints", new Map(hints)],
      ["preferred_types", new Map(types)],
    ]),
  );

  const columnsByTable = takeObject(document, "tables");
  const tables = mapAt(document, "tables");
  for (const [name, columns] of columnsByTable) {
    tables.set(name, newTable(name, parentOf(name, columnsByTable)).set("columns", columns));
  }
  for (const group of ["excludes", "includes"]) {
    for (const filter of textList(take(document, group))) moveFilter(tables, group, filter);
  }
}

// The longest beginning of the name, cut between its parts, that is a table.
function parentOf(name: string, tables: ReadonlyMap<string, JsonValue>): string | null {
  let candidate = name;
  for (let cut = candidate.lastIndexOf("__"); cut > 0; cut = candidate.lastIndexOf("__")) {
    candidate = candidate.slice(0, cut);
    if (tables.has(candidate)) return candidate;
  }
  return null;
}

function newTable(name: string, parent: string | null): Document {
  const table: Document = new Map<string, JsonValue>([
    ["name", name],
    ["columns", new Map()],
  ]);
  if (parent !== null) return table.set("parent", parent);
  return table.set("write_disposition", "append").set("resource", name);
}

// `^root__path` becomes a filter of the table `root`.
function moveFilter(tables: Document, group: string, filter: string): void {
  const separator = filter.indexOf("__");
  const root = filter.slice(1, separator);
  const path = filter.slice(separator + 2);
  if (!tables.has(root)) tables.set(root, newTable(root, null));
  const filters = mapAt(mapAt(tables, root), "filters");
  filters.set(group, [...textList(filters.get(group)), `re:^${path}`]);
}

// 3 → 4
function addVersionHash(document: Document): void {
  if (!document.has("version_hash")) document.set("version_hash", "");
}

// 4 → 5
function replaceSystemTables(document: Document): void {
  mapAt(document, "tables").set("_dlt_version", tableDocument(versionTable) as Document);
  replaceLoadsTable(document);
}

// 5 → 6
function replaceLoadsTable(document: Document): void {
  mapAt(document, "tables").set("_dlt_loads", tableDocument(loadsTable) as Document);
}

// 6 → 7
function dropSeals(document: Document): void {
  mapAt(document, "settings").delete("schema_sealed");
  for (const [, table] of members(mapAt(document, "tables"))) table.delete("table_sealed");
}

// 7 → 8
function addPreviousHashes(document: Document): void {
  document.set("previous_hashes", []);
}

// 8 → 9
function markSeenData(document: Document): void {
  for (const [, table] of members(mapAt(document, "tables"))) {
    if (mapAt(table, "columns").has("_dlt_id")) mapAt(table, "x-normalizer").set("seen-data", true);
  }
}

// 9 → 10: `complex` is `json`, and keys of rows have hints of their own.
function renameComplexType(document: Document): void {
  for (const [, table] of members(mapAt(document, "tables"))) {
    for (const [name, column] of columnsOf(table)) {
      if (column.get("data_type") === "complex") column.set("data_type", "json");
      if (name === "_dlt_id") column.set("row_key", column.get("unique") ?? false);
      if (name === "_dlt_parent_id") column.set("parent_key", column.get("foreign_key") ?? false);
      column.delete("foreign_key");
    }
  }
  const settings = mapAt(document, "settings");
  const hints = settings.get("default_hints");
  if (hints instanceof Map && hints.size > 0) {
    hints.delete("foreign_key");
    hints.set("row_key", ["_dlt_id"]).set("parent_key", ["_dlt_parent_id"]);
  }
  const preferredTypes = settings.get("preferred_types");
  if (preferredTypes instanceof Map) {
    for (const [rule, type] of preferredTypes) if (type === "complex") preferredTypes.set(rule, "json");
  }
  const json = mapAt(mapAt(document, "normalizers"), "json");
  const config = json.get("config");
  if (config instanceof Map) config.delete("generate_dlt_id");
}

// 10 → 11
function keepIdentifiersWhole(document: Document): void {
  mapAt(document, "normalizers").set("use_break_path_on_normalize", false);
}
