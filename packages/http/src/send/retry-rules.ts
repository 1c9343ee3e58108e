import { isDltError } from "@dlt/core";
import { HttpStatusError } from "../errors.js";
import type { Refusal } from "../limits/quota.js";
import { quotaReport } from "../limits/quota-headers.js";
import { retryAfterMs } from "../limits/retry-after.js";
import type { HttpRuntime } from "../runtime.js";
import type { SendSettings } from "../settings.js";
import type { HttpResponse } from "./http-response.js";

/** How an attempt ended: with an answer, or with an error. */
export type Outcome =
  | { readonly response: HttpResponse; readonly error: null }
  | { readonly response: null; readonly error: unknown };

/** True: try again. */
export type RetryCondition = (outcome: Outcome) => boolean | Promise<boolean>;

type RetrySettings = SendSettings["retry"];

/** Whether the rules want another attempt. Conditions are asked after every attempt, whatever the other rules say. */
export async function wantsRetry(outcome: Outcome, method: string, retry: RetrySettings): Promise<boolean> {
  let isWanted = byStatus(outcome, retry) || byError(outcome, retry);
  for (const condition of retry.conditions) if (await condition(outcome)) isWanted = true;
  return isWanted && retry.methods.includes(method);
}

/** The answer of an attempt, also of one whose function threw an error about it. */
export function answerOf({ response, error }: Outcome): HttpResponse | null {
  return response ?? (error instanceof HttpStatusError ? error.response : null);
}

interface DelayOptions {
  /** Number of the attempt that failed. */
  readonly attempt: number;
  readonly retry: RetrySettings;
  readonly runtime: HttpRuntime;
}

/** The wait before the next attempt: what the server asks for, otherwise twice the one before. */
export function retryDelayMs(outcome: Outcome, options: DelayOptions): number {
  const { delayMs } = refusalDelay(answerOf(outcome)?.headers ?? null, options);
  return Math.min(delayMs, options.retry.maxDelayMs);
}

/** How long a server that refuses requests is to be left alone. */
export function refusalDelay(headers: Headers | null, { attempt, retry, runtime }: DelayOptions): Refusal {
  const asked = headers === null || !retry.respectRetryAfterHeader ? null : retryAfterMs(headers, runtime.nowMs());
  if (asked !== null) return { delayMs: asked, isHinted: true };
  const delayMs = Math.min(retry.backoffMs * 2 ** (attempt - 1), retry.maxDelayMs);
  return { delayMs: delayMs * (1 - retry.jitter * runtime.random()), isHinted: false };
}

/** True for an answer of a server that takes no more requests for a while. */
export function isRefusal({ status, headers }: { readonly status: number; readonly headers: Headers }): boolean {
  return status === 429 || (status === 503 && headers.has("retry-after")) || isUsedUp(status, headers);
}

/** Some servers forbid what is beyond a quota, as GitHub does. */
function isUsedUp(status: number, headers: Headers): boolean {
  return status === 403 && quotaReport(headers, 0)?.remaining === 0;
}

function byStatus(outcome: Outcome, { statusCodes }: RetrySettings): boolean {
  const answer = answerOf(outcome);
  if (answer === null) return false;
  return statusCodes.includes(isUsedUp(answer.status, answer.headers) ? 429 : answer.status);
}

function byError({ error }: Outcome, { exceptions }: RetrySettings): boolean {
  return isDltError(error) && exceptions.includes(error.code);
}
