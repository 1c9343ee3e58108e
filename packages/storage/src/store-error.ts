import { DestinationError, type ErrorCode, type ErrorDetails } from "@dlt/core";

/** What went wrong, whichever store it was. */
export type StoreFailure =
  | "missing"
  | "storeMissing"
  | "denied"
  | "unavailable"
  | "full"
  | "nameTooLong"
  | "pathUnusable"
  | "failed";

/** The same of a request: there is an object and none should be, or nothing is in the range that was asked for. */
export type ObjectFailure = StoreFailure | "taken" | "rangeEmpty";

export interface FailedAction {
  readonly action: "read" | "write" | "list" | "delete" | "look up";
  /** Where, without secrets. */
  readonly url: string;
  /** What the store answered: the end of a sentence without its full stop, without secrets. */
  readonly reason: string;
}

const kept = "What was extracted is kept.";

const failures: Readonly<
  Record<StoreFailure, Pick<ErrorDetails, "hint" | "retryable"> & { readonly code: ErrorCode }>
> = {
  missing: { code: "FILE_MISSING", hint: "Name a file that is there." },
  storeMissing: {
    code: "FILE_STORE_MISSING",
    hint: "Make the bucket or container, or correct its name, then run again.",
  },
  denied: {
    code: "FILE_STORE_DENIED",
    hint: `Check credentials and permissions: listing, reading, writing and deleting are needed there. Then run again. ${kept}`,
  },
  unavailable: { code: "FILE_STORE_UNAVAILABLE", retryable: true, hint: `Run again later. ${kept}` },
  full: { code: "DESTINATION_STORAGE_FULL", retryable: true, hint: `Free space, then run again. ${kept}` },
  nameTooLong: {
    code: "FILE_KEY_INVALID",
    hint: "Shorten the name of the table or the layout, drop the pending package and run again: folders allow 255 bytes for each part of a name, buckets 1,024 for all.",
  },
  pathUnusable: { code: "DESTINATION_PATH_UNUSABLE", hint: "Move what is in the way, or name another folder." },
  failed: { code: "FILE_STORE_FAILED", hint: `See what the store answered. ${kept}` },
};

/** The error of this library for one of a store. The error of a driver is no cause of it: it may hold headers with secrets. */
export function storeError(failure: StoreFailure, { action, url, reason }: FailedAction): DestinationError {
  const { code, ...details } = failures[failure];
  return new DestinationError(code, `Could not ${action} ${url}: ${reason}.`, { ...details, context: { url } });
}

/** Errors of connections that may not come again. */
const passing = new Set([
  "EAI_AGAIN",
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  // The name of the host cannot be looked up, now or ever.
  "ENOTFOUND",
  "EPIPE",
  "ERR_STREAM_PREMATURE_CLOSE",
  "ETIMEDOUT",
  "TimeoutError",
  "UND_ERR_SOCKET",
]);

/** What the answer of a cloud means; `code` is that of the service or of the connection. */
export function httpFailure(status: number | undefined, code: string | undefined): ObjectFailure {
  if (status === undefined || status === 0) return code !== undefined && passing.has(code) ? "unavailable" : "failed";
  if (status === 401 || status === 403) return "denied";
  if (status === 404) return "missing";
  if (status === 412) return "taken";
  if (status === 416) return "rangeEmpty";
  if (status === 507) return "full";
  if (status === 501) return "failed";
  return status === 408 || status === 429 || status >= 500 ? "unavailable" : "failed";
}

/** What a cloud answered, for people: `503 SlowDown: Please reduce your request rate`. Addresses lose their queries. */
export function answerText(status: number | undefined, code: string | undefined, message: string): string {
  const [line = ""] = message.split("\n", 1);
  const shown = line.replace(/(https?:\/\/[^\s?]*)\?\S*/g, "$1").replace(/\.$/, "");
  const head = [status === 0 ? undefined : status, code].filter((part) => part !== undefined && part !== "").join(" ");
  return [head, shown].filter((part) => part !== "").join(": ") || "there was no answer";
}
