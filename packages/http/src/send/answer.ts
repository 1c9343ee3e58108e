import { SourceError } from "@dlt/core";
import { type Sending, sendFailure } from "./failure.js";
import type { Watch } from "./watch.js";

interface AnswerParts {
  readonly response: Response;
  /** As it was asked for, without what authentication added. */
  readonly url: URL;
  readonly sending: Sending;
  readonly watch: Watch;
  /** Called once, when the body is read or given up. */
  ended(): void;
}

/** An answer whose head is there, and whose body has to be read or given up. */
export class Answer {
  readonly url: URL;
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  readonly #parts: AnswerParts;
  /** The body is read, or will be by whoever keeps it. */
  #isTaken = false;

  constructor(parts: AnswerParts) {
    const { url, response } = parts;
    this.url = url;
    this.status = response.status;
    this.statusText = response.statusText;
    this.headers = response.headers;
    this.#parts = parts;
  }

  /**
   * The whole body, decompressed.
   * @throws SourceError `HTTP_BODY_TOO_LARGE`, `HTTP_BODY_CUT`, `HTTP_TIMEOUT`
   */
  async whole(maxBytes: number): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    let length = 0;
    const reader = this.#open();
    try {
      for (let piece = await reader.next(); piece !== null; piece = await reader.next()) {
        length += piece.length;
        if (length > maxBytes) throw this.#tooLarge(maxBytes);
        pieces.push(piece);
      }
    } finally {
      await reader.close();
    }
    return joined(pieces, length);
  }

  /** The answer, whose body is read by whoever asked for it: `discard` does nothing. */
  keep(): this {
    this.#isTaken = true;
    return this;
  }

  /** The body, decompressed, as it comes. Whoever stops early gives it up. */
  async *pieces(): AsyncGenerator<Uint8Array> {
    const reader = this.#open();
    try {
      for (let piece = await reader.next(); piece !== null; piece = await reader.next()) yield piece;
    } finally {
      await reader.close();
    }
  }

  /** Reads a body that nobody has read, up to a size, so that its connection can be used again. */
  async discard(): Promise<void> {
    if (this.#isTaken) return;
    let length = 0;
    try {
      for await (const piece of this.pieces()) {
        length += piece.length;
        if (length > mostDiscarded) break;
      }
    } catch {
      // It was not wanted.
    }
  }

  #open(): PieceReader {
    this.#isTaken = true;
    const { response, sending, watch, ended } = this.#parts;
    const reader = response.body?.getReader();
    let isDone = reader === undefined;
    return {
      async next() {
        if (reader === undefined) return null;
        try {
          const { done, value } = await reader.read();
          isDone = done;
          watch.moved();
          return done ? null : value;
        } catch (error) {
          throw watch.reason ?? sendFailure(error, sending, { inBody: true });
        }
      },
      async close() {
        watch.end();
        // Nobody reads the rest: the connection is closed.
        if (!isDone) await reader?.cancel().catch(() => undefined);
        ended();
      },
    };
  }

  #tooLarge(maxBytes: number): SourceError {
    const { shown } = this.#parts.sending;
    return new SourceError("HTTP_BODY_TOO_LARGE", `\`${shown}\` was answered with more than ${maxBytes} bytes.`, {
      hint: "Read it with `stream`, ask for less at once, or raise `maxBodyBytes`.",
      context: { request: shown, maxBytes },
    });
  }
}

/** Reads a body piece by piece. */
interface PieceReader {
  /** `null` at the end. */
  next(): Promise<Uint8Array | null>;
  close(): Promise<void>;
}

/** Pieces of so many bytes together, as one. */
function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const [first] = pieces;
  if (first !== undefined && pieces.length === 1) return first;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

const mostDiscarded = 1 << 16;
