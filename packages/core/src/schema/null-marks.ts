import type { JsonValue } from "../json/value.js";

type Document = Map<string, JsonValue>;

// Releases of the reference before 1.26 stored columns that had only carried null. They are made when a value comes.
const nullMark = "seen-null-first";

/** True for a document with columns that are marked because only null came for them. */
export function hasNullMarks(document: ReadonlyMap<string, JsonValue>): boolean {
  return tableColumns(document).some((columns) => membersOf(columns).some(([, column]) => isMarked(column)));
}

/** Removes columns that are marked and have no data type, and the marks of the others; the document is changed. */
export function withoutNullMarks(document: Document): Document {
  for (const columns of tableColumns(document)) {
    for (const [name, column] of membersOf(columns)) {
      if (!isMarked(column)) continue;
      const hints = column.get("x-normalizer") as Document;
      if (!column.has("data_type")) columns.delete(name);
      else if (hints.size === 1) column.delete("x-normalizer");
      else hints.delete(nullMark);
    }
  }
  return document;
}

function isMarked(column: Document): boolean {
  const hints = column.get("x-normalizer");
  return hints instanceof Map && Boolean(hints.get(nullMark));
}

function tableColumns(document: ReadonlyMap<string, JsonValue>): readonly Document[] {
  const tables = document.get("tables");
  if (!(tables instanceof Map)) return [];
  return membersOf(tables).flatMap(([, table]) => {
    const columns = table.get("columns");
    return columns instanceof Map ? [columns] : [];
  });
}

function membersOf(document: Document): readonly (readonly [string, Document])[] {
  return [...document].filter((entry): entry is [string, Document] => entry[1] instanceof Map);
}
