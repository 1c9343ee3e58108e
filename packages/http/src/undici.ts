import { Agent, EnvHttpProxyAgent, fetch } from "undici";
import { optionInvalid } from "./errors.js";
import type { Fetch } from "./send/wire.js";

/** How connections are made. */
export interface ConnectionOptions {
  /** Milliseconds to connect in. Default: 10 s. */
  readonly connectTimeoutMs?: number;
  /** Connections to a host. Default: 50. */
  readonly maxConnections?: number;
  /** Connections are made through the proxies that `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` name. Default: true. */
  readonly proxyFromEnvironment?: boolean;
  /** Speak HTTP/2 where the server does. Default: false. */
  readonly http2?: boolean;
  /** Certificates of authorities in PEM, in place of those of the platform. */
  readonly ca?: string | readonly string[];
}

/**
 * A `fetch` for `restClient` with connections of its own, which are kept for the next request.
 * @throws SourceError `HTTP_OPTION_INVALID`
 */
export function undiciFetch({
  connectTimeoutMs = 10_000,
  maxConnections = 50,
  proxyFromEnvironment = true,
  http2 = false,
  ca,
}: ConnectionOptions = {}): Fetch & AsyncDisposable {
  if (!(connectTimeoutMs > 0)) throw optionInvalid("connectTimeoutMs", "a number above 0", { given: connectTimeoutMs });
  if (!(maxConnections >= 1)) throw optionInvalid("maxConnections", "an integer from 1 up", { given: maxConnections });
  const options = {
    connections: maxConnections,
    allowH2: http2,
    connect: { timeout: connectTimeoutMs, ...(ca !== undefined && { ca: typeof ca === "string" ? ca : [...ca] }) },
    // The client has timeouts of its own.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  const dispatcher = proxyFromEnvironment ? new EnvHttpProxyAgent(options) : new Agent(options);
  const withDispatcher = (input: unknown, init: object = {}) => fetch(input as string, { ...init, dispatcher });
  return Object.assign(withDispatcher as unknown as Fetch, {
    [Symbol.asyncDispose]: () => dispatcher.close(),
  });
}
