import { decodeJson } from "@dlt/core/engine";
import type { VectorObject } from "../read-vectors.js";
import type { ComparedDatasets } from "./compare-dataset.js";
import type { TableContent } from "./scenario-database.js";
import { plain } from "./schema-tables.js";

interface SchemaDocument {
  readonly previous_hashes: readonly string[];
}

/**
 * The schema that was stored last, and what a vector says of it; both are undefined when the vector says nothing. The reference has
 * one hash more: that of a schema which it kept nowhere, before the first extract.
 */
export function compareStoredSchemas(
  dataset: ReadonlyMap<string, TableContent>,
  vector: VectorObject,
): ComparedDatasets {
  const text = vector.get("newest_stored_schema_text");
  if (typeof text !== "string") return { found: undefined, wanted: undefined };
  const found = documentOf(newestSchema(dataset));
  const wanted = documentOf(text);
  const known = wanted.previous_hashes.filter((hash) => found.previous_hashes.includes(hash));
  const isOneMore = known.length === wanted.previous_hashes.length - 1;
  return { found, wanted: { ...wanted, previous_hashes: isOneMore ? known : wanted.previous_hashes } };
}

function documentOf(text: string): SchemaDocument {
  return plain(decodeJson(text)) as SchemaDocument;
}

function newestSchema(dataset: ReadonlyMap<string, TableContent>): string {
  const { columns = [], rows = [] } = dataset.get("_dlt_version") ?? {};
  const at = (name: string): number => columns.findIndex((column) => column.name === name);
  const stored = rows.map((row) => ({ insertedAt: String(row[at("inserted_at")]), schema: String(row[at("schema")]) }));
  return stored.sort((a, b) => (a.insertedAt < b.insertedAt ? 1 : -1))[0]?.schema ?? "";
}
