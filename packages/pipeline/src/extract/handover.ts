/** A value on its way, and who waits for it to be accepted. */
interface Waiting<Value> {
  readonly value: Value;
  accepted(): void;
}

/**
 * Hands values from many givers to one taker, in the order in which they are given. A giver waits until its value is taken,
 * or among the few that may wait. A failure reaches the taker at once.
 */
export class Handover<Value> {
  readonly #room: number;
  readonly #waiting: Waiting<Value>[] = [];
  #wakeTaker: (() => void) | null = null;
  #ended = false;
  #failure: { readonly error: unknown } | null = null;

  /** `room`: values that may wait for the taker. */
  constructor(room: number) {
    this.#room = room;
  }

  /** True when no value waits. */
  get isIdle(): boolean {
    return this.#waiting.length === 0;
  }

  /** Resolves when the giver may go on. After the end values are dropped. */
  async give(value: Value): Promise<void> {
    if (this.#ended) return;
    await new Promise<void>((accepted) => {
      this.#waiting.push({ value, accepted });
      if (this.#waiting.length <= this.#room) accepted();
      this.#wake();
    });
  }

  /** No more values come; those that wait are still taken. */
  end(): void {
    this.#ended = true;
    for (const { accepted } of this.#waiting) accepted();
    this.#wake();
  }

  /** The taker gets this error next. Only the first counts. */
  fail(error: unknown): void {
    if (this.#ended) return;
    this.#failure = { error };
    this.end();
  }

  async *values(): AsyncGenerator<Value> {
    try {
      for (;;) {
        if (this.#failure !== null) throw this.#failure.error;
        const next = this.#waiting.shift();
        if (next !== undefined) {
          next.accepted();
          this.#waiting[this.#room - 1]?.accepted();
          yield next.value;
        } else if (this.#ended) return;
        else {
          await new Promise<void>((resolve) => {
            this.#wakeTaker = resolve;
          });
        }
      }
    } finally {
      this.end();
      this.#waiting.length = 0;
    }
  }

  #wake(): void {
    this.#wakeTaker?.();
    this.#wakeTaker = null;
  }
}
