const newline = 0x0a;

/** Finds values in a text that comes in pieces. */
export interface ElementScanner {
  /** Where the value begins that is not complete yet, as a position in the whole text; -1: there is none. */
  readonly openStart: number;
  /** Start and end, one after the other, of the values that end in the piece. */
  scan(piece: Uint8Array): readonly number[];
  /** Says that nothing follows. Gives the place of a value that ends with the text. */
  end(): readonly [start: number, end: number] | null;
  /** True once the text has all that it should have. */
  readonly isComplete: boolean;
}

/** JSON lines: a value on each line; empty lines are none. */
export class LineScanner implements ElementScanner {
  readonly isComplete = true;
  #offset = 0;
  #lineStart = 0;
  #hasText = false;

  get openStart(): number {
    return this.#hasText ? this.#lineStart : -1;
  }

  scan(piece: Uint8Array): readonly number[] {
    const spans: number[] = [];
    for (let at = 0; at < piece.length; at++) {
      const byte = piece[at] ?? 0;
      if (byte === newline) {
        const end = this.#offset + at;
        if (this.#hasText) spans.push(this.#lineStart, end);
        this.#lineStart = end + 1;
        this.#hasText = false;
      } else if (byte > 0x20 && !this.#hasText) {
        this.#hasText = true;
        this.#lineStart = this.#offset + at;
      }
    }
    this.#offset += piece.length;
    return spans;
  }

  end(): readonly [start: number, end: number] | null {
    return this.#hasText ? [this.#lineStart, this.#offset] : null;
  }
}
