import { describe, expect, it } from "vitest";
import { decodeJson } from "../json/decode.js";
import { encodeJson } from "../json/encode.js";
import { type StoredDocument, schemaEngineVersion } from "./document.js";
import { migrateDocument } from "./migrate.js";

function migrated(document: object): Record<string, never> {
  return JSON.parse(encodeJson(migrateDocument(decodeJson(JSON.stringify(document)) as StoredDocument)));
}

describe("migrateDocument", () => {
  it("gives a document of the engine version in force as it is", () => {
    const document = new Map([["engine_version", schemaEngineVersion]]);
    expect(migrateDocument(document)).toBe(document);
  });

  it("leaves the document that it was given as it was", () => {
    const document = decodeJson(
      '{"engine_version":7,"settings":{"schema_sealed":true},"tables":{"t":{"columns":{}}}}',
    ) as StoredDocument;
    const before = encodeJson(document);
    migrateDocument(document);
    expect(encodeJson(document)).toBe(before);
  });

  it("finds parents and filters in the names of the oldest documents", () => {
    const { tables } = migrated({
      engine_version: 2,
      name: "s",
      tables: { a: {}, a__b__c: {}, b__c: {}, a___d: {} },
      excludes: ["^a__secret", "^gone__x__y"],
      includes: ["^a__secret__kept"],
    });
    expect(tables).toMatchObject({
      a: { filters: { excludes: ["re:^secret"], includes: ["re:^secret__kept"] } },
      a__b__c: { parent: "a" },
      b__c: { resource: "b__c" },
      a___d: { resource: "a___d" },
      gone: { filters: { excludes: ["re:^x__y"] }, columns: {} },
    });
  });

  it("makes no keys and hints where there were none", () => {
    const columns = { _dlt_id: {}, _dlt_parent_id: {} };
    const document = migrated({ engine_version: 9, tables: { t: { columns } }, settings: { default_hints: {} } });
    expect(document).toMatchObject({
      tables: { t: { columns: { _dlt_id: { row_key: false }, _dlt_parent_id: { parent_key: false } } } },
    });
    expect(document["settings"]).toEqual({ default_hints: {} });
  });

  it("renames types and gives keys their hints", () => {
    const columns = { doc: { data_type: "complex" }, _dlt_id: { unique: true }, _dlt_parent_id: { foreign_key: true } };
    const document = migrated({
      engine_version: 9,
      tables: { t: { columns } },
      settings: { default_hints: { foreign_key: ["x"], unique: ["y"] }, preferred_types: { a: "complex", b: "text" } },
      normalizers: { json: { config: { generate_dlt_id: true, max_nesting: 1 } } },
    });
    expect(document).toMatchObject({
      engine_version: 11,
      tables: {
        t: {
          columns: {
            doc: { data_type: "json" },
            _dlt_id: { unique: true, row_key: true },
            _dlt_parent_id: { parent_key: true },
          },
        },
      },
      settings: {
        default_hints: { unique: ["y"], row_key: ["_dlt_id"], parent_key: ["_dlt_parent_id"] },
        preferred_types: { a: "json", b: "text" },
      },
      normalizers: { json: { config: { max_nesting: 1 } }, use_break_path_on_normalize: false },
    });
  });
});
