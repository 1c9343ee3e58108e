import { setMaxListeners } from "node:events";
import { isDltError } from "@dlt/core";
import { type FailedAction, type ObjectFailure, storeError } from "./store-error.js";

/** What an error of a client means. */
export interface Meaning {
  readonly failure: ObjectFailure;
  /** What the cloud answered: the end of a sentence without its full stop, without secrets. */
  readonly reason: string;
}

/** One request to a cloud, or the writing of one object. */
export interface ObjectRequest {
  /** Stops it. */
  readonly signal: AbortSignal;
  /** Says that bytes went one way or the other: what nothing is heard of for long is stopped. */
  heard(): void;
}

export interface RequestOptions extends Pick<FailedAction, "action" | "url"> {
  /** Its reason is thrown. */
  readonly signal: AbortSignal | undefined;
  /** How long nothing may be heard of it; `null`: the client sees to it. */
  readonly silenceMs: number | null;
  meaningOf(error: unknown): Meaning;
}

/**
 * Runs a request; an error of the client becomes one of this library, the one place where that is decided.
 * @param expected what the request gives for a failure that is none here
 */
export async function requested<Result>(
  options: RequestOptions,
  work: (request: ObjectRequest) => Promise<Result>,
  expected?: { readonly failure: ObjectFailure; readonly gives: Result },
): Promise<Result> {
  const { signal } = options;
  signal?.throwIfAborted();
  const stop = new AbortController();
  const stopped = (): void => stop.abort(signal?.reason);
  // As many requests as there are may listen to one signal: that is no leak, as Node would warn.
  if (signal !== undefined) setMaxListeners(0, signal);
  signal?.addEventListener("abort", stopped, { once: true });
  const silence = options.silenceMs === null ? null : setTimeout(() => stop.abort(silent), options.silenceMs);
  try {
    return await work({ signal: stop.signal, heard: () => void silence?.refresh() });
  } catch (error) {
    signal?.throwIfAborted();
    if (stop.signal.aborted) throw storeError("unavailable", { ...options, reason: silent.message });
    if (expected !== undefined && !isDltError(error) && options.meaningOf(error).failure === expected.failure)
      return expected.gives;
    throw translated(error, options);
  } finally {
    if (silence !== null) clearTimeout(silence);
    signal?.removeEventListener("abort", stopped);
  }
}

const silent = new Error("nothing was heard of the request for too long");

/** The error of this library for one of a client. */
export function translated(error: unknown, options: Omit<RequestOptions, "signal" | "silenceMs">): Error {
  if (isDltError(error)) return error;
  const { action } = options;
  const { failure, reason } = options.meaningOf(error);
  // Where something is to be written or listed, only the bucket can be missing.
  if (failure === "missing" && (action === "write" || action === "list"))
    return storeError("storeMissing", { ...options, reason });
  return storeError(failure === "taken" || failure === "rangeEmpty" ? "failed" : failure, { ...options, reason });
}

/** Leaves work to itself when the signal says stop: for clients that take no signals. */
export async function untilStopped<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
  signal.throwIfAborted();
  let stop = (): void => undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work(), stopped]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
