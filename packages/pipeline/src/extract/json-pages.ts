import { JsonScanner, type JsonText } from "@dlt/core";

/** `lines`: one value a line, which is cut without looking at it; `values`: values of any form, or one array of them. */
export type JsonLayout = "lines" | "values";

/**
 * Bytes of JSON, in pieces of any size, as pages of whole values. Nothing is parsed, and no more is held than the largest value
 * and a piece.
 * @throws SourceError `JSON_TEXT_CUT` when values are cut off
 */
export async function* jsonPages(pieces: AsyncIterable<Uint8Array>, layout: JsonLayout): AsyncGenerator<JsonText> {
  const scanner = layout === "lines" ? null : new JsonScanner(null);
  let begun: Uint8Array[] = [];
  let isFirst = true;
  for await (const piece of pieces) {
    // The giver may use its buffer again, and the scanner writes into it.
    const bytes = (isFirst ? withoutMark(piece) : piece).slice();
    isFirst = false;
    const end = scanner === null ? endOfLines(bytes) : scanner.scan(bytes, 0, bytes.length);
    if (end < 0) {
      begun.push(bytes);
      continue;
    }
    yield { jsonText: joined([...begun, bytes.subarray(0, end)]), framing: "lines" };
    begun = [bytes.subarray(end)];
  }
  scanner?.end();
  const rest = joined(begun);
  if (!rest.every(isSpace)) yield { jsonText: rest, framing: "lines" };
}

/** The position after the last line break; -1 when there is none. */
function endOfLines(bytes: Uint8Array): number {
  const last = bytes.lastIndexOf(0x0a);
  return last < 0 ? -1 : last + 1;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let position = 0;
  for (const part of parts) {
    bytes.set(part, position);
    position += part.length;
  }
  return bytes;
}

function isSpace(byte: number): boolean {
  return byte <= 0x20;
}

/** Without the byte order mark that some programs put before UTF-8. */
function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}
