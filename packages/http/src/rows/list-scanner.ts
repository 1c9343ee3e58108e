const tab = 0x09;
const newline = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

const byteOrderMark = [0xef, 0xbb, 0xbf];

/** Where the scanner is: on its way to the list, in it, behind it, in a text that has none there, or in what is no JSON. */
export type ListPhase = "before" | "inside" | "single" | "after" | "missing" | "invalid";

/**
 * Finds the elements of a list in a JSON text without parsing it. The text comes in pieces of any length. The list is the member of
 * members that the fields name; a value that is no list counts as a list of one.
 */
export class ListScanner {
  readonly #fields: readonly string[];
  #phase: ListPhase = "before";
  /** How many of the fields were entered. */
  #matched = 0;
  #expects: "value" | "key" | "inKey" | "colon" | "skipped" = "value";
  #key: number[] = [];
  /** Of the value that is skipped or the element that is passed. */
  #depth = 0;
  #inString = false;
  #escaped = false;
  #inScalar = false;
  /** Bytes of the pieces before. */
  #offset = 0;
  #elementStart = -1;
  #listStart = -1;
  #listEnd = -1;

  constructor(fields: readonly string[]) {
    this.#fields = fields;
  }

  get phase(): ListPhase {
    return this.#phase;
  }

  /** From the opening bracket to behind the closing one; of a value that is no list, its own place. */
  get list(): { readonly start: number; readonly end: number } {
    return { start: this.#listStart, end: this.#listEnd };
  }

  /** Where the element begins that is not complete yet; -1: there is none. */
  get openStart(): number {
    return this.#elementStart;
  }

  /**
   * Goes on with the next piece. Gives start and end, one after the other, of the elements that end in it, as positions in the
   * whole text.
   */
  scan(piece: Uint8Array): readonly number[] {
    const spans: number[] = [];
    let at = 0;
    while (at < piece.length) {
      if (this.#phase === "inside" || this.#phase === "single") at = this.#pass(piece, at, spans);
      else if (this.#phase === "before") at = this.#seek(piece, at);
      else break;
    }
    this.#offset += piece.length;
    return spans;
  }

  /** Says that nothing follows. Gives the place of a number or word that ends with the text; `null`: nothing ends here. */
  end(): readonly [start: number, end: number] | null {
    if (this.#phase !== "single" || !this.#inScalar) return null;
    return this.#finish(this.#offset);
  }

  #seek(piece: Uint8Array, from: number): number {
    for (let at = from; at < piece.length; at++) {
      const byte = piece[at] ?? 0;
      if (this.#expects === "skipped") {
        if (this.#skip(byte)) continue;
      } else if (this.#expects === "inKey") {
        this.#readKey(byte);
        continue;
      }
      if (isSpace(byte) || (this.#offset + at < 3 && byte === byteOrderMark[this.#offset + at])) continue;
      if (this.#expects === "value") {
        if (this.#matched === this.#fields.length) return this.#enter(byte, at);
        if (byte !== openBrace) return this.#leave(piece, isValueStart(byte) ? "missing" : "invalid");
        this.#expects = "key";
      } else if (this.#expects === "colon") {
        if (byte !== colon) return this.#leave(piece, "invalid");
        this.#expects = this.#isWanted() ? "value" : "skipped";
      } else if (byte === quote) {
        this.#key = [];
        this.#expects = "inKey";
      } else if (byte !== comma) return this.#leave(piece, byte === closeBrace ? "missing" : "invalid");
    }
    return piece.length;
  }

  #enter(byte: number, at: number): number {
    const isList = byte === openBracket;
    this.#phase = isList ? "inside" : "single";
    this.#listStart = this.#offset + at;
    return isList ? at + 1 : at;
  }

  #leave(piece: Uint8Array, phase: "missing" | "invalid"): number {
    this.#phase = phase;
    return piece.length;
  }

  #readKey(byte: number): void {
    if (byte === quote && !this.#escaped) this.#expects = "colon";
    else this.#key.push(byte);
    this.#escaped = byte === backslash && !this.#escaped;
  }

  #isWanted(): boolean {
    const text = new TextDecoder().decode(Uint8Array.from(this.#key));
    if (keyOf(text) !== this.#fields[this.#matched]) return false;
    this.#matched++;
    return true;
  }

  /** Passes over a value that is not wanted. False for the byte behind a number or a word, which is not part of it. */
  #skip(byte: number): boolean {
    const isInside = this.#depth > 0 || this.#inString || this.#inScalar;
    if (!isInside && isSpace(byte)) return true;
    const end = this.#valueEnd(byte);
    if (end === null) return true;
    this.#expects = "key";
    return end === "with";
  }

  #pass(piece: Uint8Array, from: number, spans: number[]): number {
    for (let at = from; at < piece.length; at++) {
      const byte = piece[at] ?? 0;
      if (this.#elementStart < 0) {
        if (isSpace(byte) || byte === comma) continue;
        if (byte === closeBracket && this.#phase === "inside") {
          this.#close(this.#offset + at + 1);
          return piece.length;
        }
        this.#elementStart = this.#offset + at;
      }
      const end = this.#valueEnd(byte);
      if (end === null) continue;
      spans.push(...this.#finish(this.#offset + at + (end === "with" ? 1 : 0)));
      if (this.#phase === "after") return piece.length;
      // What ended a number or a word has a meaning of its own.
      if (end === "before") at--;
    }
    return piece.length;
  }

  #finish(end: number): readonly [start: number, end: number] {
    const start = this.#elementStart;
    this.#elementStart = -1;
    this.#inScalar = false;
    if (this.#phase === "single") this.#close(end);
    return [start, end];
  }

  #close(end: number): void {
    this.#phase = "after";
    this.#listEnd = end;
  }

  /** Whether a value ends with this byte, or before it. */
  #valueEnd(byte: number): "with" | "before" | null {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (byte === backslash) this.#escaped = true;
      else if (byte === quote) {
        this.#inString = false;
        if (this.#depth === 0) return "with";
      }
      return null;
    }
    if (byte === quote) this.#inString = true;
    else if (byte === openBrace || byte === openBracket) this.#depth++;
    else if (byte === closeBrace || byte === closeBracket) {
      if (this.#depth === 0) return this.#endScalar();
      this.#depth--;
      if (this.#depth === 0) return "with";
    } else if (this.#depth === 0) {
      if (byte === comma || isSpace(byte)) return this.#endScalar();
      this.#inScalar = true;
    }
    return null;
  }

  #endScalar(): "before" {
    this.#inScalar = false;
    return "before";
  }
}

function isSpace(byte: number): boolean {
  return byte === space || byte === newline || byte === carriageReturn || byte === tab;
}

function isValueStart(byte: number): boolean {
  return byte === openBracket || byte === quote || /[-\dtfn]/.test(String.fromCharCode(byte));
}

/** The name that a key stands for; it is written with escapes where it has to be. */
function keyOf(text: string): string {
  if (!text.includes("\\")) return text;
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return text;
  }
}
