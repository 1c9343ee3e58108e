import { SourceError } from "@dlt/core";
import type { HttpRequest } from "../request/http-request.js";
import type { Answer } from "./answer.js";
import type { Wire } from "./wire.js";

/** Redirects in a row that are followed. */
export const mostRedirects = 20;

/**
 * The request that an answer leads on to; `null` when it is no redirect.
 * @throws SourceError `HTTP_REDIRECT_INVALID`
 */
export function redirected(request: HttpRequest, { status, headers }: Answer, wire: Wire): HttpRequest | null {
  const location = headers.get("location");
  if (![301, 302, 303, 307, 308].includes(status) || location === null) return null;
  const url = URL.canParse(location, request.url.href) ? new URL(location, request.url) : null;
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:"))
    throw redirectInvalid(request, "is redirected to what is no address of HTTP", wire);
  url.username = "";
  url.password = "";
  url.hash = "";
  const becomesGet = (status === 303 && request.method !== "HEAD") || (status < 303 && request.method === "POST");
  if (!becomesGet) return { ...request, url };
  const ownHeaders = new Headers(request.headers);
  for (const name of ["content-type", "content-length", "content-encoding"]) ownHeaders.delete(name);
  return { ...request, method: "GET", url, headers: ownHeaders, body: null };
}

export function redirectInvalid({ method, url }: HttpRequest, problem: string, { secrets }: Wire): SourceError {
  const from = `${method} ${secrets.redactUrl(url)}`;
  return new SourceError("HTTP_REDIRECT_INVALID", `\`${from}\` ${problem}.`, {
    hint: "Ask for the address that it leads to in the end; where it leads to a login, check the credentials.",
    context: { request: from },
  });
}

/** True when credentials for one origin may be sent to another: the same host, which wants encryption. */
export function isUpgrade(from: URL, to: URL): boolean {
  return (
    from.hostname === to.hostname &&
    from.protocol === "http:" &&
    to.protocol === "https:" &&
    from.port === "" &&
    to.port === ""
  );
}
