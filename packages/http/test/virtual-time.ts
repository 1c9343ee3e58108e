import { setImmediate } from "node:timers/promises";
import type { Fetch, HttpRuntime } from "../src/index.js";
import { onAbort } from "../src/on-abort.js";

interface Event {
  readonly atMs: number;
  readonly action: () => void;
}

/** Time that passes when everything waits: each wait and each answer takes exactly as long as it says, and no real time. */
export class VirtualTime {
  nowMs = Date.UTC(2026, 0, 1);
  #events: Event[] = [];

  runtime({ random = () => 0 }: { readonly random?: () => number } = {}): HttpRuntime {
    return {
      nowMs: () => this.nowMs,
      random,
      wait: (delayMs, signal) =>
        new Promise((resolve, reject) => {
          const cancel = this.after(delayMs, () => {
            forget();
            resolve();
          });
          const forget = onAbort(signal, () => {
            cancel();
            reject(signal.reason);
          });
        }),
      after: (delayMs, action) => this.after(delayMs, action),
      warn: () => undefined,
    };
  }

  after(delayMs: number, action: () => void): () => void {
    const event = { atMs: this.nowMs + Math.max(0, delayMs), action };
    this.#events.push(event);
    return () => {
      this.#events = this.#events.filter((each) => each !== event);
    };
  }

  /** A network whose requests arrive after `there()` milliseconds and whose answers take `back()` more. */
  fetch(
    answer: (url: URL, headers: Headers) => Response,
    { there, back }: { readonly there: () => number; readonly back: () => number },
  ): Fetch {
    return (input, init) =>
      new Promise((resolve) => {
        this.after(there(), () => {
          const response = answer(new URL(`${input}`), new Headers(init?.headers));
          this.after(back(), () => resolve(response));
        });
      });
  }

  /** Lets time pass until some work is done. */
  async until<Result>(work: Promise<Result>): Promise<Result> {
    let isSettled = false;
    const settle = (): void => {
      isSettled = true;
    };
    work.then(settle, settle);
    for (;;) {
      for (let turn = 0; turn < 4; turn++) await setImmediate();
      if (isSettled) return await work;
      const next = this.#events.reduce<Event | null>(
        (first, each) => (first === null || each.atMs < first.atMs ? each : first),
        null,
      );
      if (next === null) throw new Error("Nothing happens any more.");
      this.#events = this.#events.filter((each) => each !== next);
      this.nowMs = next.atMs;
      next.action();
    }
  }
}
