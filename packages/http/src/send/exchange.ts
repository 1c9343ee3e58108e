import { SourceError } from "@dlt/core";
import type { AuthContext } from "../auth/auth.js";
import { type Demand, hostOf } from "../limits/host.js";
import { quotaReport } from "../limits/quota-headers.js";
import { setHeader } from "../request/headers.js";
import { copyRequest, type HttpRequest } from "../request/http-request.js";
import { Answer } from "./answer.js";
import { type Sending, sendFailure } from "./failure.js";
import { tracedRequest } from "./request-span.js";
import { refusalOf } from "./retry-rules.js";
import { Watch } from "./watch.js";
import type { Call, Fetch, Wire } from "./wire.js";

interface Authorized {
  /** With credentials. */
  readonly request: HttpRequest;
  /** Tells whose it is: the host counts the requests of each by themselves. */
  readonly account: string;
}

export interface ExchangeOptions {
  /** Credentials may be sent to the host. */
  readonly isTrusted: boolean;
  /** `null`: there is no authentication. */
  readonly authContext: AuthContext | null;
  /** From 1. */
  readonly attempt: number;
}

export interface Exchange extends Authorized {
  readonly answer: Answer;
}

/** One request and the head of its answer, with what was sent. No redirect is followed, and nothing sent again. */
export async function exchange(request: HttpRequest, call: Call, options: ExchangeOptions): Promise<Exchange> {
  const { runtime, settings, secrets, cookies, fetch, emit } = call.wire;
  const { method } = request;
  const { attempt } = options;
  const shownUrl = (): string => secrets.redactUrl(request.url);
  const sending: Sending = {
    attempt,
    get shown() {
      return `${method} ${shownUrl()}`;
    },
  };
  const authorized = await authorize(request, call, options);
  const { request: sent, account } = authorized;

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
  const { waitedMs } = turn;
  if (waitedMs > 0) emit(() => ({ kind: "wait", method, url: shownUrl(), waitedMs }));

  const watch = new Watch(runtime, { sending, timeouts: call.timeouts, signal: call.signal });
  try {
    emit(() => ({ kind: "request", method, url: shownUrl(), attempt }));
    const sentAtMs = runtime.nowMs();
    const about = { method, shownUrl, host: sent.url, attempt };
    const response = await tracedRequest(about, () => head(sent, fetch, watch, sending));
    const nowMs = runtime.nowMs();
    watch.answered();
    turn.answered({
      report: quotaReport(response.headers, { sentAtMs, nowMs }),
      refusal: refusalOf(response, { retry: settings.retry, runtime }),
    });
    cookies?.keep(sent.url, response.headers);
    const { status } = response;
    emit(() => ({ kind: "response", method, url: shownUrl(), attempt, status, durationMs: nowMs - sentAtMs }));
    const answer = new Answer({ response, url: request.url, sending, watch, ended: () => turn.ended() });
    return { ...authorized, answer };
  } catch (error) {
    watch.end();
    turn.ended();
    throw error;
  }
}

async function head(sent: HttpRequest, fetch: Fetch, watch: Watch, sending: Sending): Promise<Response> {
  const { url, method, headers, body } = sent;
  try {
    return await fetch(url, { method, headers, body, redirect: "manual", signal: watch.signal });
  } catch (error) {
    throw watch.reason ?? sendFailure(error, sending, { inBody: false });
  }
}

/** The request with credentials, where its host may have them; what they are is noted as secret. */
async function authorize(
  request: HttpRequest,
  { auth, wire }: Call,
  { isTrusted, authContext }: ExchangeOptions,
): Promise<Authorized> {
  if (!isTrusted) {
    const { headers } = copyRequest(request);
    for (const name of request.confidential) headers.delete(name);
    return { request: withCookies({ ...request, headers }, wire), account: "" };
  }
  const own = [...request.confidential].map((name) => request.headers.get(name));
  if (auth === null || authContext === null) return { request: withCookies(request, wire), account: own.join("\n") };
  const authorized = copyRequest(request);
  try {
    await auth.apply(authorized, authContext);
  } catch (error) {
    // What it asked for was tried again by itself.
    throw new NotRepeatable(error);
  }
  const added = addedCredentials(authorized, request);
  for (const value of added) wire.secrets.addCredentials(value);
  return { request: withCookies(authorized, wire), account: auth.account ?? [...added, ...own].join("\n") };
}

/** The request with the cookies that belong to it. */
function withCookies(request: HttpRequest, { cookies }: Wire): HttpRequest {
  const kept = cookies?.header(request.url) ?? null;
  if (kept === null) return request;
  const { headers } = copyRequest(request);
  const own = headers.get("cookie");
  setHeader(headers, "cookie", own === null ? kept : `${own}; ${kept}`);
  return { ...request, headers };
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
  const added: string[] = [];
  for (const [name, value] of authorized.headers) if (original.headers.get(name) !== value) added.push(value);
  if (authorized.url.href === original.url.href) return added;
  for (const [name, value] of authorized.url.searchParams)
    if (!original.url.searchParams.getAll(name).includes(value)) added.push(value);
  return added;
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
