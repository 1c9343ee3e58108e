import { ConfigError } from "@dlt/core";
import { type EndSignal, onEndSignal } from "./signal-hub.js";

/** What made a run stop before its data had an end. */
export type StopCause = EndSignal | "maxDurationMs";

/** Whether a run is asked to stop. Disposing of it stops listening. */
export interface StopRequest extends Disposable {
  readonly signal: AbortSignal;
  /** `null` as long as it goes on. */
  readonly cause: StopCause | null;
}

/**
 * Waits for what stops a run: signals to the process, or the end of its time.
 * @throws ConfigError `RUN_OPTION_INVALID`
 */
export function stopRequest(options: {
  readonly interceptsSignals: boolean;
  readonly maxDurationMs: number | undefined;
}): StopRequest {
  const { interceptsSignals, maxDurationMs } = options;
  if (maxDurationMs !== undefined && !(maxDurationMs > 0 && maxDurationMs <= longestTimerMs)) {
    throw invalidRunOption("maxDurationMs", maxDurationMs, `a number above 0, at most ${longestTimerMs}`);
  }
  const stopping = new AbortController();
  let cause: StopCause | null = null;
  const stop = (by: StopCause): void => {
    cause ??= by;
    stopping.abort();
  };
  const timer = maxDurationMs === undefined ? undefined : setTimeout(() => stop("maxDurationMs"), maxDurationMs);
  const stopListening = interceptsSignals ? onEndSignal(stop) : () => undefined;
  return {
    signal: stopping.signal,
    get cause() {
      return cause;
    },
    [Symbol.dispose]() {
      clearTimeout(timer);
      stopListening();
    },
  };
}

/** Timers of Node count in 32 bits. */
const longestTimerMs = 2 ** 31 - 1;

export function invalidRunOption(name: string, value: unknown, expected: string): ConfigError {
  return new ConfigError("RUN_OPTION_INVALID", `Expected \`${name}\` to be ${expected}, got \`${String(value)}\`.`, {
    hint: `Correct \`${name}\` where the run is started.`,
    context: { option: name },
  });
}
