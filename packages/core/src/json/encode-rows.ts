import { SourceError } from "../errors/index.js";
import { isPlainObject, mostElements, writeJson } from "./encode.js";
import { type IntegersSeen, noteIntegers } from "./integers-seen.js";

/**
 * Encodes rows as typed JSON, a line each, UTF-8. Takes whatever JavaScript objects hold; see `encodeJson` for numbers.
 * `firstRow` is the number of rows before these, for messages.
 * @throws SourceError `SOURCE_ROW_INVALID` with row and key path for functions, symbols, cycles, promises, integers beyond 64 bits,
 *   and objects that cannot be read
 */
export function encodeRows(rows: readonly unknown[], { firstRow = 0 } = {}): Uint8Array {
  return encodePage(rows, { firstRow }).bytes;
}

/** Rows as text, and what their integers are: see `RawChunk.numbers`. */
export interface EncodedPage {
  readonly bytes: Uint8Array;
  /** Rows that were encoded: all, or as many as it took to have `maxBytes`. */
  readonly rowCount: number;
  /** `text`: all integers were given as `bigint`, so that none can turn out to have meant a double. */
  readonly numbers: "text" | "objects";
}

/** Encodes rows as `encodeRows` does, until there are `maxBytes` or more, and tells what is known of their integers. */
export function encodePage(
  rows: readonly unknown[],
  { firstRow = 0, maxBytes = Number.POSITIVE_INFINITY } = {},
): EncodedPage {
  const seen: IntegersSeen = { numbers: false, bigints: false };
  const parts: Uint8Array[] = [];
  let rowCount = 0;
  let byteCount = 0;
  do {
    const part = encodedPart(rows, rowCount, { firstRow, seen, maxLength: Math.min(maxBytes - byteCount, partLength) });
    parts.push(part.bytes);
    byteCount += part.bytes.length;
    rowCount = part.end;
  } while (rowCount < rows.length && byteCount < maxBytes);
  return { bytes: joined(parts, byteCount), rowCount, numbers: seen.bigints && !seen.numbers ? "text" : "objects" };
}

const encoder = new TextEncoder();
/** Rows are gathered as text up to this length, which is far from the 512 MB that a text can have. */
const partLength = 1 << 26;

interface LineOptions {
  readonly firstRow: number;
  /** Leave plain rows to `JSON.stringify`, which is several times faster and writes them the same. */
  readonly native: boolean;
  readonly seen: IntegersSeen;
}

// Deeper rows, and with them cycles, are left to the encoder that does not recurse.
const plainDepth = 32;

/** Rows from number `from` on until their text has `maxLength` characters or more. */
function encodedPart(
  rows: readonly unknown[],
  from: number,
  { maxLength, firstRow, seen }: Omit<LineOptions, "native"> & { readonly maxLength: number },
): { readonly bytes: Uint8Array; readonly end: number } {
  const options = { firstRow, seen, native: true };
  let text = "";
  let end = from;
  while (end < rows.length && text.length < maxLength) {
    const line = lineOf(rows[end], end, options);
    // Together they may be longer than a text can be.
    if (text.length > 0 && text.length + line.length > partLength) break;
    text += line;
    text += "\n";
    end++;
  }
  // How `JSON.stringify` writes half a surrogate pair, which UTF-8 cannot hold.
  if (text.includes("\\ud")) {
    const exact = { ...options, native: false };
    text = "";
    for (let index = from; index < end; index++) text += `${lineOf(rows[index], index, exact)}\n`;
  }
  return { bytes: encoder.encode(text), end };
}

function lineOf(row: unknown, index: number, options: LineOptions): string {
  const { seen } = options;
  const plain = options.native && row !== undefined ? plainLine(row, seen) : null;
  if (plain !== null) return plain;
  const line = typedLine(row, options.firstRow + index + 1);
  // Cycles were refused by now.
  if (!seen.numbers) noteIntegers(row, seen);
  return line;
}

/** A row as `JSON.stringify` writes it; `null` where that is not what it should be. */
function plainLine(row: unknown, seen: IntegersSeen): string | null {
  try {
    return isPlain(row, plainDepth, seen) ? JSON.stringify(row) : null;
  } catch {
    // The other encoder tells which part of the row throws.
    return null;
  }
}

function joined(parts: readonly Uint8Array[], byteCount: number): Uint8Array {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  const bytes = new Uint8Array(byteCount);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
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
        if (value.length > mostElements) return false;
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
  return writeJson(value, { typed: true }, (path, what, cause) => {
    const where = path === "" ? `Row ${row}` : `\`${path}\` of row ${row}`;
    return new SourceError("SOURCE_ROW_INVALID", `${where} is ${what}, which no column can hold.`, {
      hint: "Turn it into text, a number or null, or leave it out, before the row is yielded.",
      context: { row, path },
      ...(cause !== undefined && { cause }),
    });
  });
}
