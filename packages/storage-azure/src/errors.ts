import { isDltError } from "@dlt/core";
import { answerText, type FailedAction, httpFailure, type StoreFailure, storeError } from "@dlt/storage";

export interface Attempt extends Pick<FailedAction, "action" | "url"> {
  readonly signal: AbortSignal | undefined;
}

interface ServiceError {
  readonly name?: string;
  readonly statusCode?: number;
  readonly code?: string;
  readonly message?: string;
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
  const { name, statusCode, code, message = String(error) } = error as ServiceError;
  const shown = code ?? (name === "Error" || name === "RestError" ? undefined : name);
  return storeError(failureOf(statusCode, shown), { ...what, reason: answerText(statusCode, shown, message) });
}

/** True for an answer that says that there is no such file. */
export function isMissing(error: unknown): boolean {
  const { statusCode, code } = error as ServiceError;
  return statusCode === 404 && code !== "ContainerNotFound";
}

/** True for an answer that says that there is a file already. */
export function isTaken(error: unknown): boolean {
  const { statusCode, code } = error as ServiceError;
  return statusCode === 412 || code === "BlobAlreadyExists";
}

// https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes
const failuresByCode: Readonly<Record<string, StoreFailure>> = {
  ContainerNotFound: "storeMissing",
  ContainerBeingDeleted: "unavailable",
  AuthenticationRequiredError: "denied",
  CredentialUnavailableError: "denied",
  AggregateAuthenticationError: "denied",
  // What the SDK calls a connection that could not be made.
  REQUEST_SEND_ERROR: "unavailable",
};

function failureOf(status: number | undefined, code: string | undefined): StoreFailure {
  return (code === undefined ? undefined : failuresByCode[code]) ?? httpFailure(status, code);
}
