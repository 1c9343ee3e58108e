/**
 * Hands values from many givers to one taker. A giver waits until its value is among the few that may wait; the taker gets
 * them in the order in which they were given. A failure reaches the taker at once.
 */
export class Handover<Value> {
  readonly #room: number;
  readonly #values: Value[] = [];
  readonly #givers: (() => void)[] = [];
  #wakeTaker: (() => void) | null = null;
  #ended = false;
  #failure: { readonly error: unknown } | null = null;

  /** `room`: values that may wait for the taker. */
  constructor(room: number) {
    this.#room = room;
  }

  /** Resolves when there is room for the next value. After the end values are dropped, and it resolves at once. */
  async give(value: Value): Promise<void> {
    if (this.#ended) return;
    this.#values.push(value);
    this.#wake();
    while (this.#values.length > this.#room && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#givers.push(resolve);
      });
    }
  }

  /** No more values come; those that wait are still taken. */
  end(): void {
    this.#ended = true;
    this.#wake();
    for (const giver of this.#givers.splice(0)) giver();
  }

  /** The taker gets this error next. Only the first counts. */
  fail(error: unknown): void {
    if (this.#ended) return;
    this.#failure = { error };
    this.#values.length = 0;
    this.end();
  }

  async *values(): AsyncGenerator<Value> {
    try {
      for (;;) {
        if (this.#failure !== null) throw this.#failure.error;
        const value = this.#values.shift();
        if (value !== undefined) {
          this.#givers.shift()?.();
          yield value;
        } else if (this.#ended) return;
        else {
          await new Promise<void>((resolve) => {
            this.#wakeTaker = resolve;
          });
        }
      }
    } finally {
      this.#values.length = 0;
      this.end();
    }
  }

  #wake(): void {
    this.#wakeTaker?.();
    this.#wakeTaker = null;
  }
}
