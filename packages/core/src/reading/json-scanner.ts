import { SourceError } from "../errors/index.js";

const tab = 0x09;
const newline = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const quote = 0x22;
const comma = 0x2c;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/**
 * Finds where the values of a JSON text end, without parsing them: it only knows strings and nesting. Takes the text in
 * pieces of any length. An array of values is turned into values separated by white space, in place.
 */
export class JsonScanner {
  /** `values`: separated by white space; `array`: the elements of one array; `null`: as the first byte says. */
  #framing: "values" | "array" | null;
  /** Before, in, or after the array that holds the values. */
  #array: "before" | "inside" | "after" = "before";
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** In a number or a word, which ends with the next byte that cannot belong to it. */
  #inScalar = false;
  #valueCount = 0;
  #scanned = 0;

  constructor(framing: "values" | "array" | null) {
    this.#framing = framing;
  }

  /** Values that have ended. */
  get valueCount(): number {
    return this.#valueCount;
  }

  /**
   * Goes on with `bytes[from … to]`. Gives the position after the last value that ends there, -1 when none does; with `ends`,
   * the positions of all.
   * @throws SourceError `JSON_TEXT_CUT` where something follows the array or closes what is not open
   */
  scan(bytes: Uint8Array, from: number, to: number, ends?: number[]): number {
    let last = -1;
    const ended = (position: number): void => {
      last = position;
      this.#valueCount++;
      ends?.push(position);
    };
    for (let i = from; i < to; i++) {
      const byte = bytes[i] ?? 0;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === backslash) this.#escaped = true;
        else if (byte === quote) {
          this.#inString = false;
          if (this.#depth === 0) ended(i + 1);
        }
        continue;
      }
      if (this.#depth > 0) {
        if (byte === quote) this.#inString = true;
        else if (byte === openBrace || byte === openBracket) this.#depth++;
        else if ((byte === closeBrace || byte === closeBracket) && --this.#depth === 0) ended(i + 1);
        continue;
      }
      const isSpace = byte === space || byte === newline || byte === carriageReturn || byte === tab;
      if (this.#inScalar && (isSpace || byte === comma || byte === closeBracket)) {
        this.#inScalar = false;
        ended(i);
      }
      if (isSpace || this.#inScalar) continue;
      if (this.#frames(byte)) {
        bytes[i] = byte === comma ? newline : space;
        continue;
      }
      if (this.#array === "after" || byte === closeBrace || byte === closeBracket) throw this.#invalid(i - from);
      if (byte === quote) this.#inString = true;
      else if (byte === openBrace || byte === openBracket) this.#depth = 1;
      else this.#inScalar = true;
    }
    this.#scanned += to - from;
    return last;
  }

  /**
   * Says that nothing follows. True when a number or a word has ended with the text.
   * @throws SourceError `JSON_TEXT_CUT` when the text ends within a value or the array
   */
  end(): boolean {
    if (this.#depth > 0 || this.#inString || (this.#framing === "array" && this.#array !== "after"))
      throw this.#invalid(0);
    if (!this.#inScalar) return false;
    this.#inScalar = false;
    this.#valueCount++;
    return true;
  }

  /** True for a byte that belongs to the array around the values. */
  #frames(byte: number): boolean {
    this.#framing ??= byte === openBracket ? "array" : "values";
    if (this.#framing === "values") return false;
    if (this.#array === "before" && byte === openBracket) this.#array = "inside";
    else if (this.#array === "inside" && byte === closeBracket) this.#array = "after";
    else return this.#array === "inside" && byte === comma;
    return true;
  }

  #invalid(offset: number): SourceError {
    const position = this.#scanned + offset;
    return new SourceError(
      "JSON_TEXT_CUT",
      `The JSON text does not hold together at byte ${position}: a value is not closed, or something follows the array.`,
      {
        hint: "Check that the text is complete, and that it is one array of rows or rows separated by line breaks.",
        context: { byte: position },
      },
    );
  }
}
