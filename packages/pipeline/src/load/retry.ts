import { DestinationError, isDltError } from "@dlt/core";

/** How often and how soon something is tried again after an error that says that it may succeed later. */
export interface RetryPolicy {
  /** 0: no limit. */
  readonly maxAttempts: number;
  /** How long to wait after attempt `attempt`, from 1. */
  delayMs(attempt: number): number;
  wait(delayMs: number, signal: AbortSignal): Promise<void>;
}

const firstDelayMs = 500;
const longestDelayMs = 30_000;

/** Doubles the delay with each attempt up to half a minute; between half and all of it is waited, by chance. */
export function retryPolicy(options: {
  readonly maxAttempts: number;
  randomBytes(length: number): Uint8Array;
  wait(delayMs: number, signal: AbortSignal): Promise<void>;
}): RetryPolicy {
  return {
    maxAttempts: options.maxAttempts,
    delayMs(attempt) {
      const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** (attempt - 1));
      const [random = 0] = options.randomBytes(1);
      return Math.round(delayMs * (0.5 + random / 510));
    },
    wait: (delayMs, signal) => options.wait(delayMs, signal),
  };
}

/**
 * Runs `attempt` until it succeeds, its error is not `retryable`, or there were too many.
 * @throws what aborted `signal`, once no attempt is at work
 * @throws DestinationError `LOAD_RETRIES_EXHAUSTED` with the last error as cause
 */
export async function withRetries<Result>(
  attempt: () => Promise<Result>,
  options: { readonly policy: RetryPolicy; readonly signal: AbortSignal; readonly what: string },
): Promise<Result> {
  const { policy, signal, what } = options;
  for (let attempts = 1; ; attempts += 1) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      if (!isDltError(error) || !error.retryable || signal.aborted) throw error;
      if (attempts === policy.maxAttempts) throw retriesExhausted(what, attempts, error);
    }
    try {
      await policy.wait(policy.delayMs(attempts), signal);
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  }
}

function retriesExhausted(what: string, attempts: number, cause: Error): DestinationError {
  return new DestinationError("LOAD_RETRIES_EXHAUSTED", `${what} failed ${attempts} times: ${cause.message}`, {
    hint: `${isDltError(cause) && cause.hint !== undefined ? `${cause.hint} ` : ""}The load package is kept, and resumes where it stopped when you run again.`,
    context: { attempts },
    retryable: true,
    cause,
  });
}
