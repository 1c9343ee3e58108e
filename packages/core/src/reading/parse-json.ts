import { decodeJson } from "../json/decode.js";
import { plainValue } from "./plain-value.js";

/**
 * Parses JSON into values as code of authors has them: plain numbers, and `bigint` beyond 2^53.
 * @throws SchemaError `JSON_TEXT_INVALID` with byte offset and line
 */
export function parseJson(text: string): unknown {
  if (!hasLongInteger(text)) {
    try {
      return JSON.parse(text);
    } catch {
      // The decoder says what is wrong, and where.
    }
  }
  return plainValue(decodeJson(text));
}

/** Integers of so many digits may be beyond 2^53, where `JSON.parse` would round them. */
const longDigits = 16;
const quote = 0x22;
const point = 0x2e;

/** False when no integer has so many digits. Looks at one in so many characters, which a pattern cannot. */
function hasLongInteger(text: string): boolean {
  for (let at = longDigits - 1; at < text.length; at += longDigits) {
    if (!isDigit(text.charCodeAt(at))) continue;
    let start = at;
    while (isDigit(text.charCodeAt(start - 1))) start--;
    let end = at + 1;
    while (isDigit(text.charCodeAt(end))) end++;
    // Behind a point they are a fraction, behind a quotation mark no number.
    const before = text.charCodeAt(start - 1);
    if (end - start >= longDigits && before !== point && before !== quote) return true;
    at = Math.max(at, end - longDigits);
  }
  return false;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
