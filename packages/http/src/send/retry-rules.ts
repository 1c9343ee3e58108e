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
function answerOf({ response, error }: Outcome): HttpResponse | null {
  return response ?? (error instanceof HttpStatusError ? error.response : null);
}

interface DelayOptions {
  readonly retry: RetrySettings;
  readonly runtime: HttpRuntime;
}

/** The wait before the next attempt: what the server asks for, otherwise twice the one before. */
export function retryDelayMs(outcome: Outcome, attempt: number, options: DelayOptions): number {
  const answer = answerOf(outcome);
  const askedMs = answer === null ? null : askedDelayMs(answer.headers, options);
  return askedMs === null ? backoffMs(attempt, options) : Math.min(askedMs, options.retry.maxDelayMs);
}

/** What an answer says of the time to come; `null`: it is no refusal. */
export function refusalOf(answer: Answered, options: DelayOptions): Refusal | null {
  if (!isRefusal(answer)) return null;
  const askedMs = askedDelayMs(answer.headers, options);
  return { askedMs, backoffMs: (refusalsInRow) => backoffMs(refusalsInRow, options) };
}

interface Answered {
  readonly status: number;
  readonly headers: Headers;
}

function askedDelayMs(headers: Headers, { retry, runtime }: DelayOptions): number | null {
  return retry.respectRetryAfterHeader ? retryAfterMs(headers, runtime.nowMs()) : null;
}

function backoffMs(failures: number, { retry, runtime }: DelayOptions): number {
  const delayMs = Math.min(retry.backoffMs * 2 ** (failures - 1), retry.maxDelayMs);
  return delayMs * (1 - retry.jitter * runtime.random());
}

/** True for an answer of a server that takes no more requests for a while. */
function isRefusal({ status, headers }: Answered): boolean {
  return status === 429 || (status === 503 && headers.has("retry-after")) || isUsedUp(status, headers);
}

/** Some servers forbid what is beyond a quota, as GitHub does. */
function isUsedUp(status: number, headers: Headers): boolean {
  return status === 403 && quotaReport(headers, { sentAtMs: 0, nowMs: 0 })?.remaining === 0;
}

function byStatus(outcome: Outcome, { statusCodes }: RetrySettings): boolean {
  const answer = answerOf(outcome);
  if (answer === null) return false;
  return statusCodes.includes(isUsedUp(answer.status, answer.headers) ? 429 : answer.status);
}

function byError({ error }: Outcome, { exceptions }: RetrySettings): boolean {
  return isDltError(error) && exceptions.includes(error.code);
}
