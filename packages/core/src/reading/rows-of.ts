import type { JsonText } from "../contract/batch.js";
import { SourceError } from "../errors/index.js";
import { decodeJson, decodeJsonAt } from "../json/decode.js";
import type { JsonValue } from "../json/value.js";
import {
  type ColumnsItem,
  type EncodedItem,
  type FileItem,
  type Item,
  type ModelItem,
  type RowsItem,
  rowsItem,
} from "./item.js";
import { JsonScanner } from "./json-scanner.js";
import { parseJson } from "./parse-json.js";
import { plainValue } from "./plain-value.js";
import { rowsOfBatch } from "./rows-of-batch.js";

/**
 * The rows of an item as functions of authors see them: objects with plain numbers, and `bigint` beyond 2^53.
 * @throws SourceError `PAGE_WITHOUT_ROWS`, `JSON_TEXT_CUT`; SchemaError `JSON_TEXT_INVALID`
 */
export function plainRows(item: Item): RowsItem {
  switch (item.kind) {
    case "rows":
      return item.numbers === "objects" ? item : { ...item, rows: item.rows.map(plainValue), numbers: "objects" };
    case "text":
      return rowsItem(parsedRows(item.text), { mark: item.mark });
    case "columns":
      return rowsItem(rowsOfBatches(item, { plain: true }), { mark: item.mark });
    case "encoded":
    case "file":
    case "model":
      throw withoutRows(item);
  }
}

/**
 * The rows of an item so that nothing is lost when they are written as text again: integral floats stay floats.
 * @throws as `plainRows`
 */
export function sameRows(item: Item): RowsItem {
  switch (item.kind) {
    case "text":
      return rowsItem(decodedRows(item.text), { mark: item.mark, numbers: "text" });
    case "columns":
      return rowsItem(rowsOfBatches(item, { plain: false }), { mark: item.mark, numbers: "text" });
    case "rows":
      return item;
    case "encoded":
    case "file":
    case "model":
      throw withoutRows(item);
  }
}

function rowsOfBatches({ batches }: ColumnsItem, form: { readonly plain: boolean }): readonly unknown[] {
  const rows: unknown[] = [];
  for (const batch of batches) for (const row of rowsOfBatch(batch, form)) rows.push(row);
  return rows;
}

/** How many rows an item has; a page that cannot be looked into counts as one. */
export function rowCountOf(item: Item): number {
  switch (item.kind) {
    case "rows":
      return item.rows.length;
    case "columns":
      return item.rowCount;
    case "text":
      return valueEnds(item.text).ends.length;
    case "encoded":
    case "file":
    case "model":
      return 1;
  }
}

/** The rows of a text as code of authors has them. */
export function parsedRows(text: JsonText): readonly unknown[] {
  try {
    return rowsByLine(text);
  } catch {
    // Says what is wrong, and where, or takes values apart that share a line.
    return decodedRows(text).map(plainValue);
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** For texts in the form that they usually have; throws for others. */
function rowsByLine({ jsonText, framing }: JsonText): readonly unknown[] {
  const text = utf8.decode(jsonText);
  if (framing === "array") {
    const rows = parseJson(text);
    if (!Array.isArray(rows)) throw notAnArray();
    return rows;
  }
  const rows: unknown[] = [];
  for (const line of text.split("\n")) if (line.trim() !== "") rows.push(parseJson(line));
  return rows;
}

function decodedRows(text: JsonText): readonly JsonValue[] {
  if (text.framing === "array") {
    const rows = decodeJson(text.jsonText);
    if (!Array.isArray(rows)) throw notAnArray();
    return rows;
  }
  const { bytes, ends } = valueEnds(text);
  return ends.map((end, index) => decodeJsonAt(bytes, ends[index - 1] ?? 0, end));
}

function notAnArray(): SourceError {
  return new SourceError("RESOURCE_DATA_UNSUPPORTED", "A page of JSON text is not an array.", {
    hint: 'Give `framing: "lines"` for values that are separated by line breaks.',
  });
}

/** Where the values of a text end; the values of an array are separated by white space. */
export function valueEnds({ jsonText, framing }: JsonText): {
  readonly bytes: Uint8Array;
  readonly ends: readonly number[];
} {
  // The scanner writes into an array.
  const bytes = framing === "array" ? jsonText.slice() : jsonText;
  const scanner = new JsonScanner(framing === "array" ? "array" : "values");
  const ends: number[] = [];
  scanner.scan(bytes, 0, bytes.length, ends);
  if (scanner.end()) ends.push(bytes.length);
  return { bytes, ends };
}

function withoutRows(item: EncodedItem | FileItem | ModelItem): SourceError {
  return new SourceError("PAGE_WITHOUT_ROWS", `${described(item)}, so that no step can look at its rows.`, {
    hint:
      item.kind === "file"
        ? "Leave out the steps, cursors and hints that depend on the row, or read the file and yield its rows."
        : "Leave out the steps, cursors and hints that depend on the row, or yield rows, JSON text or columns.",
  });
}

function described(item: EncodedItem | FileItem | ModelItem): string {
  switch (item.kind) {
    case "encoded":
      return `A page is encoded as \`${item.encoded.codec}\``;
    case "file":
      return `The file \`${item.file.path}\` is loaded as it is`;
    case "model":
      return "A query is run at the destination";
  }
}
