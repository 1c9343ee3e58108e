import type { Schema } from "@dlt/core";
import { parseTable, updateTable } from "@dlt/core/engine";
import type { JsonValueDocument } from "../package/manifest.js";
import type { Attempt } from "./attempt.js";

/** What partitions declared of tables that none of them has rows for: stored documents. */
export function tablesWithoutRows(attempts: readonly Attempt[]): readonly JsonValueDocument[] {
  const withRows = new Set(
    attempts.flatMap(({ document }) => document.chunks.flatMap(({ update }) => update.map(({ name }) => name))),
  );
  const declared = new Map<string, JsonValueDocument>();
  for (const { document } of attempts) {
    for (const table of document.tables) if (!withRows.has(table["name"])) declared.set(JSON.stringify(table), table);
  }
  return [...declared.values()];
}

/** Tables that get a file without rows: those of resources that gave no rows in any partition. */
export function emptyTablesOf(attempts: readonly Attempt[], schema: Schema): readonly string[] {
  const withRows = new Set(attempts.flatMap(({ document }) => document.chunks.map(({ resource }) => resource)));
  const empty = new Set(attempts.flatMap(({ document }) => document.emptyTables));
  return [...empty].filter((table) => !withRows.has(schema.tables.get(table)?.resource ?? ""));
}

/** The schema with what these documents declare, as an extract merges it. */
export function withDeclared(schema: Schema, documents: Iterable<JsonValueDocument>): Schema {
  let declared = schema;
  const merged = new Map<string, string>();
  for (const document of documents) {
    const text = JSON.stringify(document);
    const name = String(document["name"]);
    // Partitions declare the same, each for itself.
    if (merged.get(name) === text) continue;
    merged.set(name, text);
    declared = updateTable(declared, parseTable(text), { normalizeIdentifiers: false, mergeCompound: false });
  }
  return declared;
}
