import { type FileRange, isDltError, type JsonText, type LoadFile, type LoadRow } from "@dlt/core";
import { decodeJson, plainValue } from "@dlt/core/engine";
import { jsonFilePages } from "../extract/json-file.js";
import { readingOf, refuseUnknown, unreadable } from "./open-load-file.js";
import { type RowShape, rowOf, rowShape } from "./row-values.js";

/** Rows of JSON lines, which may be compressed with gzip. */
export function readRows(file: LoadFile, { columns, from }: FileRange): AsyncIterable<readonly LoadRow[]> {
  const reading = { file, shape: rowShape(file, columns) };
  return readingOf(file, async function* (handle) {
    let line = 0;
    for await (const page of jsonFilePages(handle, "lines")) {
      const lines = linesOf(page);
      // Rows that are handed over before more of them are made die young, which costs less.
      for (let at = Math.max(0, from - line); at < lines.length; at += rowsAtOnce)
        yield lines.slice(at, at + rowsAtOnce).map((text, index) => parsedRow(text, line + at + index + 1, reading));
      line += lines.length;
    }
  });
}

const rowsAtOnce = 500;

interface Reading {
  readonly file: LoadFile;
  readonly shape: RowShape;
}

function linesOf({ jsonText }: JsonText): readonly string[] {
  return utf8
    .decode(jsonText)
    .split("\n")
    .filter((line) => line.trim() !== "");
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** `number` counts from 1. */
function parsedRow(line: string, number: number, { file, shape }: Reading): LoadRow {
  const value = parsedLine(line, number, { file, shape });
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw unreadable(file, `line ${number} is no object`);
  if (file.isImported === true) refuseUnknown(file, Object.keys(value));
  return rowOf(value as LoadRow, number, { file, shape });
}

/** Numbers of so many digits may be beyond 2^53, where `JSON.parse` would round them. */
const longNumber = /\d{16}/;

/** Nothing is rounded. In files that were written here such numbers are in documents and integer columns alone. */
function parsedLine(line: string, number: number, { file, shape }: Reading): unknown {
  try {
    const isAnywhere = shape.hasDocuments || file.isImported === true;
    if (isAnywhere && longNumber.test(line)) return plainValue(decodeJson(line));
    const value: unknown = JSON.parse(line);
    return isRounded(value, shape) ? plainValue(decodeJson(line)) : value;
  } catch (error) {
    // What the parser of JavaScript says shows the text.
    throw unreadable(file, `line ${number} is no JSON`, isDltError(error) ? error : undefined);
  }
}

/** True when an integer of the parsed line is not the one that stands there. */
function isRounded(value: unknown, { integers }: RowShape): boolean {
  const row = (value ?? {}) as LoadRow;
  for (const name of integers) if (typeof row[name] === "number" && !Number.isSafeInteger(row[name])) return true;
  return false;
}
