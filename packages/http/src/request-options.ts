import type { Auth } from "./auth/auth.js";
import type { ConditionalStore } from "./conditional.js";
import type { PaginatorOption } from "./paginate/paginator-config.js";
import type { ListPosition } from "./paginate/position.js";
import type { HeaderValues } from "./request/headers.js";
import type { RequestData } from "./request/page-request.js";
import type { Params } from "./request/params.js";
import type { ResponseAction } from "./send/response-actions.js";
import type { Timeouts } from "./settings.js";

/** What is said of one request. */
export interface RequestOptions {
  /** Added to the query of the path. */
  readonly params?: Params | undefined;
  /** Over those of the client. */
  readonly headers?: HeaderValues | undefined;
  /** Body as JSON, `bigint` included. */
  readonly json?: unknown;
  /** Body as a form, or as it is. */
  readonly data?: RequestData | undefined;
  /** Default: that of the client; `null`: none. */
  readonly auth?: Auth | null | undefined;
  /** In place of those of the client. */
  readonly responseActions?: readonly ResponseAction[] | undefined;
  /** Over those of the client. */
  readonly timeouts?: Timeouts | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface MethodOptions extends RequestOptions {
  /** Default: `GET`. */
  readonly method?: string | undefined;
}

export interface GetOptions extends RequestOptions {
  /** Ask only for what has changed since the answer that is noted here. */
  readonly conditional?: ConditionalStore | undefined;
}

export interface PaginateOptions extends MethodOptions {
  /** Default: that of the client; without one, found out from the first page, as with `auto`. */
  readonly paginator?: PaginatorOption | undefined;
  /** JSONPath of the rows. Default: that of the client; without one, found out from the first page. */
  readonly dataSelector?: string | undefined;
  /** `page.position` of a page after which to go on. Default: from the first page. */
  readonly resume?: ListPosition | null | undefined;
  /**
   * Ask for the first page only if it has changed since the one that is noted here; if not, there are no pages. Noted once the list
   * was read to its end. For lists whose first page changes whenever anything does.
   */
  readonly conditional?: ConditionalStore | undefined;
  /** Send credentials to another host, too, when a page links to one. Default: false. */
  readonly allowCrossOrigin?: boolean | undefined;
  /** More than two pages in a row may be equal. Default: that is an error, as the list would never end. */
  readonly allowEqualPages?: boolean | undefined;
}

export interface StreamOptions extends MethodOptions {
  /** Names that lead to the list, as a JSONPath without anything else: `data.items`. Default: `$`, the whole. */
  readonly dataSelector?: string | undefined;
  /** Bytes of text that make a page. Default: 256 KiB. */
  readonly pageBytes?: number | undefined;
}
