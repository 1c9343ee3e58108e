import type { JsonValue } from "@dlt/core";
import { decodeJson, encodeJson, exportDocument, readSchema, type StoredDocument } from "@dlt/core/engine";
import { expect } from "vitest";
import { formatSchemaFile, parseSchemaFile, type SchemaFileFormat } from "../../src/schema-files/schema-file-text.js";
import { testVectors, type VectorObject } from "./read-vectors.js";

// The texts are those that the reference's library for YAML wrote. Where it breaks long lines does not matter.

testVectors("schema-updates", [
  { name: "YAML files", check: (vector) => expectFile(vector, "pretty_yaml") },
  { name: "YAML files without hints", check: (vector) => expectFile(vector, "pretty_yaml_without_hints") },
]);

testVectors("schema-documents", [
  { name: "YAML files", check: (vector) => expectFile(vector.get("loaded"), "pretty_yaml") },
  {
    name: "YAML files without hints",
    check: (vector) => expectFile(vector.get("loaded_without_hints"), "pretty_yaml"),
  },
]);

/** The file that the reference wrote is read as the document is, written so that it is read the same, and has the same hash. */
function expectFile(recorded: JsonValue | undefined, key: string): void {
  // Where loading fails nothing was recorded; of large documents only the hash was.
  const { [key]: yaml, document_text: text } = Object.fromEntries((recorded ?? new Map()) as VectorObject);
  const written = typeof yaml === "string" ? parse(yaml, "yaml") : null;
  // The document has the hints that are left out of some files.
  const isWhole = key === "pretty_yaml" || written === null;
  const stored = isWhole && typeof text === "string" ? withoutNames(decodeJson(text) as StoredDocument) : null;
  if (stored !== null && written !== null) expect(orderedText(written)).toBe(orderedText(stored));
  const document = written ?? stored;
  if (document === null) return;
  const schema = readSchema(document);
  for (const format of ["yaml", "json"] as const) {
    expect(orderedText(parse(formatSchemaFile(document, format), format))).toBe(orderedText(document));
    const again = readSchema(parse(formatSchemaFile(exportDocument(schema), format), format));
    expect([again.version, again.versionHash]).toEqual([schema.version, schema.versionHash]);
  }
}

function parse(text: string, format: SchemaFileFormat): StoredDocument {
  return parseSchemaFile(text, { format, file: "vector" });
}

/** The document as files have it: what is a key already stands nowhere else. */
function withoutNames(document: StoredDocument): StoredDocument {
  const tables = membersOf(document.get("tables"), (table) => {
    const { columns } = Object.fromEntries(table);
    return new Map(table).set(
      "columns",
      membersOf(columns, (column) => column),
    );
  });
  return new Map([...document, ["tables", tables] as const].filter(([key]) => key !== "imported_version_hash"));
}

function membersOf(value: JsonValue | undefined, change: (member: StoredDocument) => StoredDocument): JsonValue {
  return new Map(
    [...(value as ReadonlyMap<string, StoredDocument>)].map(([name, member]) => [
      name,
      new Map([...change(member)].filter(([key]) => key !== "name")),
    ]),
  );
}

/** Content and order of keys. */
function orderedText(document: StoredDocument): string {
  return encodeJson(document, { anyInteger: true });
}
