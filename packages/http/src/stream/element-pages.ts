import type { JsonText } from "@dlt/core";
import type { ElementScanner } from "./element-scanner.js";

const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;

/** Gathers the elements of a list that comes in pieces into texts of about so many bytes, each a list of its own. */
export class ElementPages {
  readonly #scanner: ElementScanner;
  readonly #pageBytes: number;
  #elements: Uint8Array[] = [];
  #bytes = 0;
  /** The element that is not complete yet. */
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #offset = 0;

  constructor(scanner: ElementScanner, pageBytes: number) {
    this.#scanner = scanner;
    this.#pageBytes = pageBytes;
  }

  /** Bytes that are held: complete elements, and one that is not. */
  get heldBytes(): number {
    return this.#bytes + this.#heldBytes;
  }

  /** Takes the next piece, which may be kept. Gives a page when there is enough for one. */
  add(piece: Uint8Array): JsonText | null {
    const spans = this.#scanner.scan(piece);
    for (let i = 0; i < spans.length; i += 2) this.#take(piece, spans[i] ?? 0, spans[i + 1] ?? 0);
    const { openStart } = this.#scanner;
    if (openStart >= 0) this.#hold(piece.subarray(Math.max(0, openStart - this.#offset)));
    this.#offset += piece.length;
    return this.#bytes >= this.#pageBytes ? this.#page() : null;
  }

  /** The last page; `null` when nothing is left. */
  end(): JsonText | null {
    const last = this.#scanner.end();
    if (last !== null) this.#add(joined(this.#held).subarray(0, last[1] - last[0]));
    return this.#elements.length === 0 ? null : this.#page();
  }

  #take(piece: Uint8Array, start: number, end: number): void {
    const from = start - this.#offset;
    const part = piece.subarray(Math.max(0, from), end - this.#offset);
    this.#add(from < 0 ? joined([...this.#held, part]) : part);
    this.#held = [];
    this.#heldBytes = 0;
  }

  #hold(part: Uint8Array): void {
    this.#held.push(part);
    this.#heldBytes += part.length;
  }

  #add(element: Uint8Array): void {
    this.#elements.push(element);
    this.#bytes += element.length;
  }

  #page(): JsonText {
    const text = new Uint8Array(this.#bytes + this.#elements.length + 1);
    let at = 0;
    for (const element of this.#elements) {
      text[at] = at === 0 ? openBracket : comma;
      text.set(element, at + 1);
      at += element.length + 1;
    }
    text[at] = closeBracket;
    this.#elements = [];
    this.#bytes = 0;
    return { jsonText: text, framing: "array" };
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
