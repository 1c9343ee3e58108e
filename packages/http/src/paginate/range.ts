import { optionInvalid } from "../errors.js";
import { jsonPath } from "../json-path/json-path.js";
import type { PageRequest } from "../request/page-request.js";
import { hasMoreIn, totalIn } from "./page-values.js";
import type { Paginator } from "./paginator.js";
import { oneTarget } from "./target.js";

interface RangeEnds {
  /** JSONPath of the total; `null`: the API tells none. Default: `total`. */
  readonly totalPath?: string | null | undefined;
  /** Default: true. */
  readonly stopAfterEmptyPage?: boolean | undefined;
  /** JSONPath of a boolean; it decides whether there is more, in the place of the total. Default: none. */
  readonly hasMorePath?: string | null | undefined;
}

export interface OffsetOptions extends RangeEnds {
  /** Rows per request. */
  readonly limit: number;
  /** Of the first page. Default: 0. */
  readonly offset?: number | undefined;
  /** Query parameter for the offset. Default: `offset`, where `offsetBodyPath` is not given. */
  readonly offsetParam?: string | undefined;
  /** Place for the offset in the JSON body instead. */
  readonly offsetBodyPath?: string | undefined;
  /** Query parameter for the limit. Default: `limit`, where `limitBodyPath` is not given. */
  readonly limitParam?: string | undefined;
  readonly limitBodyPath?: string | undefined;
  /** The first offset that is not asked for. Default: none. */
  readonly maximumOffset?: number | null | undefined;
}

export interface PageNumberOptions extends RangeEnds {
  /** The number of the first page of the API. Default: 0. */
  readonly basePage?: number | undefined;
  /** The page to begin with. Default: `basePage`. */
  readonly page?: number | undefined;
  /** Query parameter for the page. Default: `page`, where `pageBodyPath` is not given. */
  readonly pageParam?: string | undefined;
  /** Place for the page in the JSON body instead. */
  readonly pageBodyPath?: string | undefined;
  /** The first page that is not asked for. Default: none. */
  readonly maximumPage?: number | null | undefined;
}

/** Pages by the number of rows before them. The total counts rows. */
export function offset(options: OffsetOptions): Paginator {
  const { limit, maximumOffset = null } = options;
  const first = options.offset ?? 0;
  if (!Number.isInteger(limit) || limit < 1) throw invalid("limit", "an integer from 1 up", limit);
  checkInteger("offset", first);
  const putOffset = oneTarget(options, { param: "offsetParam", bodyPath: "offsetBodyPath", usual: "offset" });
  const putLimit = oneTarget(options, { param: "limitParam", bodyPath: "limitBodyPath", usual: "limit" });
  return rangePaginator(options, {
    ...{ type: "offset", what: "items", first, step: limit, base: 0 },
    ...{ maximum: maximumOffset, maximumName: "maximumOffset" },
    put: (request, value) => putLimit(putOffset(request, value), limit),
  });
}

/** Pages by their number. The total counts pages. */
export function pageNumber(options: PageNumberOptions): Paginator {
  const { basePage = 0, page = basePage, maximumPage = null } = options;
  checkInteger("basePage", basePage);
  checkInteger("page", page);
  return rangePaginator(options, {
    ...{ type: "page_number", what: "pages", first: page, step: 1, base: basePage },
    ...{ maximum: maximumPage, maximumName: "maximumPage" },
    put: oneTarget(options, { param: "pageParam", bodyPath: "pageBodyPath", usual: "page" }),
  });
}

interface Range {
  readonly type: string;
  readonly what: "pages" | "items";
  readonly first: number;
  readonly step: number;
  /** What the total is counted from. */
  readonly base: number;
  readonly maximum: number | null;
  readonly maximumName: string;
  put(request: PageRequest, value: number): PageRequest;
}

function rangePaginator(
  { totalPath = "total", stopAfterEmptyPage = true, hasMorePath = null }: RangeEnds,
  { type, what, first, step, base, maximum, maximumName, put }: Range,
): Paginator {
  if (maximum !== null) checkInteger(maximumName, maximum);
  if (totalPath === null && maximum === null && hasMorePath === null && !stopAfterEmptyPage)
    throw invalid(
      `totalPath\`, \`${maximumName}\`, \`hasMorePath\` or \`stopAfterEmptyPage`,
      "given: nothing else says where the list ends",
      null,
    );
  const total = totalPath === null ? null : jsonPath(totalPath);
  const hasMore = hasMorePath === null ? null : jsonPath(hasMorePath);
  return {
    type,
    first,
    requestAt: (request, position) => put(request, Number(position)),
    next: ({ response, rows, position }) => {
      if (stopAfterEmptyPage && rows.length === 0) return null;
      const next = Number(position ?? first) + step;
      let isEnd = total !== null && next >= totalIn(response, total, { what }) + base;
      if (hasMore !== null) isEnd = !hasMoreIn(response, hasMore);
      return isEnd || (maximum !== null && next >= maximum) ? null : next;
    },
  };
}

function checkInteger(option: string, value: number): void {
  if (!Number.isInteger(value)) throw invalid(option, "an integer", value);
}

function invalid(option: string, expected: string, given: unknown): Error {
  return optionInvalid(option, expected, { given, code: "PAGINATOR_OPTION_INVALID" });
}
