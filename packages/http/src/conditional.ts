import { setHeader } from "./request/headers.js";
import type { HttpRequest } from "./request/http-request.js";
import type { Wire } from "./send/wire.js";

/**
 * Where it is kept what answers were known by, such as part of a resource's state: `{ "https://…": { "etag": … } }`. It is changed, and
 * belongs to one purpose.
 */
export type ConditionalStore = Record<string, unknown>;

interface Validators {
  readonly etag?: string;
  readonly last_modified?: string;
}

/** Asks for an answer only if it has changed since the one that is known. Gives how to note the answer that comes. */
export function askIfChanged(
  request: HttpRequest,
  store: ConditionalStore,
  { secrets }: Wire,
): (headers: Headers) => void {
  const key = secrets.redactUrl(request.url);
  const { etag, last_modified: lastModified } = validatorsOf(store[key]);
  if (etag !== undefined) setHeader(request.headers, "if-none-match", etag);
  if (lastModified !== undefined) setHeader(request.headers, "if-modified-since", lastModified);
  return (headers) => {
    const noted = { etag: headers.get("etag") ?? undefined, last_modified: headers.get("last-modified") ?? undefined };
    const known = Object.entries(noted).filter(([, value]) => value !== undefined);
    if (known.length === 0) delete store[key];
    else store[key] = Object.fromEntries(known);
  };
}

function validatorsOf(value: unknown): Validators {
  const { etag, last_modified } = (typeof value === "object" && value !== null ? value : {}) as Readonly<
    Record<string, unknown>
  >;
  return {
    ...(typeof etag === "string" && { etag }),
    ...(typeof last_modified === "string" && { last_modified }),
  };
}
