import { SourceError } from "@dlt/core";
import { readJson } from "./json-stream.js";

/** The last part of the path of an address, without extension: `https://a.org/v1/users.json?page=1` → `users`. */
export function urlName(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const last = new URL(address).pathname.split("/").findLast((part) => part !== "");
  return last?.replace(/\.[A-Za-z]+$/, "");
}

/** The rows of the JSON at an address, as text. */
export async function* readUrl(url: URL, signal: AbortSignal): AsyncGenerator<unknown> {
  yield* readResponse(await fetch(url, { signal }));
}

/**
 * The rows of a response: JSON lines, or one JSON document.
 * @throws SourceError `SOURCE_RESPONSE_FAILED`, `RESOURCE_EXHAUSTED`
 */
export async function* readResponse(response: Response): AsyncGenerator<unknown> {
  const { ok, status, statusText, body, bodyUsed } = response;
  // The query of an address may hold a secret.
  const address = URL.canParse(response.url) ? response.url.replace(/[?#].*$/, "") : "the server";
  if (!ok) {
    throw new SourceError(
      "SOURCE_RESPONSE_FAILED",
      `The answer of ${address} is ${status} ${statusText}.`.replace(" .", "."),
      {
        hint: "Check the address and the credentials.",
        context: { status },
        retryable: status === 429 || status >= 500,
      },
    );
  }
  if (bodyUsed) {
    throw new SourceError("RESOURCE_EXHAUSTED", `The answer of ${address} was read before.`, {
      hint: "Give the response before anything reads its body.",
    });
  }
  if (body === null) return;
  const type = response.headers.get("content-type") ?? "";
  yield* readJson(body, /ndjson|jsonl|json-lines|jsonlines/i.test(type) ? "lines" : "values");
}
