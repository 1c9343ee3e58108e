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
    const { sending } = this.#parts;
    const pieces: Uint8Array[] = [];
    let length = 0;
    for await (const piece of this.pieces()) {
      length += piece.length;
      if (length > maxBytes) {
        throw new SourceError(
          "HTTP_BODY_TOO_LARGE",
          `\`${sending.shown}\` was answered with more than ${maxBytes} bytes.`,
          {
            hint: "Read it with `stream`, ask for less at once, or raise `maxBodyBytes`.",
            context: { request: sending.shown, maxBytes },
          },
        );
      }
      pieces.push(piece);
    }
    const [first] = pieces;
    if (first !== undefined && pieces.length === 1) return first;
    const body = new Uint8Array(length);
    let at = 0;
    for (const piece of pieces) {
      body.set(piece, at);
      at += piece.length;
    }
    return body;
  }

  /** The answer, whose body is read by whoever asked for it: `discard` does nothing. */
  keep(): this {
    this.#isTaken = true;
    return this;
  }

  /** The body, decompressed, as it comes. Whoever stops early gives it up. */
  async *pieces(): AsyncGenerator<Uint8Array> {
    this.#isTaken = true;
    const { response, sending, watch, ended } = this.#parts;
    const reader = response.body?.getReader();
    let isDone = false;
    try {
      while (reader !== undefined) {
        const { done, value } = await reader.read();
        if (done) break;
        watch.moved();
        yield value;
      }
      isDone = true;
    } catch (error) {
      throw watch.reason ?? sendFailure(error, sending, { inBody: true });
    } finally {
      watch.end();
      // Nobody reads the rest: the connection is closed.
      if (!isDone) await reader?.cancel().catch(() => undefined);
      ended();
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
}

const mostDiscarded = 1 << 16;
