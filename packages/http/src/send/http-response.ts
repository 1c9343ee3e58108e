import { isDltError, SourceError } from "@dlt/core";
import { parseJson } from "@dlt/core/engine";
import type { SecretsSent } from "../secrets.js";
import { bodyLooks, decodedBody } from "./decoded-body.js";

const inspect = Symbol.for("nodejs.util.inspect.custom");

/** What an answer consists of. */
export interface ResponseParts {
  readonly method: string;
  /** As it was asked for, behind redirects, without what authentication added. */
  readonly url: string;
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** An answer whose body has arrived. It prints without its body. */
export class HttpResponse {
  readonly method: string;
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  readonly #url: string;
  readonly #body: Uint8Array;
  readonly #secrets: SecretsSent;
  #text: string | undefined;
  #json: { readonly value: unknown } | undefined;

  /** Made by a client. `secrets`: what is not shown of its address. */
  constructor({ method, url, status, statusText, headers, body }: ResponseParts, secrets: SecretsSent) {
    this.method = method;
    this.status = status;
    this.statusText = statusText;
    this.headers = headers;
    this.#url = url;
    this.#body = body;
    this.#secrets = secrets;
  }

  /** Where the answer comes from, behind redirects, without what authentication added. */
  get url(): string {
    return this.#url;
  }

  /** `GET https://…`, for people. */
  get request(): string {
    return `${this.method} ${this.#secrets.redactUrl(this.#url)}`;
  }

  /** True for a status below 400. */
  get ok(): boolean {
    return this.status < 400;
  }

  /** The body, decompressed. */
  get bytes(): Uint8Array {
    return this.#body;
  }

  /** The body as text, by the charset of its content type, UTF-8 where it names none. What is no such text becomes U+FFFD. */
  text(): string {
    this.#text ??= decodedBody(this.#body, this.headers, { fatal: false });
    return this.#text;
  }

  /**
   * The body as JSON, parsed once: integers beyond 2^53 are `bigint`. `null` for an empty body.
   * @throws SourceError `HTTP_BODY_NOT_JSON`
   */
  json<T = unknown>(): T {
    this.#json ??= { value: this.#body.length === 0 ? null : this.#parsed() };
    return this.#json.value as T;
  }

  /** An answer with other parts: what a response action gives in the place of this one. */
  with(parts: Partial<Pick<ResponseParts, "status" | "statusText" | "headers" | "body">>): HttpResponse {
    const { method, url, status, statusText, headers } = this;
    return new HttpResponse({ method, url, status, statusText, headers, body: this.#body, ...parts }, this.#secrets);
  }

  toString(): string {
    return `${this.request}: ${this.status} ${this.statusText}`.trimEnd();
  }

  [inspect](): string {
    return `HttpResponse (${this}, ${this.#body.length} bytes)`;
  }

  #parsed(): unknown {
    try {
      return parseJson(decodedBody(this.#body, this.headers, { fatal: true }));
    } catch (error) {
      const { offset, line } = isDltError(error) ? error.context : {};
      const reason = isDltError(error)
        ? error.message.replace(/^[^:]*: |\.$/g, "")
        : "it is not the text that it says it is";
      throw new SourceError(
        "HTTP_BODY_NOT_JSON",
        `The answer to \`${this.request}\` is not JSON but ${bodyLooks(this.#body, this.headers)}: ${reason}.`,
        {
          hint: "Check that the address is that of the API, and that the credentials are sent; APIs answer with a page when they want a login.",
          context: {
            status: this.status,
            contentType: this.headers.get("content-type"),
            bytes: this.#body.length,
            ...(offset !== undefined && line !== undefined && { offset, line }),
          },
        },
      );
    }
  }
}
