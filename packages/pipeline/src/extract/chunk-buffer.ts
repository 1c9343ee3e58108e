import type { Rejection } from "@dlt/core";
import type { JsonValueDocument } from "../package/manifest.js";

export interface ChunkBufferOptions {
  readonly resource: string;
  readonly table: string;
  readonly numbers: "text" | "objects";
  /** Rows of the resource before these. */
  readonly firstRow: number;
  /** Merged into the schema before the chunk. */
  readonly update: readonly JsonValueDocument[];
  /** Why the rows were rejected. */
  readonly rejected?: Rejection;
}

/** Lines of one resource and table that will become a chunk. */
export class ChunkBuffer {
  readonly options: ChunkBufferOptions;
  readonly #parts: Uint8Array[] = [];
  #bytes = 0;
  #rowCount: number | null = 0;
  /** The only part, when nobody else uses its buffer. */
  #own: Uint8Array | null = null;

  constructor(options: ChunkBufferOptions) {
    this.options = options;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** `null` when text was passed through uncounted. */
  get rowCount(): number | null {
    return this.#rowCount;
  }

  /** `isOwn`: nobody else uses the buffer of the lines. */
  add(lines: Uint8Array, rowCount: number | null, isOwn: boolean): void {
    this.#push(lines);
    this.#own = isOwn && this.#parts.length === 1 ? lines : null;
    if (!endsWithSpace(lines)) this.#push(lineBreak);
    this.#rowCount = this.#rowCount === null || rowCount === null ? null : this.#rowCount + rowCount;
  }

  /** All lines in a buffer of their own. */
  content(): Uint8Array {
    if (this.#own !== null && this.#own.byteLength === this.#bytes) return this.#own;
    const content = new Uint8Array(this.#bytes);
    let position = 0;
    for (const part of this.#parts) {
      content.set(part, position);
      position += part.byteLength;
    }
    return content;
  }

  #push(part: Uint8Array): void {
    this.#parts.push(part);
    this.#bytes += part.byteLength;
  }
}

const lineBreak = Uint8Array.of(0x0a);

function endsWithSpace(bytes: Uint8Array): boolean {
  return (bytes.at(-1) ?? 0x0a) <= 0x20;
}
