import type { PlainJson } from "@dlt/core";
import type { PageRequest } from "../request/page-request.js";
import type { HttpResponse } from "../send/http-response.js";

/** A page that has come. */
export interface PageAnswer {
  readonly response: HttpResponse;
  readonly rows: readonly unknown[];
  /** What was asked for. */
  readonly request: PageRequest;
  /** Where the page is in its list; `null` for a first page without position. */
  readonly position: PlainJson;
}

/**
 * How a list goes on from page to page. It keeps nothing of a list: where one is says its position, which is JSON, so that a list can be
 * gone on with later, and one paginator can serve any number of lists.
 */
export interface Paginator {
  /** A position is good for paginators of the same type. */
  readonly type: string;
  /** The position of the first page; `null`: the first request is sent as it is. */
  readonly first: PlainJson;
  /** The request for the page at a position. */
  requestAt(request: PageRequest, position: Exclude<PlainJson, null>): PageRequest;
  /** The position behind a page; `null` behind the last one. */
  next(page: PageAnswer): PlainJson | Promise<PlainJson>;
}
