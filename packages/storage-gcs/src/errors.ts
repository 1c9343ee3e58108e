import { isDltError } from "@dlt/core";
import { answerText, type FailedAction, httpFailure, type StoreFailure, storeError } from "@dlt/storage";

export interface Attempt extends Pick<FailedAction, "action" | "url"> {
  readonly signal: AbortSignal | undefined;
}

interface ServiceError {
  /** The status of the answer, or the code of the connection. */
  readonly code?: number | string;
  readonly message?: string;
  readonly errors?: readonly { readonly reason?: string; readonly message?: string }[];
}

/**
 * Runs a request; an error of the driver becomes one of this library, the one place where `retryable` is decided. The driver takes no
 * signals: when it is stopped, the request is left to itself.
 */
export async function attempt<Result>(what: Attempt, work: () => Promise<Result>): Promise<Result> {
  what.signal?.throwIfAborted();
  try {
    return await untilStopped(work(), what.signal);
  } catch (error) {
    throw translateFailure(error, what);
  }
}

/** The error to throw for one of the driver; the reason of the signal when that was it. */
export function translateFailure(error: unknown, { signal, ...what }: Attempt): unknown {
  if (signal?.aborted === true) return signal.reason;
  if (isDltError(error)) return error;
  const { code, message = String(error), errors } = error as ServiceError;
  const reason = errors?.[0]?.reason ?? (typeof code === "string" ? code : undefined);
  const status = statusOf(error);
  return storeError(failureOf(status, reason, message), { ...what, reason: answerText(status, reason, message) });
}

/** The status of an answer; `undefined` when there was none. */
export function statusOf(error: unknown): number | undefined {
  const { code } = error as ServiceError;
  return typeof code === "number" ? code : undefined;
}

function failureOf(status: number | undefined, reason: string | undefined, message: string): StoreFailure {
  if (status === 404 && /bucket/i.test(message)) return "storeMissing";
  // The token could not be had: no answer of the store itself.
  if (/invalid_grant|invalid_client|Could not load the default credentials|DECODER routines/.test(message))
    return "denied";
  return httpFailure(status, reason);
}

async function untilStopped<Result>(work: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (signal === undefined) return await work;
  let stop = (): void => undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
