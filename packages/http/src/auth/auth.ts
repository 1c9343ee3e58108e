import type { HttpResponse } from "../send/http-response.js";

/** What authentication may change of a request. It is a copy, made anew for each time that something is sent. */
export interface AuthorizedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string | Uint8Array | null;
}

/** What authentication is given to work with. */
export interface AuthContext {
  /** Milliseconds since 1970 UTC, by the clock of the client. */
  nowMs(): number;
  /** Sends a form by POST, without authentication, with the attempts and timeouts of the client. Gives any answer. */
  postForm(
    url: string,
    form: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<HttpResponse>;
  readonly signal: AbortSignal;
}

/** Proves to a server who is asking. One object may serve any number of clients at the same time. */
export interface Auth {
  /** Adds credentials to a request. What it adds is never shown, and sent to no host but the one that is asked. */
  apply(request: AuthorizedRequest, context: AuthContext): void | Promise<void>;
  /**
   * Says that a request with what was applied was answered 401. True: applying again gives other credentials, so that the request is
   * sent once more. Default: false.
   */
  refused?(request: AuthorizedRequest, context: AuthContext): boolean | Promise<boolean>;
  /** Tells the account whose requests the server counts, where credentials change in time. Default: the credentials. Not secret. */
  readonly account?: string;
}
