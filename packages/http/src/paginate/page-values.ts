import { SourceError } from "@dlt/core";
import type { JsonPath } from "../json-path/json-path.js";
import type { HttpResponse } from "../send/http-response.js";

/**
 * A number of things in an answer.
 * @throws SourceError `PAGINATION_VALUE_INVALID`
 */
export function totalIn(
  response: HttpResponse,
  path: JsonPath,
  { what }: { readonly what: "pages" | "items" },
): number {
  const value = path.first(response.json());
  if (value === undefined || value === null) {
    throw valueInvalid(
      response,
      `has no total of ${what} at \`${path.text}\``,
      "Name the place of the total as `totalPath`, or `null` where there is none.",
    );
  }
  const total = integerOf(value);
  if (total === null)
    throw valueInvalid(
      response,
      `has a total of ${what} at \`${path.text}\` that is no integer`,
      "Name the place of the total as `totalPath`, or `null` where there is none.",
    );
  return total;
}

/**
 * Whether an answer says that there is more.
 * @throws SourceError `PAGINATION_VALUE_INVALID`
 */
export function hasMoreIn(response: HttpResponse, path: JsonPath): boolean {
  const value = path.first(response.json());
  const read =
    typeof value === "boolean" ? value : typeof value === "string" ? words.get(value.toLowerCase()) : undefined;
  if (read === undefined) {
    throw valueInvalid(
      response,
      `does not say at \`${path.text}\` whether there is more`,
      "Name the place of a boolean, or of yes or no, as `hasMorePath`.",
    );
  }
  return read;
}

const words: ReadonlyMap<string, boolean> = new Map([
  ...["yes", "true", "t", "y", "1"].map((word) => [word, true] as const),
  ...["no", "false", "f", "n", "0"].map((word) => [word, false] as const),
]);

/** A number, or text of one, as an integer; `null` for anything else. */
export function integerOf(value: unknown): number | null {
  if (typeof value === "number") return Math.trunc(value);
  if (typeof value === "bigint" || typeof value === "boolean") return Number(value);
  return typeof value === "string" && /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : null;
}

/** An error about a page: `problem` goes on "The answer to `GET …`". */
export function valueInvalid(response: HttpResponse, problem: string, hint: string): SourceError {
  return new SourceError("PAGINATION_VALUE_INVALID", `The answer to \`${response.request}\` ${problem}.`, {
    hint,
    context: { request: response.request },
  });
}
