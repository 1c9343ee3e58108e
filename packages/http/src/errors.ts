import { type ErrorCode, type ErrorDetails, SourceError } from "@dlt/core";
import type { HttpResponse } from "./send/http-response.js";

/** An error about a request that cannot be made: `problem` is a sentence without its full stop, and has no value in it. */
export function requestInvalid(problem: string, details: ErrorDetails = {}): SourceError {
  return new SourceError("HTTP_REQUEST_INVALID", `${problem}.`, details);
}

/** An error about an option: "Expected `maxBodyBytes` to be an integer from 1 up, got `0`." */
export function optionInvalid(
  option: string,
  expected: string,
  { given, code = "HTTP_OPTION_INVALID" }: { readonly given: unknown; readonly code?: ErrorCode },
): SourceError {
  return new SourceError(code, `Expected \`${option}\` to be ${expected}, got ${shown(given)}.`, {
    hint: `Correct \`${option}\`.`,
    context: { option },
  });
}

/** An error about an option that there is not. Its value is not shown: it may be a secret in the wrong place. */
export function optionUnknown(
  owner: string,
  option: string,
  { known, code = "HTTP_OPTION_INVALID" }: { readonly known: readonly string[]; readonly code?: ErrorCode },
): SourceError {
  const has = known.length === 0 ? "no options" : known.map((name) => `\`${name}\``).join(", ");
  return new SourceError(code, `${owner} has no option \`${option}\`; it has ${has}.`, {
    hint: `Correct or remove \`${option}\`.`,
    context: { option },
  });
}

function shown(value: unknown): string {
  if (typeof value === "string") return `\`${JSON.stringify(value)}\``;
  if (value === null || ["number", "bigint", "boolean", "undefined"].includes(typeof value)) return `\`${value}\``;
  return Array.isArray(value) ? "a list" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** A server answered with an error: a `SourceError` with the code `HTTP_STATUS`. */
export class HttpStatusError extends SourceError {
  readonly status: number;
  /** The answer. It is not printed with the error, since a body may have anything in it. */
  declare readonly response: HttpResponse;

  constructor(message: string, response: HttpResponse, details: ErrorDetails) {
    super("HTTP_STATUS", message, details);
    this.status = response.status;
    Object.defineProperty(this, "response", { value: response, enumerable: false });
  }
}
