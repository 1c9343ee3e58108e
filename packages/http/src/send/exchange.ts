import { SourceError } from "@dlt/core";
import type { AuthContext } from "../auth/auth.js";
import { type Demand, hostOf } from "../limits/host.js";
import { quotaReport } from "../limits/quota-headers.js";
import { setHeader } from "../request/headers.js";
import { copyRequest, type HttpRequest } from "../request/http-request.js";
import { Answer } from "./answer.js";
import { type Sending, sendFailure } from "./failure.js";
import { refusalOf } from "./retry-rules.js";
import { Watch } from "./watch.js";
import type { Call } from "./wire.js";

interface Authorized {
  /** With credentials. */
  readonly request: HttpRequest;
  /** Tells whose it is: the host counts the requests of each by themselves. */
  readonly account: string;
}

export interface ExchangeOptions {
  readonly authContext: AuthContext;
  /** From 1. */
  readonly attempt: number;
}

export interface Exchange extends Authorized {
  readonly answer: Answer;
}

/** One request and the head of its answer, with what was sent. No redirect is followed, and nothing sent again. */
export async function exchange(
  request: HttpRequest,
  call: Call,
  { authContext, attempt }: ExchangeOptions,
): Promise<Exchange> {
  const { runtime, settings, secrets, cookies, fetch, emit } = call.wire;
  const { method } = request;
  const url = secrets.redactUrl(request.url);
  const sending: Sending = { shown: `${method} ${url}`, attempt };
  const authorized = await authorize(request, call, authContext);
  const { request: sent, account } = authorized;
  const cookie = cookies?.header(sent.url) ?? null;
  if (cookie !== null) {
    const own = sent.headers.get("cookie");
    setHeader(sent.headers, "cookie", own === null ? cookie : `${own}; ${cookie}`);
  }

  const { known, learns, maxWaitMs } = settings.quota;
  const refuse: Demand["refuse"] = (delayMs) => (delayMs > maxWaitMs ? quotaExhausted(sending, delayMs, call) : null);
  const demand = {
    account,
    knownQuota: known,
    learns,
    isRepeated: attempt > 1,
    maxConcurrent: settings.maxConcurrent,
    refuse,
    signal: call.signal,
  };
  const turn = await hostOf(runtime, sent.url.origin).turn(demand);
  if (turn.waitedMs > 0) emit({ kind: "wait", method, url, waitedMs: turn.waitedMs });

  const watch = new Watch(runtime, { sending, timeouts: call.timeouts, signal: call.signal });
  try {
    emit({ kind: "request", method, url, attempt });
    const sentAtMs = runtime.nowMs();
    const { headers, body } = sent;
    const response = await fetch(sent.url, { method, headers, body, redirect: "manual", signal: watch.signal });
    const nowMs = runtime.nowMs();
    watch.answered();
    turn.answered({
      report: quotaReport(response.headers, { sentAtMs, nowMs }),
      refusal: refusalOf(response, { retry: settings.retry, runtime }),
    });
    cookies?.keep(sent.url, response.headers);
    emit({ kind: "response", method, url, attempt, status: response.status, durationMs: nowMs - sentAtMs });
    const answer = new Answer({ response, url: request.url, sending, watch, ended: () => turn.ended() });
    return { ...authorized, answer };
  } catch (error) {
    watch.end();
    turn.ended();
    throw watch.reason ?? sendFailure(error, sending, { inBody: false });
  }
}

/** A copy of the request with credentials, where its host may have them; what they are is noted as secret. */
async function authorize(request: HttpRequest, call: Call, context: AuthContext): Promise<Authorized> {
  const { auth, trustedOrigin, wire } = call;
  const authorized = copyRequest(request);
  if (trustedOrigin !== null && request.url.origin !== trustedOrigin) {
    for (const name of request.confidential) authorized.headers.delete(name);
    return { request: authorized, account: "" };
  }
  try {
    await auth?.apply(authorized, context);
  } catch (error) {
    // What it asked for was tried again by itself.
    throw new NotRepeatable(error);
  }
  const added = addedCredentials(authorized, request);
  for (const value of added) wire.secrets.addCredentials(value);
  const own = [...request.confidential].map((name) => request.headers.get(name));
  return { request: authorized, account: auth?.account ?? JSON.stringify([...added, ...own]) };
}

/** Around an error that another attempt would not change. */
export class NotRepeatable {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

/** The values of headers and parameters that authentication has set. */
function addedCredentials(authorized: HttpRequest, original: HttpRequest): readonly string[] {
  const headers = [...authorized.headers].filter(([name, value]) => original.headers.get(name) !== value);
  const parameters = [...authorized.url.searchParams].filter(
    ([name, value]) => !original.url.searchParams.getAll(name).includes(value),
  );
  return [...headers, ...parameters].map(([, value]) => value);
}

function quotaExhausted({ shown, attempt }: Sending, delayMs: number, { wire }: Call): SourceError {
  const at = new Date(wire.runtime.nowMs() + delayMs).toISOString();
  return new SourceError(
    "HTTP_QUOTA_EXHAUSTED",
    `\`${shown}\` was not sent: the server takes requests again at ${at}.`,
    {
      hint: "Run again then, or allow a longer wait with `rateLimit: { maxWaitMs }`.",
      context: { request: shown, attempts: attempt, resumesAt: at },
      retryable: true,
    },
  );
}
