import type { Auth } from "./auth/auth.js";
import { askIfChanged } from "./conditional.js";
import { optionUnknown } from "./errors.js";
import type { HttpEvent } from "./events.js";
import { type Listing, listPages } from "./paginate/list-pages.js";
import type { Page } from "./paginate/page.js";
import { type PaginatorOption, paginatorOf } from "./paginate/paginator-config.js";
import { type HeaderValues, headersOver } from "./request/headers.js";
import { type HttpRequest, httpRequest } from "./request/http-request.js";
import { joinUrl } from "./request/join-url.js";
import type { PageRequest } from "./request/page-request.js";
import type { GetOptions, MethodOptions, PaginateOptions, RequestOptions, StreamOptions } from "./request-options.js";
import { type HttpRuntime, processRuntime } from "./runtime.js";
import { checkStatus } from "./send/check-status.js";
import type { HttpResponse } from "./send/http-response.js";
import { makeWire } from "./send/make-wire.js";
import { openCall } from "./send/open-call.js";
import { checkActions, type ResponseAction } from "./send/response-actions.js";
import { send } from "./send/send.js";
import type { Call, Fetch } from "./send/wire.js";
import type { SendOptions } from "./settings.js";
import { streamRows } from "./stream/stream-rows.js";

/** What holds for all requests of a client. */
export interface RestClientOptions extends SendOptions {
  /** Paths are joined to it as text. Without one they have to be absolute. */
  readonly baseUrl?: string | undefined;
  readonly headers?: HeaderValues | undefined;
  readonly auth?: Auth | null | undefined;
  /** Default: found out from the first page of each list. */
  readonly paginator?: PaginatorOption | undefined;
  /** JSONPath of the rows. Default: found out from the first page of each list. */
  readonly dataSelector?: string | undefined;
  readonly responseActions?: readonly ResponseAction[] | undefined;
  /** Keep the cookies that answers set, as long as the client lives. Default: true. */
  readonly cookies?: boolean | undefined;
  /** Told of what happens. */
  readonly onEvent?: ((event: HttpEvent) => void) | undefined;
  /** Default: that of the platform. */
  readonly fetch?: Fetch | undefined;
  /** Clock and chance, for tests. Clients of one runtime share what they know of rate limits. Default: that of the process. */
  readonly runtime?: HttpRuntime | undefined;
}

/**
 * Asks a REST API. A path that begins with `https://` is an address of its own. Requests are repeated, held back and timed by the options of
 * the client, and stop with their `signal`.
 */
export interface RestClient {
  /**
   * The pages of a list, the next being asked for once the last was taken. `paginate<Issue[]>("/issues")` types the rows.
   * @throws SourceError as `get`, `PAGINATION_VALUE_INVALID`, `PAGINATION_LOOP`, `PAGINATION_POSITION_INVALID`
   */
  paginate<Rows extends readonly unknown[] = unknown[]>(
    path: string,
    options?: PaginateOptions,
  ): AsyncGenerator<Page<Rows[number]>>;
  /**
   * The rows of one large answer in pages, without holding its body: elements of a list, or JSON lines. Once rows were given, an answer that breaks
   * off is an error, and not asked for again.
   * @throws SourceError as `get`
   */
  stream<Rows extends readonly unknown[] = unknown[]>(
    path: string,
    options?: StreamOptions,
  ): AsyncGenerator<Rows[number][]>;
  /**
   * The JSON of an answer; `null` for one without body, one that a response action ignores, and one that has not changed.
   * @throws SourceError `HTTP_STATUS` (an `HttpStatusError`) for a status of 400 or more, and the other codes that begin with `HTTP_`
   */
  get<T = unknown>(path: string, options?: GetOptions): Promise<T>;
  /** As `get`. */
  post<T = unknown>(path: string, options?: RequestOptions): Promise<T>;
  /** As `get`. */
  put<T = unknown>(path: string, options?: RequestOptions): Promise<T>;
  /** As `get`. */
  patch<T = unknown>(path: string, options?: RequestOptions): Promise<T>;
  /** As `get`. */
  delete<T = unknown>(path: string, options?: RequestOptions): Promise<T>;
  /**
   * The last answer to a request, whatever its status; `null` for one that a response action ignores.
   * @throws SourceError when there is no answer
   */
  request(path: string, options?: MethodOptions): Promise<HttpResponse | null>;
}

/**
 * Makes a client for a REST API. Nothing is sent and no setting read before its first request.
 * @throws SourceError `PAGINATOR_OPTION_INVALID`, `HTTP_OPTION_INVALID`, `JSON_PATH_INVALID`
 */
export function restClient(options: RestClientOptions = {}): RestClient {
  const { baseUrl, headers, auth = null, responseActions = [], runtime = processRuntime } = options;
  checkNames(options);
  const paginator = options.paginator === undefined ? null : paginatorOf(options.paginator);
  checkActions(responseActions);
  const wire = makeWire(options, runtime);

  const pageRequest = (path: string, given: MethodOptions): PageRequest => ({
    method: given.method ?? "GET",
    url: joinUrl(baseUrl, path),
    params: given.params ?? {},
    headers: headersOver(headers, given.headers),
    json: given.json ?? undefined,
    data: given.data,
  });
  const callOf = (page: PageRequest, given: RequestOptions) => {
    const actions = given.responseActions ?? responseActions;
    if (given.responseActions !== undefined) checkActions(actions);
    return openCall(wire(), page, { ...given, actions, auth: given.auth === undefined ? auth : given.auth });
  };
  const withCall = async <Result>(
    page: PageRequest,
    given: RequestOptions,
    work: (call: Call) => Promise<Result>,
  ): Promise<Result> => {
    using call = callOf(page, given);
    return await work(call);
  };
  const answered = (
    path: string,
    given: MethodOptions,
    work: (request: HttpRequest, call: Call) => Promise<Answer>,
  ) => {
    const page = pageRequest(path, given);
    return withCall(page, given, (call) => work(httpRequest(page, wire()), call));
  };
  const json = async <T>(path: string, given: MethodOptions): Promise<T> => {
    const response = await answered(path, given, async (request, call) =>
      checkStatus(await send(request, call), call.wire),
    );
    return (response?.json() ?? null) as T;
  };

  return {
    async *paginate(path, given = {}) {
      const listing: Listing = {
        request: pageRequest(path, given),
        paginator: given.paginator === undefined ? paginator : paginatorOf(given.paginator),
        dataSelector: given.dataSelector ?? options.dataSelector,
        options: given,
        withCall: (page, work) => withCall(page, given, work),
      };
      yield* listPages(listing, wire());
    },
    async *stream(path, given = {}) {
      const page = pageRequest(path, given);
      using call = callOf(page, given);
      yield* streamRows(httpRequest(page, wire()), call, given);
    },
    get: async <T>(path: string, given: GetOptions = {}) => {
      const { conditional } = given;
      if (conditional === undefined) return await json<T>(path, given);
      const response = await answered(path, given, async (request, call) => {
        const note = askIfChanged(request, conditional, call.wire);
        const came = checkStatus(await send(request, call), call.wire);
        if (came !== null && came.status !== 304) note(came.headers);
        return came;
      });
      return (response === null || response.status === 304 ? null : response.json()) as T;
    },
    post: (path, given = {}) => json(path, { ...given, method: "POST" }),
    put: (path, given = {}) => json(path, { ...given, method: "PUT" }),
    patch: (path, given = {}) => json(path, { ...given, method: "PATCH" }),
    delete: (path, given = {}) => json(path, { ...given, method: "DELETE" }),
    request: (path, given = {}) => answered(path, given, async (request, call) => (await send(request, call)).response),
  };
}

/** `null`: it is ignored. */
type Answer = HttpResponse | null;

const optionNames: Readonly<Record<keyof RestClientOptions, true>> = {
  ...{ baseUrl: true, headers: true, auth: true, paginator: true, dataSelector: true, responseActions: true },
  ...{ timeouts: true, retry: true, rateLimit: true, concurrency: true, maxBodyBytes: true, cookies: true },
  ...{ onEvent: true, fetch: true, runtime: true },
};

/** What is misspelled would be left out without a word. */
function checkNames(options: RestClientOptions): void {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(optionNames, name));
  if (unknown !== undefined) throw optionUnknown("`restClient`", unknown, { known: Object.keys(optionNames) });
}
