import { onAbort } from "../on-abort.js";
import type { HttpRuntime } from "../runtime.js";
import type { SendSettings } from "../settings.js";
import { type Sending, type TimeLimit, timeoutFailure } from "./failure.js";

/** Stops a request that takes too long, or that is not wanted any more. */
export class Watch {
  readonly #runtime: HttpRuntime;
  readonly #timeouts: SendSettings["timeouts"];
  readonly #sending: Sending;
  readonly #controller = new AbortController();
  readonly #forget: () => void;
  #movedAtMs: number;
  #limit: Extract<TimeLimit, "responseMs" | "idleMs"> = "responseMs";
  #cancelTimer: () => void = () => undefined;

  constructor(
    runtime: HttpRuntime,
    {
      sending,
      timeouts,
      signal,
    }: { readonly sending: Sending; readonly timeouts: SendSettings["timeouts"]; readonly signal: AbortSignal },
  ) {
    this.#runtime = runtime;
    this.#timeouts = timeouts;
    this.#sending = sending;
    this.#movedAtMs = runtime.nowMs();
    this.#forget = onAbort(signal, () => this.#controller.abort(signal.reason));
    this.#arm(timeouts.responseMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Why the request was stopped; undefined: it was not. */
  get reason(): unknown {
    return this.signal.aborted ? this.signal.reason : undefined;
  }

  /** The answer has begun. */
  answered(): void {
    this.#limit = "idleMs";
    this.#cancelTimer();
    this.moved();
    this.#arm(this.#timeouts.idleMs);
  }

  /** A piece of the body has come. */
  moved(): void {
    this.#movedAtMs = this.#runtime.nowMs();
  }

  end(): void {
    this.#forget();
    this.#cancelTimer();
  }

  /** One timer for all pieces: it looks when the last one came, and goes on waiting. */
  #arm(delayMs: number): void {
    if (delayMs === Number.POSITIVE_INFINITY) return;
    this.#cancelTimer = this.#runtime.after(delayMs, () => {
      const limitMs = this.#timeouts[this.#limit];
      const leftMs = this.#movedAtMs + limitMs - this.#runtime.nowMs();
      if (leftMs > 0) this.#arm(leftMs);
      else this.#controller.abort(timeoutFailure(this.#limit, this.#sending, limitMs));
    });
  }
}
