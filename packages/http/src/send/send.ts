import type { AuthContext } from "../auth/auth.js";
import { type HttpRequest, httpRequest } from "../request/http-request.js";
import { isSecretParameter } from "../secrets.js";
import type { Answer } from "./answer.js";
import { exchange, NotRepeatable } from "./exchange.js";
import { HttpResponse } from "./http-response.js";
import { isUpgrade, mostRedirects, redirected, redirectInvalid } from "./redirect.js";
import { applyActions } from "./response-actions.js";
import { type Outcome, retryDelayMs, wantsRetry } from "./retry-rules.js";
import type { Call } from "./wire.js";

/** What came of a request, whatever its status. */
export interface Sent {
  /** With its body; `null` for an answer that a response action ignores. */
  readonly response: HttpResponse | null;
  readonly attempts: number;
}

/** An answer whose body has not been read yet. */
export interface Opened {
  readonly answer: Answer;
}

/**
 * Sends a request, again where the rules say so, follows redirects, and reads the body.
 * @throws SourceError as `exchange` and `Answer.whole`; what aborted the signal; what a response function throws
 */
export async function send(request: HttpRequest, call: Call): Promise<Sent> {
  // Without `keepsOpen` there is a body.
  return (await attempts(request, call, { keepsOpen: false })) as Sent;
}

/** The same, without reading the body of an answer below 400. Response actions see the others only. */
export function open(request: HttpRequest, call: Call): Promise<Opened | Sent> {
  return attempts(request, call, { keepsOpen: true });
}

interface Reading {
  readonly keepsOpen: boolean;
}

async function attempts(request: HttpRequest, call: Call, reading: Reading): Promise<Opened | Sent> {
  const { runtime, settings, secrets, emit } = call.wire;
  const { retry } = settings;
  const { method } = request;
  for (let attempt = 1; ; attempt++) {
    let outcome: Outcome;
    try {
      const came = await oneAttempt(request, call, { ...reading, attempt });
      if ("answer" in came || came.response === null) return came;
      outcome = { response: came.response, error: null };
    } catch (error) {
      if (call.signal.aborted) throw call.signal.reason;
      if (error instanceof NotRepeatable) throw error.error;
      outcome = { response: null, error };
    }
    if (!(await wantsRetry(outcome, method, retry)) || attempt >= retry.maxAttempts) {
      if (outcome.response === null) throw outcome.error;
      return { response: outcome.response, attempts: attempt };
    }
    const delayMs = retryDelayMs(outcome, attempt, { retry, runtime });
    const reason = outcome.response === null ? codeOf(outcome.error) : `${outcome.response.status}`;
    emit(() => ({ kind: "retry", method, url: secrets.redactUrl(request.url), attempt, delayMs, reason }));
    await runtime.wait(delayMs, call.signal);
  }
}

/** One attempt: redirects are followed, and a token that is refused is replaced once. */
async function oneAttempt(
  request: HttpRequest,
  call: Call,
  { keepsOpen, attempt }: Reading & { readonly attempt: number },
): Promise<Opened | Sent> {
  const { auth, wire } = call;
  const authContext = auth === null ? null : authContextOf(call);
  let current = request;
  let trustedOrigin = call.trustedOrigin ?? request.url.origin;
  let redirects = 0;
  let isRefreshed = false;
  for (;;) {
    const isTrusted = current.url.origin === trustedOrigin;
    const exchanged = await exchange(current, call, { isTrusted, authContext, attempt });
    const { answer } = exchanged;
    try {
      const isRefused = answer.status === 401 && isTrusted && !isRefreshed;
      if (isRefused && authContext !== null && (await auth?.refused?.(exchanged.request, authContext))) {
        isRefreshed = true;
        continue;
      }
      const next = redirected(current, answer, wire);
      if (keepsOpen && next === null && answer.status < 400) return { answer: answer.keep() };
      const response = await responseOf(current, answer, call);
      const counted = await applyActions(call.actions, response);
      if (counted === null)
        wire.emit(() => ({ kind: "ignored", url: wire.secrets.redactUrl(response.url), status: answer.status }));
      if (next === null || counted !== response) return { response: counted, attempts: attempt };
      if (++redirects > mostRedirects)
        throw redirectInvalid(request, `is redirected more than ${mostRedirects} times`, wire);
      if (isTrusted && isUpgrade(current.url, next.url)) trustedOrigin = next.url.origin;
      current = next;
    } finally {
      await answer.discard();
    }
  }
}

async function responseOf({ method, url }: HttpRequest, answer: Answer, { wire }: Call): Promise<HttpResponse> {
  const { status, statusText, headers } = answer;
  const body = await answer.whole(wire.settings.maxBodyBytes);
  return new HttpResponse({ method, url: url.href, status, statusText, headers, body }, wire.secrets);
}

function authContextOf(call: Call): AuthContext {
  const { wire, signal } = call;
  return {
    nowMs: () => wire.runtime.nowMs(),
    signal,
    async postForm(url, form, headers = {}) {
      for (const [name, value] of Object.entries(form)) if (isSecretParameter(name)) wire.secrets.add(value);
      const page = { method: "POST", url, params: {}, headers, json: undefined, data: form };
      const request = httpRequest(page, wire);
      const { response } = await send(request, { ...call, auth: null, trustedOrigin: null, actions: [] });
      if (response === null) throw new TypeError("No action ignores this answer.");
      return response;
    },
  };
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? `${error.code}` : "error";
}
