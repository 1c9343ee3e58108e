import type { Auth } from "../auth/auth.js";
import type { HttpEvent } from "../events.js";
import type { HeaderValues } from "../request/headers.js";
import type { HttpRuntime } from "../runtime.js";
import type { SecretsSent } from "../secrets.js";
import type { SendSettings } from "../settings.js";
import type { Cookies } from "./cookies.js";
import type { ResponseAction } from "./response-actions.js";

/** The platform's `fetch`, or one with the same parameters. */
export type Fetch = typeof globalThis.fetch;

/** What all requests of a client share. */
export interface Wire {
  readonly fetch: Fetch;
  readonly runtime: HttpRuntime;
  readonly settings: SendSettings;
  readonly secrets: SecretsSent;
  /** Sent with everything, unless a request says otherwise. */
  readonly defaultHeaders: HeaderValues;
  /** `null`: cookies are not kept. */
  readonly cookies: Cookies | null;
  /** Tells of an event, which is made only where somebody listens. */
  emit(event: () => HttpEvent): void;
  /** Warns of what the author should know, the first time that it comes up. */
  warnOnce(code: string, message: string): void;
}

/** What belongs to one request and all that it takes: attempts, redirects, tokens. */
export interface Call {
  readonly wire: Wire;
  readonly auth: Auth | null;
  /** The only place that credentials are sent to; `null`: that of the request. */
  readonly trustedOrigin: string | null;
  readonly actions: readonly ResponseAction[];
  readonly timeouts: SendSettings["timeouts"];
  /** Aborts when the caller does, and when the time for all of it is used up. */
  readonly signal: AbortSignal;
}
