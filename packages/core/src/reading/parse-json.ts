import { decodeJson } from "../json/decode.js";
import { plainValue } from "./plain-value.js";

/** Integers of so many digits may be beyond 2^53, where `JSON.parse` would round them. */
const longInteger = /\d{16}/;

/**
 * Parses JSON into values as code of authors has them: plain numbers, and `bigint` beyond 2^53.
 * @throws SchemaError `JSON_TEXT_INVALID` with byte offset and line
 */
export function parseJson(text: string): unknown {
  if (!longInteger.test(text)) {
    try {
      return JSON.parse(text);
    } catch {
      // The decoder says what is wrong, and where.
    }
  }
  return plainValue(decodeJson(text));
}
