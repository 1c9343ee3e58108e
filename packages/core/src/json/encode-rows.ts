import { SourceError } from "../errors/index.js";
import { isPlainObject, writeJson } from "./encode.js";

/**
 * Encodes rows as typed JSON, a line each, UTF-8. Takes whatever JavaScript objects hold; see `encodeJson` for numbers.
 * `firstRow` is the number of rows before these, for messages.
 * @throws SourceError `SOURCE_ROW_INVALID` with row and key path for functions, symbols, cycles, promises, integers beyond 64 bits
 */
export function encodeRows(rows: readonly unknown[], { firstRow = 0 } = {}): Uint8Array {
  const text = plainRows(rows) ?? typedRows(rows, firstRow);
  return encoder.encode(text);
}

const encoder = new TextEncoder();

/** The lines by `JSON.stringify`; `null` when a row has something that it writes otherwise than `encodeJson`. */
function plainRows(rows: readonly unknown[]): string | null {
  let text = "";
  for (const row of rows) {
    if (row === undefined || !isPlain(row, plainDepth)) return null;
    text += `${JSON.stringify(row)}\n`;
  }
  // How `JSON.stringify` writes a surrogate without its other half.
  return text.includes("\\ud") ? null : text;
}

// Deeper rows, and with them cycles, are left to the encoder that does not recurse.
const plainDepth = 32;

function isPlain(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case "string":
    case "boolean":
    case "undefined":
      return true;
    case "number":
      return !Number.isInteger(value) || Number.isSafeInteger(value);
    case "object":
      if (value === null) return true;
      if (depth === 0) return false;
      if (Array.isArray(value)) {
        for (const element of value as readonly unknown[]) if (!isPlain(element, depth - 1)) return false;
        return true;
      }
      if (!isPlainObject(value)) return false;
      for (const key in value) if (!isPlain(value[key], depth - 1)) return false;
      return true;
    default:
      return false;
  }
}

function typedRows(rows: readonly unknown[], firstRow: number): string {
  let text = "";
  for (let i = 0; i < rows.length; i++) {
    text += `${writeJson(rows[i], { typed: true }, (path, what) => {
      const row = firstRow + i + 1;
      const where = path === "" ? `Row ${row}` : `\`${path}\` of row ${row}`;
      return new SourceError("SOURCE_ROW_INVALID", `${where} is ${what}, which no column can hold.`, {
        hint: "Turn it into text, a number or null, or leave it out, before the row is yielded.",
        context: { row, path },
      });
    })}\n`;
  }
  return text;
}
