import { SourceError } from "../errors/index.js";
import { isPlainObject, writeJson } from "./encode.js";
import { type IntegersSeen, noteIntegers } from "./integers-seen.js";

/**
 * Encodes rows as typed JSON, a line each, UTF-8. Takes whatever JavaScript objects hold; see `encodeJson` for numbers.
 * `firstRow` is the number of rows before these, for messages.
 * @throws SourceError `SOURCE_ROW_INVALID` with row and key path for functions, symbols, cycles, promises, integers beyond 64 bits
 */
export function encodeRows(rows: readonly unknown[], { firstRow = 0 } = {}): Uint8Array {
  return encodePage(rows, { firstRow }).bytes;
}

/** Rows as text, and what their integers are: see `RawChunk.numbers`. */
export interface EncodedPage {
  readonly bytes: Uint8Array;
  /** `text`: all integers were given as `bigint`, so that none can turn out to have meant a double. */
  readonly numbers: "text" | "objects";
}

/** Encodes rows as `encodeRows` does, and tells what is known of their integers. */
export function encodePage(rows: readonly unknown[], { firstRow = 0 } = {}): EncodedPage {
  const seen: IntegersSeen = { numbers: false, bigints: false };
  const text = linesOf(rows, { firstRow, native: true, seen });
  // How `JSON.stringify` writes half a surrogate pair, which UTF-8 cannot hold.
  const bytes = encoder.encode(text.includes("\\ud") ? linesOf(rows, { firstRow, native: false, seen }) : text);
  return { bytes, numbers: seen.bigints && !seen.numbers ? "text" : "objects" };
}

const encoder = new TextEncoder();

interface LineOptions {
  readonly firstRow: number;
  /** Leave plain rows to `JSON.stringify`, which is several times faster and writes them the same. */
  readonly native: boolean;
  readonly seen: IntegersSeen;
}

// Deeper rows, and with them cycles, are left to the encoder that does not recurse.
const plainDepth = 32;

function linesOf(rows: readonly unknown[], { firstRow, native, seen }: LineOptions): string {
  let text = "";
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    const plain = native && row !== undefined && isPlain(row, plainDepth, seen);
    text += `${plain ? JSON.stringify(row) : typedLine(row, firstRow + i + 1)}\n`;
    // Cycles were refused by now.
    if (!plain && !seen.numbers) noteIntegers(row, seen);
  }
  return text;
}

/** True for what `JSON.stringify` writes as `encodeJson` does, or at least as text that decodes to the same. */
function isPlain(value: unknown, depth: number, seen: IntegersSeen): boolean {
  switch (typeof value) {
    case "string":
    case "boolean":
    case "undefined":
      return true;
    case "number":
      if (!Number.isInteger(value)) return true;
      seen.numbers ||= Number.isSafeInteger(value);
      return Number.isSafeInteger(value);
    case "object":
      if (value === null) return true;
      if (depth === 0) return false;
      if (Array.isArray(value)) {
        for (const element of value as readonly unknown[]) if (!isPlain(element, depth - 1, seen)) return false;
        return true;
      }
      if (!isPlainObject(value)) return false;
      for (const key in value) if (!isPlain(value[key], depth - 1, seen)) return false;
      return true;
    default:
      return false;
  }
}

function typedLine(value: unknown, row: number): string {
  return writeJson(value, { typed: true }, (path, what) => {
    const where = path === "" ? `Row ${row}` : `\`${path}\` of row ${row}`;
    return new SourceError("SOURCE_ROW_INVALID", `${where} is ${what}, which no column can hold.`, {
      hint: "Turn it into text, a number or null, or leave it out, before the row is yielded.",
      context: { row, path },
    });
  });
}
