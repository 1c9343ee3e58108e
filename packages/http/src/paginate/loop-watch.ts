import { type PlainJson, SourceError } from "@dlt/core";
import type { PageAnswer } from "./paginator.js";

/** So many pages in a row may have the same rows at different positions. */
const mostEqualPages = 2;

/** Finds out that a list leads back to a page that was read: it would never end. */
export class LoopWatch {
  /** A position that was met, moved on at each power of two: a circle of any length comes back to it. */
  #kept: string | null = null;
  #sinceKept = 0;
  #nextMove = 1;
  #body: Uint8Array | null = null;
  #equalPages = 1;

  /** @throws SourceError `PAGINATION_LOOP` when the position behind a page is one that came before */
  checkPosition(position: PlainJson, { response, position: here }: PageAnswer): void {
    const text = JSON.stringify(position);
    if (text === this.#kept || text === JSON.stringify(here))
      throw loop(
        response.request,
        "leads back to a page that was read already",
        "See what the API says of the last page, e.g. with `hasMorePath` or `stopAfterEmptyPage`; nothing of the list was lost.",
      );
    if (++this.#sinceKept < this.#nextMove) return;
    this.#kept = text;
    this.#sinceKept = 0;
    this.#nextMove *= 2;
  }

  /**
   * `isSupposed`: the paginator was only supposed to be the right one, so that it takes less to see that it is not.
   * @throws SourceError `PAGINATION_LOOP` when pages at different positions have the same rows
   */
  checkRows({ response, rows }: PageAnswer, { isSupposed }: { readonly isSupposed: boolean }): void {
    const body = response.bytes;
    const isEqual = rows.length > 0 && this.#body !== null && Buffer.compare(body, this.#body) === 0;
    this.#equalPages = isEqual ? this.#equalPages + 1 : 1;
    this.#body = body;
    if (this.#equalPages > (isSupposed ? 1 : mostEqualPages))
      throw loop(
        response.request,
        "is answered with the same rows as the page before",
        "Check the parameters that the paginator sets; if the pages are equal indeed, give `allowEqualPages: true`.",
      );
  }
}

function loop(request: string, problem: string, hint: string): SourceError {
  return new SourceError("PAGINATION_LOOP", `\`${request}\` ${problem}.`, { hint, context: { request } });
}
