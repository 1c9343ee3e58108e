import { HttpStatusError } from "../errors.js";
import type { HttpResponse } from "./http-response.js";
import type { Sent } from "./send.js";
import type { Wire } from "./wire.js";

/**
 * The answer, unless it is an error.
 * @throws HttpStatusError `HTTP_STATUS` for a status of 400 or more
 */
export function checkStatus({ response, attempts }: Sent, wire: Wire): HttpResponse | null {
  if (response === null || response.ok) return response;
  const { status, statusText, request } = response;
  const after = attempts > 1 ? ` after ${attempts} attempts` : "";
  const answer = `${status} ${statusText}`.trimEnd();
  throw new HttpStatusError(`\`${request}\` was answered ${answer}${after}.${shownBody(response, wire)}`, response, {
    hint: hintFor(status),
    context: { request, status, attempts },
    retryable: status === 429 || status >= 500,
  });
}

function hintFor(status: number): string {
  if (status === 401)
    return "Check the credentials; they are not sent to another host that a link or a redirect leads to.";
  if (status === 403) return "Check what the credentials are allowed to do.";
  if (status === 404 || status === 410)
    return 'Check the address; where missing data is fine, add the response action `{ statusCode: 404, action: "ignore" }`.';
  if (status === 429) return "Run again later, or set `rateLimit` to what the API allows.";
  return status >= 500 ? "Run again later." : "Check the parameters against the documentation of the API.";
}

/** The body, where the configuration wants it shown, without secrets. */
function shownBody(response: HttpResponse, { settings, secrets }: Wire): string {
  const { errorBodyLength } = settings;
  if (errorBodyLength === 0) return "";
  const body = secrets.redact(response.text());
  const shown = body.length > errorBodyLength ? `${body.slice(0, errorBodyLength)}… (cut)` : body;
  return `\nBody: ${shown}`;
}
