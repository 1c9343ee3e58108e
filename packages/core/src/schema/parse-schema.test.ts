import { describe, expect, it } from "vitest";
import { isDltError } from "../errors/index.js";
import { exportDocument, formatPrettySchema, formatSchema, formatTable, formatTables } from "./format-schema.js";
import { newSchema } from "./new-schema.js";
import { parseSchema, parseTable, parseTables, readSchema } from "./parse-schema.js";
import { updateTable } from "./update-table.js";
import { bumpVersion, versionHash } from "./version.js";
import { schemaView } from "./view.js";

const schema = bumpVersion(
  updateTable(newSchema("shop"), {
    name: "orders",
    writeDisposition: "append",
    resource: "orders",
    columns: new Map([["id", { name: "id", dataType: "bigint", nullable: false, primaryKey: true }]]),
    schemaContract: { dataType: "freeze" },
    "x-normalizer": { "seen-data": true },
    "x-hint": { "2": "b", "1": [null, 1.5] },
  }),
);
const text = formatSchema(schema);

/** The stored text with some of its members replaced. */
function changed(changes: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ ...JSON.parse(text), ...changes });
}

function errorOf(call: () => unknown): { readonly code: string; readonly place: unknown } | null {
  try {
    call();
  } catch (error) {
    if (isDltError(error)) return { code: error.code, place: error.context["place"] };
    throw error;
  }
  return null;
}

describe("parseSchema", () => {
  it("reads what formatSchema wrote, compact or for people", () => {
    expect(parseSchema(text).tables).toEqual(schema.tables);
    expect(parseSchema(formatPrettySchema(schema)).tables).toEqual(schema.tables);
  });

  it("stores names in snake_case and hints as they are", () => {
    const stored = JSON.parse(text).tables.orders;
    expect(stored).toMatchObject({
      write_disposition: "append",
      schema_contract: { data_type: "freeze" },
      "x-hint": { "1": [null, 1.5], "2": "b" },
    });
    expect(stored.columns.id).toEqual({ name: "id", data_type: "bigint", nullable: false, primary_key: true });
  });

  it("keeps numbers apart that JavaScript does not", () => {
    const lossless = text.replace('"x-hint":', '"x-numbers":[1.0,1,123456789012345678901234567890],"x-hint":');
    expect(
      formatSchema({ ...parseSchema(lossless), version: 1, versionHash: schema.versionHash, previousHashes: [] }),
    ).toBe(lossless);
  });

  it("fills in names and the properties of root tables", () => {
    const tables = { ...JSON.parse(text).tables, orders: { columns: { id: {} } }, orders__lines: { parent: "orders" } };
    const read = parseSchema(changed({ tables }));
    expect(read.tables.get("orders")).toEqual({
      name: "orders",
      columns: new Map([["id", { name: "id" }]]),
      writeDisposition: "append",
      resource: "orders",
    });
    expect(read.tables.get("orders__lines")).toEqual({ name: "orders__lines", columns: new Map(), parent: "orders" });
    expect(read.version).toBe(2);
  });

  it("drops columns that older releases made of nulls", () => {
    const columns = {
      a: { "x-normalizer": { "seen-null-first": true } },
      b: { data_type: "text", "x-normalizer": { "seen-null-first": true } },
      c: { data_type: "text", "x-normalizer": { "seen-null-first": true, kept: 1 } },
    };
    const read = parseSchema(changed({ tables: { ...JSON.parse(text).tables, orders: { columns } } }));
    expect([...(read.tables.get("orders")?.columns.values() ?? [])]).toEqual([
      { name: "b", dataType: "text" },
      { name: "c", dataType: "text", "x-normalizer": { kept: 1 } },
    ]);
  });

  it("leaves out what a pipeline noted, when asked", () => {
    expect(parseSchema(text, { removeProcessingHints: true }).tables.get("orders")).not.toHaveProperty("x-normalizer");
  });

  it.each([
    ["no JSON", "{", "JSON_TEXT_INVALID"],
    ["no object", "[]", "SCHEMA_DOCUMENT_INVALID"],
    ["tables that are a list", changed({ tables: [] }), "SCHEMA_DOCUMENT_INVALID"],
    ["a table that is a text", changed({ tables: { a: "b" } }), "SCHEMA_DOCUMENT_INVALID"],
    ["a table that is null", changed({ tables: { a: null } }), "SCHEMA_DOCUMENT_INVALID"],
    ["a column that is a number", changed({ tables: { a: { columns: { b: 1 } } } }), "SCHEMA_DOCUMENT_INVALID"],
    ["references that are an object", changed({ tables: { a: { references: {} } } }), "SCHEMA_DOCUMENT_INVALID"],
    ["no name", changed({ name: null }), "SCHEMA_DOCUMENT_INVALID"],
    ["a version that is a text", changed({ version: "1" }), "SCHEMA_DOCUMENT_INVALID"],
    ["hashes that are a text", changed({ previous_hashes: "a" }), "SCHEMA_DOCUMENT_INVALID"],
    ["a newer engine", changed({ engine_version: 12 }), "SCHEMA_ENGINE_UNKNOWN"],
    ["no engine version", changed({ engine_version: undefined }), "SCHEMA_ENGINE_UNKNOWN"],
    ["no system tables", changed({ tables: {} }), "SCHEMA_CORRUPTED"],
    [
      "an old document without an object of tables",
      changed({ engine_version: 3, tables: [] }),
      "SCHEMA_DOCUMENT_INVALID",
    ],
    [
      "an old document with hints that are a list",
      changed({ engine_version: 2, hints: [] }),
      "SCHEMA_DOCUMENT_INVALID",
    ],
  ])("refuses %s", (_, document, code) => {
    expect(errorOf(() => parseSchema(document))?.code).toBe(code);
  });
});

describe("a document that a person may have written", () => {
  const { tables, settings, normalizers } = JSON.parse(text);
  const table = (hints: object): string => changed({ tables: { ...tables, t: { columns: {}, ...hints } } });
  const column = (hints: object): string => table({ columns: { c: hints } });

  it("is read strictly when asked", () => {
    expect(parseSchema(text, { verify: true }).name).toBe("shop");
    expect(parseSchema(changed({ "x-note": "mine", description: "d" }), { verify: true }).description).toBe("d");
    expect(
      parseSchema(column({ "x-note": { any: 1 }, dedup_sort: "desc", precision: null }), { verify: true }).tables.has(
        "t",
      ),
    ).toBe(true);
  });

  it("needs neither a hash nor normalizers", () => {
    const read = parseSchema(changed({ version_hash: undefined, normalizers: undefined }), { verify: true });
    expect(read.normalizers).toEqual({ names: "snake_case", json: { module: normalizers.json.module } });
    expect(read.versionHash).not.toBe("");
  });

  it("has names in the configuration of the normalizer as they are normalized", () => {
    const config = { propagation: { root: { "Time Stamp": "Root Time" } } };
    const json = { ...normalizers.json, config };
    expect(parseSchema(changed({ normalizers: { ...normalizers, json } })).normalizers.json.config).toEqual({
      propagation: { root: { time_stamp: "root_time" } },
    });
  });

  it("keeps a mark of null that is false", () => {
    const read = parseSchema(column({ data_type: "text", "x-normalizer": { "seen-null-first": false } }));
    expect(read.tables.get("t")?.columns.get("c")).toMatchObject({ "x-normalizer": { "seen-null-first": false } });
  });

  it.each([
    ["an unknown key", changed({ note: 1 }), "note"],
    ["a missing key", changed({ previous_hashes: undefined }), "previous_hashes"],
    ["an unknown key of a table", table({ colour: "red" }), "tables.t.colour"],
    ["an unknown key of a column", column({ varchar: 1 }), "tables.t.c.varchar"],
    ["an unknown data type", column({ data_type: "complex" }), "tables.t.c.dataType"],
    ["a hint that is no flag", column({ primary_key: 1 }), "tables.t.c.primaryKey"],
    ["an unknown disposition", table({ write_disposition: "upsert" }), "tables.t.writeDisposition"],
    ["an unknown contract mode", table({ schema_contract: { columns: "strict" } }), "tables.t.schemaContract"],
    ["a reference without columns", table({ references: [{ referenced_table: 1 }] }), "tables.t.references"],
    ["an unknown detection", changed({ settings: { ...settings, detections: ["unix"] } }), "settings.detections"],
    ["an unknown default hint", changed({ settings: { default_hints: { foreign_key: [] } } }), "settings.defaultHints"],
    [
      "an unknown preferred type",
      changed({ settings: { preferred_types: { a: "varchar" } } }),
      "settings.preferredTypes",
    ],
    ["an unknown setting", changed({ settings: { colour: "red" } }), "settings.colour"],
    [
      "a wrong nesting",
      changed({ normalizers: { ...normalizers, json: { ...normalizers.json, config: { max_nesting: -1 } } } }),
      "normalizers.json",
    ],
  ])("is refused with %s", (_, document, place) => {
    expect(errorOf(() => parseSchema(document, { verify: true }))).toEqual({ code: "SCHEMA_DOCUMENT_INVALID", place });
  });

  it.each([
    ["an invalid name", changed({ name: "a-b" }), "SCHEMA_NAME_INVALID"],
    ["a parent that is missing", table({ parent: "p" }), "SCHEMA_PARENT_NOT_FOUND"],
    ["an invalid rule", changed({ settings: { default_hints: { sort: ["re:["] } } }), "SCHEMA_RULE_INVALID"],
    ["an invalid filter", table({ filters: { excludes: ["^a"] } }), "SCHEMA_RULE_INVALID"],
    ["an invalid rule for types", changed({ settings: { preferred_types: { $: "text" } } }), "SCHEMA_RULE_INVALID"],
  ])("is refused with %s", (_, document, code) => {
    expect(errorOf(() => parseSchema(document, { verify: true }))?.code).toBe(code);
  });
});

describe("exportDocument", () => {
  it("leaves out names and the import hash, and keeps the version hash", () => {
    const document = exportDocument({ ...schema, importedVersionHash: "h" });
    expect(document.has("imported_version_hash")).toBe(false);
    expect(document.get("version_hash")).toBe(schema.versionHash);
    expect(JSON.stringify([...document.keys()])).toBe(JSON.stringify([...Object.keys(JSON.parse(text))]));
    expect(readSchema(document).tables).toEqual(new Map([...schema.tables].map(([name, table]) => [name, table])));
    expect(versionHash(readSchema(document))).toBe(schema.versionHash);
  });
});

describe("tables that are stored by themselves", () => {
  it("come back as they were", () => {
    const [orders] = [...schema.tables.values()].slice(-1);
    if (orders === undefined) throw new Error("The schema has a table.");
    expect(parseTable(formatTable(orders))).toEqual(orders);
    expect(parseTables(formatTables(schema.tables.values()))).toEqual([...schema.tables.values()]);
    expect(errorOf(() => parseTable("{}"))?.code).toBe("SCHEMA_DOCUMENT_INVALID");
  });
});

describe("schemaView", () => {
  it("shows tables and columns by name", () => {
    const view = schemaView(schema);
    expect(view.tables["orders"]?.columns["id"]?.dataType).toBe("bigint");
    expect(view).not.toHaveProperty("naming");
  });
});
