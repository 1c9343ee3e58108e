import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  apiKey,
  bearer,
  type HttpEvent,
  IgnoreResponse,
  type ListPosition,
  type PaginateOptions,
  type PaginatorOption,
  type RestClientOptions,
  restClient,
} from "../src/index.js";
import { fakeRuntime } from "./fake-runtime.js";
import { type Handler, type Received, startServer } from "./server.js";

async function setUp(handler: Handler, options: RestClientOptions = {}) {
  const { url, received } = await startServer(handler);
  const runtime = fakeRuntime();
  const events: HttpEvent[] = [];
  const client = restClient({ baseUrl: url, runtime, onEvent: (event) => events.push(event), ...options });
  return { client, received, runtime, events, url };
}

async function rowsOf(pages: AsyncIterable<readonly unknown[]>): Promise<readonly unknown[]> {
  const rows: unknown[] = [];
  for await (const page of pages) rows.push(...page);
  return rows;
}

const param = ({ query }: Received, name: string) => query.find(([key]) => key === name)?.[1];

/** How an API pages: what its answers are for a part of its rows, and the paginator that reads them. */
interface Style {
  readonly name: string;
  readonly paginator: PaginatorOption;
  /** Rows before the page that is asked for. */
  from(request: Received, size: number): number;
  answer(
    rows: readonly unknown[],
    place: {
      readonly from: number;
      readonly next: number | null;
      readonly total: number;
      readonly size: number;
      readonly url: string;
    },
  ): {
    readonly json: unknown;
    readonly headers?: Record<string, string>;
  };
}

const pathOfPage = (url: string, next: number | null) => (next === null ? null : `${url}/list?from=${next}`);
const fromParam = (request: Received) => Number(param(request, "from") ?? 0);

const styles = (size: number): readonly Style[] => [
  {
    name: "json_link",
    paginator: { type: "json_link", nextUrlPath: "meta.next" },
    from: fromParam,
    answer: (data, { next, url }) => ({ json: { data, meta: { next: pathOfPage(url, next) } } }),
  },
  {
    name: "json_link, relative",
    paginator: "json_link",
    from: fromParam,
    answer: (data, { next }) => ({ json: { data, next: next === null ? "" : `?from=${next}` } }),
  },
  {
    name: "header_link",
    paginator: "header_link",
    from: fromParam,
    answer: (rows, { next, url }) => ({
      json: rows,
      headers:
        next === null
          ? {}
          : { link: `<${url}/list?a=1,2>; rel="first", <${pathOfPage(url, next)}>; title="x, y"; rel="foo next"` },
    }),
  },
  {
    name: "header_cursor",
    paginator: { type: "header_cursor", cursorKey: "X-Next", cursorParam: "from" },
    from: fromParam,
    answer: (rows, { next }) => ({ json: rows, ...(next !== null && { headers: { "x-next": `${next}` } }) }),
  },
  {
    name: "cursor",
    paginator: { type: "cursor", cursorPath: "next", cursorParam: "from" },
    from: fromParam,
    answer: (data, { next }) => ({ json: { data, next } }),
  },
  {
    name: "cursor in the body, with hasMore",
    paginator: { type: "cursor", cursorPath: "after", cursorBodyPath: "page.from", hasMorePath: "more" },
    from: ({ body }) => Number((JSON.parse(body) as { page?: { from?: number } }).page?.from ?? 0),
    answer: (data, { from, next }) => ({ json: { data, after: `${next ?? from + 1}`, more: next !== null } }),
  },
  {
    name: "offset, total",
    paginator: { type: "offset", limit: size, totalPath: "meta.count" },
    from: (request) => Number(param(request, "offset")),
    answer: (data, { total }) => ({ json: { data, meta: { count: `${total}` } } }),
  },
  {
    name: "offset in the body, empty page",
    paginator: { type: "offset", limit: size, totalPath: null, offsetBodyPath: "a.skip", limitBodyPath: "a.take" },
    from: ({ body }) => (JSON.parse(body) as { a: { skip: number } }).a.skip,
    answer: (data) => ({ json: { data } }),
  },
  {
    name: "page_number from 0, total",
    paginator: "page_number",
    from: (request) => Number(param(request, "page")) * size,
    answer: (data, { total }) => ({ json: { data, total: Math.ceil(total / size) } }),
  },
  {
    name: "page_number from 1, hasMore",
    paginator: { type: "page_number", basePage: 1, pageParam: "p", totalPath: null, hasMorePath: "more" },
    from: (request) => (Number(param(request, "p")) - 1) * size,
    answer: (data, { next }) => ({ json: { data, more: next === null ? "no" : "Yes" } }),
  },
  {
    name: "page_number from 1, total, in the body",
    paginator: { type: "page_number", basePage: 1, pageBodyPath: "page", totalPath: "pages" },
    from: ({ body }) => ((JSON.parse(body) as { page: number }).page - 1) * size,
    answer: (data, { total }) => ({ json: { data, pages: Math.ceil(total / size) } }),
  },
  {
    name: "own",
    paginator: {
      type: "own",
      first: null,
      requestAt: (request, position) => ({ ...request, params: { ...request.params, from: position as number } }),
      next: async ({ rows, position }) => (rows.length < size ? null : ((position ?? 0) as number) + rows.length),
    },
    from: fromParam,
    answer: (rows) => ({ json: rows }),
  },
];

describe("every row comes exactly once", () => {
  test("whatever the paginator, the number of rows and the size of pages, and wherever the list was interrupted", async () => {
    let handler: Handler = () => ({});
    const { client, url } = await setUp((request, response) => handler(request, response), {
      rateLimit: { learn: false },
    });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 25 }),
        fc.integer({ min: 1, max: 9 }),
        fc.nat(11),
        fc.array(fc.nat(6), { maxLength: 3 }),
        async (total, size, kind, stops) => {
          const rows = Array.from({ length: total }, (_, id) => ({ id }));
          const style = styles(size)[kind] as Style;
          handler = (request) => {
            const from = style.from(request, size);
            const next = from + size < total ? from + size : null;
            return style.answer(rows.slice(from, from + size), { from, next, total, size, url });
          };
          const options: PaginateOptions = {
            paginator: style.paginator,
            ...(/body/.test(style.name) && { method: "POST", json: { filter: 1 } }),
          };
          expect(await rowsOf(client.paginate("list", options)), style.name).toEqual(rows);

          const found: unknown[] = [];
          let position: ListPosition | null = null;
          for (const stop of [...stops, Number.POSITIVE_INFINITY]) {
            let pages = 0;
            for await (const page of client.paginate("list", { ...options, resume: position })) {
              found.push(...page);
              // Kept in a state, it goes through JSON.
              position = JSON.parse(JSON.stringify(page.position)) as ListPosition | null;
              if (++pages > stop) break;
            }
            if (position === null) break;
          }
          expect(found, `${style.name}, interrupted`).toEqual(rows);
        },
      ),
      { numRuns: 50 },
    );
  });
});

test("a page is an ordinary array that knows where it comes from and where the list goes on", async () => {
  const { client, url } = await setUp((request) =>
    param(request, "p") === undefined
      ? { json: { data: [1, 2], next: "/list?p=2" } }
      : { json: { data: [3], next: null } },
  );
  const pages = client.paginate<number[]>("list", { params: { q: 1 } });
  const first = (await pages.next()).value;
  expect(first).toEqual([1, 2]);
  expect(JSON.stringify(first)).toBe("[1,2]");
  expect(Object.keys(first ?? {})).toEqual(["0", "1"]);
  expect(structuredClone(first)).toEqual([1, 2]);
  expect(first?.response.status).toBe(200);
  expect(first?.request).toMatchObject({ url: `${url}/list`, params: { q: 1 } });
  expect(first?.position).toEqual({
    paginator: "json_link",
    at: `${url}/list?p=2`,
    pages: 1,
    detected: { dataSelector: "data", paginator: { type: "json_link", nextUrlPath: "next" } },
  });
  const last = (await pages.next()).value;
  expect(last).toEqual([3]);
  expect(last?.request).toMatchObject({ url: `${url}/list?p=2`, params: {} });
  expect(last?.position).toBeNull();
  expect((await pages.next()).done).toBe(true);
});

test("the next page is asked for once the last was taken, and none after the reader has stopped", async () => {
  const { client, received } = await setUp(({ query }) => ({ json: [query] }), {
    paginator: { type: "page_number", totalPath: null },
  });
  const pages = client.paginate("list");
  await pages.next();
  await new Promise(setImmediate);
  expect(received.length).toBe(1);
  await pages.next();
  await pages.return(undefined);
  expect(received.length).toBe(2);
});

test.each<[PaginatorOption, RegExp]>([
  ["pages" as never, /`paginator` to be one of single_page, .*, auto, got `"pages"`/],
  [null as never, /`paginator`/],
  [{ type: "offset" } as never, /`limit`/],
  [{ type: "offset", limit: 0 }, /`limit` to be an integer from 1 up, got `0`/],
  [{ type: "cursor", pageParam: "p" } as never, /The paginator `cursor` has no option `pageParam`/],
  [{ type: "single_page", limit: 1 } as never, /has no options/],
  [
    { type: "page_number", pageParam: "p", pageBodyPath: "q" },
    /`pageParam` to be left out, as there is `pageBodyPath`/,
  ],
  [{ type: "page_number", pageParam: "" }, /`pageParam` to be the name of a parameter/],
  [{ type: "offset", limit: 1, limitBodyPath: "" }, /`limitBodyPath` to be a place/],
  [{ type: "page_number", totalPath: null, stopAfterEmptyPage: false }, /nothing else says where the list ends/],
  [{ type: "page_number", maximumPage: 1.5 }, /`maximumPage` to be an integer/],
])("%j is refused", (paginator, message) => {
  expect(() => restClient({ paginator })).toThrow(
    expect.objectContaining({ code: "PAGINATOR_OPTION_INVALID", message: expect.stringMatching(message) }),
  );
});

test("a path that cannot be read is refused at once", () => {
  expect(() => restClient({ paginator: { type: "json_link", nextUrlPath: "a[" } })).toThrow(
    expect.objectContaining({ code: "JSON_PATH_INVALID" }),
  );
});

test.each<[PaginatorOption, unknown, RegExp]>([
  [{ type: "page_number" }, { data: [1] }, /has no total of pages at `total`/],
  [
    { type: "offset", limit: 1, totalPath: "meta.n" },
    { data: [1], meta: { n: null } },
    /has no total of items at `meta.n`/,
  ],
  [{ type: "offset", limit: 1 }, { data: [1], total: "many" }, /total of items at `total` that is no integer/],
  [{ type: "page_number", totalPath: null, hasMorePath: "more" }, { data: [1] }, /does not say at `more`/],
  [
    { type: "page_number", totalPath: null, hasMorePath: "more" },
    { data: [1], more: "maybe" },
    /does not say at `more`/,
  ],
  [{ type: "json_link" }, { data: [1], next: 5 }, /something at `next` that is no address/],
  [{ type: "cursor", cursorPath: "next" }, { data: [1], next: { a: 1 } }, /something at `next` that is no cursor/],
  [{ type: "json_link" }, { data: [1], next: "http://" }, /at what is no address/],
])("%j with %j", async (paginator, json, message) => {
  const { client } = await setUp(() => ({ json }));
  await expect(client.paginate("list", { paginator, dataSelector: "data" }).next()).rejects.toMatchObject({
    code: "PAGINATION_VALUE_INVALID",
    message: expect.stringMatching(message),
  });
});

test("a maximum holds although there is more", async () => {
  const { client, received } = await setUp(({ query }) => ({ json: { data: [query], more: true, total: 100 } }));
  await rowsOf(
    client.paginate("list", {
      dataSelector: "data",
      paginator: { type: "page_number", basePage: 1, maximumPage: 3, hasMorePath: "more" },
    }),
  );
  await rowsOf(
    client.paginate("list", {
      dataSelector: "data",
      paginator: { type: "offset", limit: 5, offset: 5, maximumOffset: 12 },
    }),
  );
  expect(received.map((request) => param(request, "page") ?? param(request, "offset"))).toEqual(["1", "2", "5", "10"]);
});

describe("a list that leads back", () => {
  test.each([
    ["to its first page", ["b", "a"]],
    ["to the page itself", ["a"]],
    ["to a page in between", ["b", "c", "d", "b"]],
  ])("%s is an error", async (_, cursors) => {
    const names = ["start", "a", "b", "c", "d"];
    const { client, received } = await setUp((request) => {
      const at = names.indexOf(param(request, "cursor") ?? "start");
      return { json: { data: [{ at }], cursors: { next: at === 0 ? "a" : cursors[at - 1] } } };
    });
    await expect(rowsOf(client.paginate("list", { paginator: "cursor" }))).rejects.toMatchObject({
      code: "PAGINATION_LOOP",
    });
    expect(received.length).toBeLessThan(12);
  });

  test("a server that does not know the parameter is an error, unless equal pages are fine", async () => {
    const { client, received } = await setUp(() => (received.length > 5 ? { json: [] } : { json: [{ id: 1 }] }));
    const paginator = { type: "page_number", totalPath: null } as const;
    await expect(rowsOf(client.paginate("list", { paginator }))).rejects.toMatchObject({
      code: "PAGINATION_LOOP",
      message: expect.stringContaining("same rows as the page before"),
    });
    expect(received.length).toBe(3);
    expect(await rowsOf(client.paginate("list", { paginator, allowEqualPages: true }))).toEqual([{ id: 1 }, { id: 1 }]);
  });
});

describe("found out from the first page", () => {
  test.each<[string, unknown, string]>([
    ["a usual name", { meta: { tags: [1] }, results: [2] }, "results"],
    ["the first list", { meta: { tags: [1] }, posts: [2] }, "meta.tags"],
    ["exactly the name", { Items: [1], x: { data: [2] } }, "x.data"],
    ["not too deep", { a: { b: { c: { d: [1] } } } }, "$"],
    ["the whole list", [1, 2], "$"],
    ["one object", { id: 1 }, "$"],
    ["a name that needs quotation marks", { "a b": { items: [1] } }, "'a b'.items"],
  ])("rows: %s", async (_, json, selector) => {
    const { client, events } = await setUp(() => ({ json }));
    await rowsOf(client.paginate("list", { paginator: "single_page" }));
    expect(events).toContainEqual({ kind: "detected", what: "dataSelector", value: selector });
  });

  test.each<[unknown, Record<string, string>, object]>([
    [[1], { link: '</b>; rel="next"' }, { type: "header_link" }],
    [{ d: [1], paging: { next: "/p2" } }, {}, { type: "json_link", nextUrlPath: "paging.next" }],
    [{ next: null, d: [1], paging: { next_token: "abc" } }, {}, { type: "cursor", cursorPath: "paging.next_token" }],
    [{ d: [1], next: { href: "/p2" } }, {}, { type: "json_link", nextUrlPath: "next.href" }],
    [{ d: [1], info: { pages: 3, next: "http://h?page=2" } }, {}, { type: "json_link", nextUrlPath: "info.next" }],
    [{ d: [1], total_pages: 3, page: 1 }, {}, { type: "page_number", totalPath: "total_pages", basePage: 1 }],
    [
      { d: [1], meta: { totalPages: "3", number: 0 } },
      {},
      { type: "page_number", totalPath: "meta.totalPages", basePage: 0 },
    ],
    [{ d: [1], "x y": { pages: 3 } }, {}, { type: "page_number", totalPath: "'x y'.pages", basePage: 0 }],
    [{ d: [1], pages: "many" }, {}, { type: "single_page" }],
    [{ d: [{ next: "/no" }] }, {}, { type: "single_page" }],
  ])("how it goes on: %j %j", async (json, headers, config) => {
    const { client, events } = await setUp(() => ({ json, headers }));
    const page = (await client.paginate("list").next()).value;
    expect(events).toContainEqual({ kind: "detected", what: "paginator", value: (config as { type: string }).type });
    if (page?.position) expect(page.position.detected?.paginator).toEqual(config);
  });

  test("what is only supposed is said, once", async () => {
    const { client, runtime, url } = await setUp((request) => ({ json: { data: [request.query], total_pages: 2 } }));
    await rowsOf(client.paginate("list"));
    await rowsOf(client.paginate("list"));
    expect(runtime.warnings).toEqual([
      {
        code: "PAGINATOR_SUPPOSED",
        message: `${url}/list has no \`paginator\`: pages are asked for with the parameter \`page\` and counted from 0, as nothing tells otherwise. Give \`paginator\` to say how the list goes on.`,
      },
    ]);
  });

  test("a supposition that would load the first page twice is an error", async () => {
    const { client } = await setUp((request) => ({
      json: { data: [{ page: Number(param(request, "page") ?? 1) }], total_pages: 3 },
    }));
    await expect(rowsOf(client.paginate("list"))).rejects.toMatchObject({ code: "PAGINATION_LOOP" });
  });

  test("`auto` finds out although the client has a paginator", async () => {
    const { client, received } = await setUp(
      ({ path }) => ({ json: { data: [path], next: path === "/list" ? "/b" : null } }),
      { paginator: "single_page" },
    );
    expect(await rowsOf(client.paginate("list"))).toEqual(["/list"]);
    expect(await rowsOf(client.paginate("list", { paginator: "auto" }))).toEqual(["/list", "/b"]);
    expect(received.length).toBe(3);
  });
});

describe("going on where a list stopped", () => {
  test("a position of another paginator, or what is none, is refused", async () => {
    const { client, received } = await setUp(() => ({ json: [] }));
    const position = { paginator: "cursor", at: "x", pages: 1 };
    for (const resume of [position, { at: 1 }, "x", { ...position, at: null }]) {
      await expect(
        client.paginate("list", { paginator: "header_link", resume: resume as never }).next(),
      ).rejects.toMatchObject({
        code: "PAGINATION_POSITION_INVALID",
      });
    }
    expect(received).toEqual([]);
  });

  test("ten thousand pages are gone on with in the middle", async () => {
    const { client, received } = await setUp((request) => {
      const page = Number(param(request, "page"));
      return { json: { data: [page], total: 10_000 } };
    });
    const resume: ListPosition = { paginator: "page_number", at: 9998, pages: 9998 };
    const options: PaginateOptions = { paginator: "page_number", dataSelector: "data" };
    expect(await rowsOf(client.paginate("list", { ...options, resume }))).toEqual([9998, 9999]);
    expect(received.length).toBe(2);
  });

  test("cursors beyond 2^53 stay exact", async () => {
    const { client, received } = await setUp((request) => ({
      body:
        param(request, "cursor") === undefined ? '{"data":[1],"next":9007199254740993}' : '{"data":[2],"next":null}',
    }));
    const options: PaginateOptions = { paginator: { type: "cursor", cursorPath: "next" }, dataSelector: "data" };
    const page = (await client.paginate("list", options).next()).value;
    const resume = JSON.parse(JSON.stringify(page?.position)) as ListPosition;
    expect(await rowsOf(client.paginate("list", { ...options, resume }))).toEqual([2]);
    expect(received.map((request) => param(request, "cursor"))).toEqual([undefined, "9007199254740993"]);
  });
});

describe("credentials and links to other pages", () => {
  test("a link to another host gets no credentials, unless it may", async () => {
    const other = await startServer(({ headers }) => ({ json: [headers.authorization ?? "none"] }));
    const { client } = await setUp(() => ({ json: ["home"], headers: { link: `<${other.url}/p2>; rel="next"` } }), {
      auth: bearer("token-1"),
      paginator: "header_link",
    });
    expect(await rowsOf(client.paginate("list"))).toEqual(["home", "none"]);
    expect(await rowsOf(client.paginate("list", { allowCrossOrigin: true }))).toEqual(["home", "Bearer token-1"]);
  });

  test("user and password of the base address go with links of the same server, and are in no position", async () => {
    const other = await startServer(({ headers }) => ({ json: [headers.authorization ?? "none"] }));
    const { url } = await startServer(({ headers, query }) => ({
      json: [headers.authorization],
      headers: { link: `<${query.length === 0 ? "?p=2" : other.url}>; rel="next"` },
    }));
    const client = restClient({
      baseUrl: url.replace("http://", "http://me:geheim@"),
      paginator: "header_link",
      runtime: fakeRuntime(),
    });
    const rows: unknown[] = [];
    for await (const page of client.paginate("list")) {
      rows.push(...page);
      expect(JSON.stringify(page.position)).not.toContain("geheim");
    }
    const basic = `Basic ${btoa("me:geheim")}`;
    expect(rows).toEqual([basic, basic, "none"]);
  });

  test("a key that a link has in it is in no position, and sent once", async () => {
    const { client, received } = await setUp(
      (request) => ({
        json: { data: [1], next: param(request, "p") === undefined ? `/list?p=2&api_key=sesam-1` : null },
      }),
      { auth: apiKey({ name: "api_key", apiKey: "sesam-1", location: "query" }) },
    );
    for await (const page of client.paginate("list")) expect(JSON.stringify(page.position)).not.toContain("sesam-1");
    expect(received.map(({ query }) => query)).toEqual([
      [["api_key", "sesam-1"]],
      [
        ["p", "2"],
        ["api_key", "sesam-1"],
      ],
    ]);
  });
});

test("a list ends with an answer that is ignored", async () => {
  const { client } = await setUp(
    (request) =>
      param(request, "page") === "2"
        ? { status: 404, json: {} }
        : { json: { data: [param(request, "page")], total: 9 } },
    {
      paginator: "page_number",
      responseActions: [
        ({ status }) => {
          if (status === 404) throw new IgnoreResponse();
        },
      ],
    },
  );
  expect(await rowsOf(client.paginate("list"))).toEqual(["0", "1"]);
});

test.each<[string, string, readonly unknown[]]>([
  ["a.b[*].c[*]", '{"a":{"b":[{"c":[1,2]},{"c":[3]}]}}', [1, 2, 3]],
  ["a", '{"a":null}', []],
  ["a", "{}", []],
  ["a", '{"a":{"x":1}}', [{ x: 1 }]],
  ["a", '{"a":[]}', []],
  ["$", '"text"', ["text"]],
])("rows at %s of %s", async (dataSelector, body, rows) => {
  const { client } = await setUp(() => ({ body }));
  expect(await rowsOf(client.paginate("list", { dataSelector, paginator: "single_page" }))).toEqual(rows);
});

describe("only what has changed", () => {
  const tagged =
    (tag: () => string): Handler =>
    ({ headers, path }) =>
      headers["if-none-match"] === tag() || headers["if-modified-since"] === tag()
        ? { status: 304 }
        : {
            json: { data: [tag()], next: path === "/list" ? "/second" : null },
            headers: path === "/list" ? { etag: tag(), "last-modified": tag() } : {},
          };

  test("a list whose first page is the same has no pages; it is noted once the list was read", async () => {
    let tag = '"1"';
    const { client, received } = await setUp(tagged(() => tag));
    const conditional: Record<string, unknown> = {};
    const read = () => rowsOf(client.paginate("list", { conditional, params: { token: "hidden-1" } }));
    await client.paginate("list", { conditional }).next();
    expect(conditional).toEqual({});
    expect(await read()).toEqual(['"1"', '"1"']);
    expect(await read()).toEqual([]);
    tag = '"2"';
    expect(await read()).toEqual(['"2"', '"2"']);
    expect(JSON.stringify(conditional)).not.toContain("hidden-1");
    expect(received.length).toBe(6);
  });

  test("an answer that is the same is null", async () => {
    const { client } = await setUp(tagged(() => '"1"'));
    const conditional: Record<string, unknown> = { other: 1 };
    expect(await client.get("list", { conditional })).toMatchObject({ data: ['"1"'] });
    expect(await client.get("list", { conditional })).toBeNull();
    expect(conditional["other"]).toBe(1);
  });
});
