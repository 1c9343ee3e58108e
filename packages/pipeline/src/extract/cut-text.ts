import type { JsonText } from "@dlt/core";
import { JsonScanner } from "@dlt/core/engine";

/** Whole values of a JSON text, separated by white space. */
export interface TextPiece {
  readonly bytes: Uint8Array;
  /** Number of values; `null` when they were not counted. */
  readonly rowCount: number | null;
}

/**
 * JSON text in pieces of about so many bytes, cut between values and with the array around them taken off. Lines of up to
 * `wholeBytes` are one piece that is not looked at.
 * @throws SourceError `JSON_TEXT_CUT`
 */
export function* cutText(
  { jsonText, framing }: JsonText,
  { pieceBytes, wholeBytes }: { readonly pieceBytes: number; readonly wholeBytes: number },
): Generator<TextPiece> {
  if (framing === "lines" && jsonText.length <= wholeBytes) {
    yield { bytes: jsonText, rowCount: null };
    return;
  }
  // The scanner writes into an array; what was given belongs to the giver.
  const bytes = framing === "array" ? jsonText.slice() : jsonText;
  const scanner = new JsonScanner(framing === "array" ? "array" : "values");
  let start = 0;
  let counted = 0;
  for (let from = 0; from < bytes.length; from += pieceBytes) {
    const end = scanner.scan(bytes, from, Math.min(from + pieceBytes, bytes.length));
    if (end < 0) continue;
    yield { bytes: bytes.subarray(start, end), rowCount: scanner.valueCount - counted };
    start = end;
    counted = scanner.valueCount;
  }
  if (scanner.end()) yield { bytes: bytes.subarray(start), rowCount: 1 };
}
