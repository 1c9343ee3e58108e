import { type PlainJson, SourceError } from "@dlt/core";
import { askIfChanged } from "../conditional.js";
import { type JsonPath, jsonPath } from "../json-path/json-path.js";
import { httpRequest } from "../request/http-request.js";
import type { PageRequest } from "../request/page-request.js";
import type { PaginateOptions } from "../request-options.js";
import { detectSelector } from "../rows/detect-selector.js";
import { rowsText } from "../rows/rows-text.js";
import { selectRows } from "../rows/select-rows.js";
import { checkStatus } from "../send/check-status.js";
import type { HttpResponse } from "../send/http-response.js";
import { send } from "../send/send.js";
import type { Call, Wire } from "../send/wire.js";
import { detectPaginator, pathText } from "./detect-paginator.js";
import { LoopWatch } from "./loop-watch.js";
import { makePage, type Page } from "./page.js";
import type { PageAnswer, Paginator } from "./paginator.js";
import { paginatorOf } from "./paginator-config.js";
import { checkPaginator, checkPosition, type ListPosition } from "./position.js";

/** A list to be read. */
export interface Listing {
  /** For the first page, without what the paginator adds. */
  readonly request: PageRequest;
  /** `null`: to be found out. */
  readonly paginator: Paginator | null;
  readonly dataSelector: string | undefined;
  readonly options: Pick<PaginateOptions, "resume" | "conditional" | "allowCrossOrigin" | "allowEqualPages">;
  /** Runs something with a call of its own, to which the timeouts apply. */
  withCall<Result>(request: PageRequest, work: (call: Call) => Promise<Result>): Promise<Result>;
}

/** What is known of a list once its first page has come. */
interface Known {
  path: JsonPath | null;
  paginator: Paginator | null;
  detected: ListPosition["detected"];
  /** The paginator was found out, and may be wrong. */
  isSupposed: boolean;
}

/** Reads a list page by page; the next one is asked for when the last was taken. */
export async function* listPages<Row>(listing: Listing, wire: Wire): AsyncGenerator<Page<Row>> {
  const { options, request: first } = listing;
  const resumed = options.resume === undefined || options.resume === null ? null : checkPosition(options.resume);
  const known = knownOf(listing, resumed);
  if (resumed !== null && known.paginator !== null) checkPaginator(resumed, known.paginator);
  const watch = new LoopWatch();
  const home = httpRequest(first, wire).url.origin;
  let note: (headers: Headers) => void = () => undefined;
  let firstHeaders: Headers | null = null;
  let position: PlainJson = resumed?.at ?? known.paginator?.first ?? null;
  for (let pages = resumed?.pages ?? 0; ; pages++) {
    const request = position === null || known.paginator === null ? first : known.paginator.requestAt(first, position);
    const prepared = httpRequest(request, wire);
    if (options.conditional !== undefined && resumed === null && firstHeaders === null)
      note = askIfChanged(prepared, options.conditional, wire);
    const trustedOrigin = options.allowCrossOrigin === true ? null : home;
    const response = await listing.withCall(request, async (call) =>
      checkStatus(await send(prepared, { ...call, trustedOrigin }), wire),
    );
    if (response === null || response.status === 304) return;
    firstHeaders ??= response.headers;

    const rows = rowsOf(response, known, wire);
    known.paginator ??= detected(response, known, wire);
    const answer: PageAnswer = { response, rows, request, position };
    if (options.allowEqualPages !== true) watch.checkRows(answer, known);
    const next = withoutSecrets(await known.paginator.next(answer), wire);
    if (next !== null) watch.checkPosition(next, answer);
    wire.emit(() => ({
      kind: "page",
      url: wire.secrets.redactUrl(response.url),
      page: pages + 1,
      rowCount: rows.length,
      isLast: next === null,
    }));
    const { path, paginator, detected: found } = known;
    const behind: ListPosition | null =
      next === null
        ? null
        : { paginator: paginator.type, at: next, pages: pages + 1, ...(found !== undefined && { detected: found }) };
    yield makePage<Row>(rows, { request, response, position: behind }, () =>
      path === null ? null : rowsText(response, path),
    );
    if (next === null) {
      note(firstHeaders);
      return;
    }
    position = next;
  }
}

function knownOf({ paginator, dataSelector }: Listing, resumed: ListPosition | null): Known {
  const found = resumed?.detected;
  const selector = dataSelector ?? found?.dataSelector;
  return {
    path: selector === undefined ? null : jsonPath(selector),
    paginator: paginator ?? (found?.paginator === undefined ? null : paginatorOf(found.paginator)),
    detected: found,
    isSupposed: false,
  };
}

/** @throws SourceError `HTTP_BODY_EMPTY`, `HTTP_BODY_NOT_JSON` */
function rowsOf(response: HttpResponse, known: Known, wire: Wire): readonly unknown[] {
  if (response.bytes.length === 0) {
    throw new SourceError(
      "HTTP_BODY_EMPTY",
      `The answer to \`${response.request}\` has no body (status ${response.status}).`,
      {
        hint: `Where that means no rows, add the response action \`{ statusCode: ${response.status}, action: "ignore" }\`.`,
        context: { request: response.request, status: response.status },
      },
    );
  }
  if (known.path === null) {
    const dataSelector = pathText(detectSelector(response.json()));
    known.path = jsonPath(dataSelector);
    known.detected = { ...known.detected, dataSelector };
    wire.emit(() => ({ kind: "detected", what: "dataSelector", value: dataSelector }));
  }
  return selectRows(response.json(), known.path);
}

function detected(response: HttpResponse, known: Known, wire: Wire): Paginator {
  const { config, doubt } = detectPaginator(response, { isList: Array.isArray(known.path?.first(response.json())) });
  known.detected = { ...known.detected, paginator: config };
  known.isSupposed = doubt !== null;
  wire.emit(() => ({ kind: "detected", what: "paginator", value: config.type }));
  if (doubt !== null) {
    wire.warnOnce(
      "PAGINATOR_SUPPOSED",
      `${wire.secrets.redactUrl(response.url)} has no \`paginator\`: ${doubt}. Give \`paginator\` to say how the list goes on.`,
    );
  }
  return paginatorOf(config) as Paginator;
}

/** A position without credentials in its address, which authentication adds again. */
function withoutSecrets(position: PlainJson, { secrets }: Wire): PlainJson {
  if (secrets.isEmpty || typeof position !== "string" || !/^https?:\/\//.test(position)) return position;
  const url = new URL(position);
  const secret = [...url.searchParams].filter(([, value]) => secrets.has(value));
  if (secret.length === 0) return position;
  for (const [name, value] of secret) url.searchParams.delete(name, value);
  return url.href;
}
