import { SchemaError } from "../errors/index.js";
import { Float } from "../values/float.js";
import type { JsonValue } from "./value.js";
import { wellFormed } from "./well-formed.js";

/**
 * Decodes one JSON value, UTF-8 bytes or text, to any depth. Of equal keys the last wins, in the place of the first. An escaped
 * surrogate without its other half becomes U+FFFD.
 * @throws SchemaError `JSON_TEXT_INVALID` with byte offset and line
 */
export function decodeJson(json: Uint8Array | string): JsonValue {
  return typeof json === "string" ? new JsonReader(json).read() : decodeJsonAt(json, 0, json.length);
}

/** Decodes the one JSON value in `bytes[start … end]`. Offsets and lines of errors count from `start`. */
export function decodeJsonAt(bytes: Uint8Array, start: number, end: number): JsonValue {
  const part = bytes.subarray(start, end);
  let text: string;
  try {
    text = utf8.decode(part);
  } catch {
    const valid = validUtf8(part);
    throw invalidJson("it is not UTF-8", utf8Length(valid), lineOf(valid));
  }
  return new JsonReader(text).read();
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const tab = 0x09;
const newline = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const quote = 0x22;
const plus = 0x2b;
const comma = 0x2c;
const minus = 0x2d;
const point = 0x2e;
const zero = 0x30;
const nine = 0x39;
const colon = 0x3a;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const letterE = 0x65;
const openBrace = 0x7b;
const closeBrace = 0x7d;

// So many digits never exceed 2^53 - 1.
const safeDigits = 15;

/** An array or object that is not closed yet, with the key that waits for its value. */
type Open =
  | { readonly list: JsonValue[]; readonly map: null; key: "" }
  | { readonly list: null; readonly map: Map<string, JsonValue>; key: string };

/** Reads one value out of a text. Containers are kept on a list of its own, so that depth does not use up the stack. */
class JsonReader {
  private readonly text: string;
  private position = 0;

  constructor(text: string) {
    this.text = text;
  }

  read(): JsonValue {
    const outer: Open[] = [];
    let open: Open | null = null;
    for (;;) {
      let value: JsonValue;
      const code = this.nextCode();
      if (code === openBrace || code === openBracket) {
        this.position++;
        const entered: Open =
          code === openBrace ? { list: null, map: new Map(), key: "" } : { list: [], map: null, key: "" };
        if (this.nextCode() !== (code === openBrace ? closeBrace : closeBracket)) {
          if (open !== null) outer.push(open);
          open = entered;
          if (entered.map !== null) entered.key = this.key();
          continue;
        }
        this.position++;
        value = entered.map ?? entered.list;
      } else {
        value = this.scalar(code);
      }
      // The value is complete; so may be the containers around it.
      for (;;) {
        if (open === null) return this.ended(value);
        if (open.map !== null) open.map.set(open.key, value);
        else open.list.push(value);
        const after = this.nextCode();
        this.position++;
        if (after === comma) {
          if (open.map !== null) {
            this.nextCode();
            open.key = this.key();
          }
          break;
        }
        if (after !== (open.map === null ? closeBracket : closeBrace)) {
          this.position--;
          throw this.unexpected(open.map === null ? "`,` or `]`" : "`,` or `}`");
        }
        value = open.map ?? open.list;
        open = outer.pop() ?? null;
      }
    }
  }

  /** Skips white space; NaN at the end. */
  private nextCode(): number {
    for (;;) {
      const code = this.text.charCodeAt(this.position);
      if (code !== space && code !== newline && code !== carriageReturn && code !== tab) return code;
      this.position++;
    }
  }

  private key(): string {
    if (this.text.charCodeAt(this.position) !== quote) throw this.unexpected("a key in quotation marks");
    const key = this.string();
    if (this.nextCode() !== colon) throw this.unexpected("`:`");
    this.position++;
    return key;
  }

  private scalar(code: number): JsonValue {
    if (code === quote) return this.string();
    if (code === minus || (code >= zero && code <= nine)) return this.number();
    if (this.text.startsWith("null", this.position)) return this.literal("null", null);
    if (this.text.startsWith("true", this.position)) return this.literal("true", true);
    if (this.text.startsWith("false", this.position)) return this.literal("false", false);
    throw this.unexpected("a value");
  }

  private literal(text: string, value: JsonValue): JsonValue {
    this.position += text.length;
    return value;
  }

  private string(): string {
    const { text } = this;
    const start = this.position + 1;
    for (let end = start; ; end++) {
      const code = text.charCodeAt(end);
      if (code === quote) {
        this.position = end + 1;
        return text.slice(start, end);
      }
      if (code === backslash) return this.escapedString(start, end);
      if (!(code >= space)) {
        this.position = end;
        throw this.unexpected("the end of a string");
      }
    }
  }

  /** The rest of a string from its first backslash on. */
  private escapedString(start: number, firstBackslash: number): string {
    const { text } = this;
    let decoded = text.slice(start, firstBackslash);
    let hasSurrogate = false;
    this.position = firstBackslash;
    for (let copied = firstBackslash; ; ) {
      const code = text.charCodeAt(this.position);
      if (code === quote) {
        decoded += text.slice(copied, this.position++);
        return hasSurrogate ? wellFormed(decoded) : decoded;
      }
      if (code !== backslash) {
        if (!(code >= space)) throw this.unexpected("the end of a string");
        this.position++;
        continue;
      }
      decoded += text.slice(copied, this.position);
      const letter = text.charAt(this.position + 1);
      if (letter === "u") {
        const digits = text.slice(this.position + 2, this.position + 6);
        if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw this.unexpected("an escape sequence");
        const unit = Number.parseInt(digits, 16);
        hasSurrogate ||= unit >= 0xd800 && unit <= 0xdfff;
        decoded += String.fromCharCode(unit);
        this.position += 6;
      } else {
        const character = escapes[letter];
        if (character === undefined) throw this.unexpected("an escape sequence");
        decoded += character;
        this.position += 2;
      }
      copied = this.position;
    }
  }

  private number(): number | bigint | Float {
    const { text } = this;
    const start = this.position;
    const negative = text.charCodeAt(start) === minus;
    const firstDigit = negative ? start + 1 : start;
    let end = this.digits(firstDigit);
    if (text.charCodeAt(firstDigit) === zero && end > firstDigit + 1) {
      this.position = firstDigit + 1;
      throw this.unexpected("no digit after a leading zero");
    }
    const wholeEnd = end;
    if (text.charCodeAt(end) === point) end = this.digits(end + 1);
    if ((text.charCodeAt(end) | 0x20) === letterE) {
      const sign = text.charCodeAt(end + 1);
      end = this.digits(sign === plus || sign === minus ? end + 2 : end + 1);
    }
    this.position = end;
    if (end === wholeEnd) {
      if (end - firstDigit <= safeDigits) {
        let magnitude = 0;
        for (let i = firstDigit; i < end; i++) magnitude = magnitude * 10 + (text.charCodeAt(i) - zero);
        return negative && magnitude !== 0 ? -magnitude : magnitude;
      }
      const literal = text.slice(start, end);
      const rounded = Number(literal);
      return Number.isSafeInteger(rounded) ? rounded : BigInt(literal);
    }
    const value = Number(text.slice(start, end));
    if (!Number.isFinite(value)) {
      this.position = start;
      throw this.unexpected("a number within the range of a double");
    }
    return Number.isInteger(value) ? new Float(value) : value;
  }

  /** The position after one digit or more. */
  private digits(from: number): number {
    let end = from;
    for (let code = this.text.charCodeAt(end); code >= zero && code <= nine; code = this.text.charCodeAt(end)) end++;
    if (end === from) {
      this.position = from;
      throw this.unexpected("a digit");
    }
    return end;
  }

  private ended(value: JsonValue): JsonValue {
    this.nextCode();
    if (this.position < this.text.length) throw this.unexpected("the end of the text");
    return value;
  }

  private unexpected(expected: string): SchemaError {
    const before = this.text.slice(0, this.position);
    return invalidJson(`${expected} was expected`, utf8Length(before), lineOf(before));
  }
}

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

function invalidJson(reason: string, offset: number, line: number): SchemaError {
  return new SchemaError("JSON_TEXT_INVALID", `A JSON text is not valid: ${reason} at byte ${offset}, line ${line}.`, {
    hint: "Look at the text around that byte; it may be cut off or not be JSON at all.",
    context: { offset, line },
  });
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}

function lineOf(before: string): number {
  return before.split("\n").length;
}

/** What can be decoded before the first byte that is not UTF-8. */
function validUtf8(bytes: Uint8Array): string {
  let low = 0;
  let high = bytes.length;
  // Streaming keeps an unfinished character back, so any shorter prefix of valid text decodes too.
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (isUtf8Prefix(bytes.subarray(0, middle))) low = middle;
    else high = middle - 1;
  }
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(0, low), { stream: true });
}

function isUtf8Prefix(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
