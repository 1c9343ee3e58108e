import { SourceError } from "@dlt/core";
import { parseJson } from "@dlt/core/engine";
import { setHeader } from "../request/headers.js";
import type { HttpResponse } from "../send/http-response.js";
import type { Auth, AuthContext } from "./auth.js";

export interface AccessToken {
  readonly token: string;
  /** Milliseconds since 1970; infinity for one whose end is not known. */
  readonly expiresAtMs: number;
}

/** A token is replaced so long before it expires, since requests take time. */
const marginMs = 30_000;

/**
 * A token that is fetched when it is needed, before it expires, and when a server refuses it. However many requests need one, it is
 * fetched once.
 */
export function accessTokenAuth({
  account,
  preset,
  fetchToken,
}: {
  readonly account: string;
  /** A token to begin with, used until a server refuses it. */
  readonly preset: string | undefined;
  fetchToken(context: AuthContext): Promise<AccessToken>;
}): Auth {
  let current: AccessToken | null =
    preset === undefined ? null : { token: preset, expiresAtMs: Number.POSITIVE_INFINITY };
  let fetching: { readonly token: Promise<AccessToken>; readonly signal: AbortSignal } | null = null;
  const fetchOnce = async (context: AuthContext): Promise<AccessToken> => {
    const shared = fetching;
    if (shared !== null) {
      try {
        return await shared.token;
      } catch (error) {
        // Whoever began it was stopped; this request was not.
        if (shared.signal.aborted && !context.signal.aborted) return fetchOnce(context);
        throw error;
      }
    }
    const token = fetchToken(context);
    fetching = { token, signal: context.signal };
    try {
      current = await token;
      return current;
    } finally {
      fetching = null;
    }
  };
  return {
    account,
    async apply({ headers }, context) {
      const isFresh = current !== null && context.nowMs() < current.expiresAtMs - marginMs;
      const { token } = isFresh && current !== null ? current : await fetchOnce(context);
      setHeader(headers, "authorization", `Bearer ${token}`);
    },
    refused({ headers }) {
      // Another request may have been refused before and have a new token by now.
      if (headers.get("authorization") === `Bearer ${current?.token}`) current = null;
      return true;
    },
  };
}

/**
 * The token in an answer: `{ "access_token": …, "expires_in": 3600 }`.
 * @throws SourceError `HTTP_TOKEN_REFUSED`; its message shows nothing of the answer but its status
 */
export function accessTokenOf(
  response: HttpResponse,
  { nowMs, defaultExpirySeconds }: { readonly nowMs: number; readonly defaultExpirySeconds: number },
): AccessToken {
  if (!response.ok) throw tokenRefused(response, `the answer is ${response.status} ${response.statusText}`.trimEnd());
  const { access_token: token, expires_in: expiresIn } = members(response);
  if (typeof token !== "string" || token === "") throw tokenRefused(response, "the answer has no `access_token`");
  const seconds = Math.trunc(Number(expiresIn ?? Number.NaN));
  return { token, expiresAtMs: nowMs + 1000 * (Number.isFinite(seconds) ? seconds : defaultExpirySeconds) };
}

function members(response: HttpResponse): Readonly<Record<string, unknown>> {
  try {
    const json = parseJson(response.text());
    return typeof json === "object" && json !== null ? (json as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}

function tokenRefused(response: HttpResponse, reason: string): SourceError {
  const { origin, pathname } = new URL(response.url);
  return new SourceError("HTTP_TOKEN_REFUSED", `${origin}${pathname} gave no access token: ${reason}.`, {
    hint: "Check the id and the secret of the client, the address for tokens, and what it is asked for.",
    context: { status: response.status },
    retryable: response.status === 429 || response.status >= 500,
  });
}
