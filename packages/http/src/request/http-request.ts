import { isDltError } from "@dlt/core";
import { encodeJson } from "@dlt/core/engine";
import { requestInvalid } from "../errors.js";
import type { SecretsSent } from "../secrets.js";
import { type HeaderValues, mergeHeaders } from "./headers.js";
import { appendQuery } from "./join-url.js";
import type { PageRequest, RequestData } from "./page-request.js";
import { encodeParams } from "./params.js";

/** A request as it is sent. Authentication changes it. */
export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string | Uint8Array | null;
  /** Names, lower case, of headers that are sent to no other host. */
  readonly confidential: ReadonlySet<string>;
}

/** A copy that can be changed without changing the request. */
export function copyRequest(request: HttpRequest): HttpRequest {
  return { ...request, url: new URL(request.url), headers: new Headers(request.headers) };
}

/**
 * Puts a request into the form in which it is sent. User and password of the address become Basic authentication.
 * @throws SourceError `HTTP_REQUEST_INVALID`
 */
export function httpRequest(
  request: PageRequest,
  { defaultHeaders, secrets }: { readonly defaultHeaders: HeaderValues; readonly secrets: SecretsSent },
): HttpRequest {
  const { body, contentType } = encodedBody(request, secrets);
  const method = request.method.toUpperCase();
  if (body !== null && (method === "GET" || method === "HEAD")) {
    throw requestInvalid(`A request with the method ${method} has a body, which \`fetch\` does not send`, {
      hint: "Use parameters, or the method POST.",
      context: { method },
    });
  }
  const url = parsedUrl(appendQuery(request.url, encodeParams(request.params, secrets)), secrets);
  const layers = [defaultHeaders, takeUserInfo(url), request.headers];
  if (url.hash !== "") url.hash = "";
  const { headers, confidential } = mergeHeaders(layers, secrets);
  if (contentType !== null && !headers.has("content-type")) headers.set("content-type", contentType);
  return { method, url, headers, body, confidential };
}

/** Takes user and password out of an address, and gives them as a header: `fetch` refuses addresses that have them. */
function takeUserInfo(url: URL): HeaderValues {
  const { username, password } = url;
  if (username === "" && password === "") return {};
  url.username = "";
  url.password = "";
  return { authorization: basicCredentials(unescaped(username), unescaped(password)) };
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A percent sign that escapes nothing stands for itself.
    return text;
  }
}

/** `Basic dXNlcjpwYXNz`, of the UTF-8 of both. */
export function basicCredentials(username: string, password: string): string {
  const bytes = new TextEncoder().encode(`${username}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

function parsedUrl(text: string, secrets: SecretsSent): URL {
  // The error of the platform would have the address in it, with its secrets.
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw requestInvalid(`\`${secrets.redactUrl(text)}\` is no address of HTTP`, {
      hint: "Give an address that begins with `https://` or `http://`.",
    });
  }
  return url;
}

interface EncodedBody {
  readonly body: string | Uint8Array | null;
  readonly contentType: string | null;
}

const noBody: EncodedBody = { body: null, contentType: null };

function encodedBody({ json, data }: PageRequest, secrets: SecretsSent): EncodedBody {
  if (!isEmpty(json) && !isEmpty(data)) {
    throw requestInvalid("A request has both `json` and `data`", {
      hint: "Use `json` for a body of JSON, `data` for a form or for anything else.",
    });
  }
  if (json !== undefined && (!isEmpty(json) || data === undefined))
    return { body: jsonText(json), contentType: "application/json" };
  if (data === undefined || isEmpty(data)) return noBody;
  if (typeof data === "string" || data instanceof Uint8Array) return { body: data, contentType: null };
  return { body: encodeParams(data, secrets), contentType: "application/x-www-form-urlencoded" };
}

function jsonText(json: unknown): string {
  try {
    return encodeJson(json);
  } catch (error) {
    throw requestInvalid("The body of a request cannot be written as JSON", {
      hint: "Give plain objects, lists, texts, numbers, booleans and null.",
      ...(isDltError(error) && { context: error.context }),
    });
  }
}

function isEmpty(value: RequestData | unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (value instanceof Uint8Array) return value.length === 0;
  return typeof value === "object" && Object.keys(value).length === 0;
}
