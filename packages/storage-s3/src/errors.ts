import { isDltError } from "@dlt/core";
import { answerText, type FailedAction, httpFailure, type StoreFailure, storeError } from "@dlt/storage";

export interface Attempt extends Pick<FailedAction, "action" | "url"> {
  readonly signal: AbortSignal | undefined;
}

interface ServiceError {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Runs a request; an error of the SDK becomes one of this library, the one place where `retryable` is decided. */
export async function attempt<Result>(what: Attempt, work: () => Promise<Result>): Promise<Result> {
  what.signal?.throwIfAborted();
  try {
    return await work();
  } catch (error) {
    throw translateFailure(error, what);
  }
}

/** The error to throw for one of the SDK; the reason of the signal when that was it. */
export function translateFailure(error: unknown, { signal, ...what }: Attempt): unknown {
  if (signal?.aborted === true) return signal.reason;
  if (isDltError(error)) return error;
  const { name, code, message = String(error), $metadata } = error as ServiceError;
  const status = $metadata?.httpStatusCode;
  const shown = code ?? name;
  return storeError(failureOf(status, shown), { ...what, reason: answerText(status, shown, message) });
}

/** True for an answer that says that there is no such file. */
export function isMissing(error: unknown): boolean {
  const { name, $metadata } = error as ServiceError;
  return $metadata?.httpStatusCode === 404 && name !== "NoSuchBucket";
}

/** True for an answer that says that there is a file already, or that another one is being written. */
export function isTaken(error: unknown): boolean {
  const { $metadata } = error as ServiceError;
  return $metadata?.httpStatusCode === 412;
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
const failuresByCode: Readonly<Record<string, StoreFailure>> = {
  NoSuchBucket: "storeMissing",
  CredentialsProviderError: "denied",
  InvalidAccessKeyId: "denied",
  SignatureDoesNotMatch: "denied",
  ExpiredToken: "denied",
  RequestTimeout: "unavailable",
  // Of two conditional writes at the same time, the later one is asked to try again.
  ConditionalRequestConflict: "unavailable",
  OperationAborted: "unavailable",
};

function failureOf(status: number | undefined, code: string | undefined): StoreFailure {
  return (code === undefined ? undefined : failuresByCode[code]) ?? httpFailure(status, code);
}
