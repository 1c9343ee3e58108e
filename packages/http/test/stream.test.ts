import { gzipSync } from "node:zlib";
import { parseJson } from "@dlt/core/engine";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type RestClientOptions, restClient } from "../src/index.js";
import { fakeRuntime } from "./fake-runtime.js";
import { type Handler, startServer } from "./server.js";

async function setUp(handler: Handler, options: RestClientOptions = {}) {
  const { url, received } = await startServer(handler);
  return { client: restClient({ baseUrl: url, runtime: fakeRuntime(), ...options }), received };
}

async function pagesOf(pages: AsyncIterable<readonly unknown[]>): Promise<readonly (readonly unknown[])[]> {
  const all: (readonly unknown[])[] = [];
  for await (const page of pages) all.push([...page]);
  return all;
}

test("the elements of a list, whatever they are and however they arrive", async () => {
  let body: readonly string[] = [];
  const { client } = await setUp((_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    const next = (index: number): void => {
      const piece = body[index];
      if (piece === undefined) response.end();
      else response.write(piece, () => setImmediate(() => next(index + 1)));
    };
    next(0);
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 12 }),
      fc.nat(2),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 200 }),
      async (given, indent, pieceLength, pageBytes) => {
        const rows = given.filter((row) => row !== null);
        const text = JSON.stringify({ before: { data: [0] }, data: { items: rows }, after: 1 }, null, indent);
        body = text.match(new RegExp(`[^]{1,${pieceLength}}`, "gu")) ?? [];
        const pages = await pagesOf(client.stream("a", { dataSelector: "data.items", pageBytes }));
        expect(pages.flat()).toEqual(parseJson(JSON.stringify(rows)));
        expect(pages.every(({ length }) => length > 0)).toBe(true);
      },
    ),
    { numRuns: 40 },
  );
});

test("a body larger than what may be held, in little memory and in pages", async () => {
  const row = JSON.stringify({ id: 1, text: "x".repeat(1000) });
  const { client } = await setUp(
    (_, response) => {
      let left = 5_000;
      const more = (): void => {
        while (left > 0) {
          if (!response.write(`${left === 5_000 ? "[" : ","}${row}`) && left-- > 0)
            return void response.once("drain", more);
          left--;
        }
        response.end("]");
      };
      more();
    },
    { maxBodyBytes: 1e6 },
  );
  let count = 0;
  let largest = 0;
  for await (const page of client.stream("a")) {
    count += page.length;
    largest = Math.max(largest, page.length);
  }
  expect(count).toBeGreaterThan(4_900);
  expect(largest).toBeLessThan(400);
});

test("JSON lines, compressed, with and without a last line break", async () => {
  const lines = '{"a":1}\n\n  {"a":2.0} \r\n{"a":9007199254740993}';
  const { client } = await setUp(({ path }) => ({
    headers: { "content-type": "application/x-ndjson", "content-encoding": "gzip" },
    body: gzipSync(path === "/ended" ? `${lines}\n` : lines),
  }));
  const rows = [[{ a: 1 }, { a: 2 }, { a: 9007199254740993n }]];
  expect(await pagesOf(client.stream("a"))).toEqual(rows);
  expect(await pagesOf(client.stream("ended"))).toEqual(rows);
});

test.each([
  ["nothing at the place", '{"x":[1]}', "data", []],
  ["an empty list", '{"data":[]}', "data", []],
  ["one object", '{"data":{"id":1}}', "data", [[{ id: 1 }]]],
  ["null", '{"data":null}', "data", [[]]],
  ["the whole list", "[1,2]", undefined, [[1, 2]]],
])("%s", async (_, body, dataSelector, pages) => {
  const { client } = await setUp(() => ({ body }));
  expect(await pagesOf(client.stream("a", { dataSelector }))).toEqual(pages);
});

test.each([
  ["a page for people", "<html><body>no</body>", undefined, "HTTP_BODY_NOT_JSON"],
  ["a page for people instead of an object", "<html><body>no</body>", "data", "HTTP_BODY_NOT_JSON"],
  ["a list that is cut off", '{"data":[{"id":1},{"id"', "data", "HTTP_BODY_NOT_JSON"],
  ["a row that is broken", '[{"id":1},{"id":}]', undefined, "HTTP_BODY_NOT_JSON"],
  ["no body", "", undefined, "HTTP_BODY_NOT_JSON"],
  ["a row that is too large", `["${"x".repeat(500_000)}"]`, undefined, "HTTP_BODY_TOO_LARGE"],
])("%s", async (_, body, dataSelector, code) => {
  const { client } = await setUp(() => ({ body }), { maxBodyBytes: 1000 });
  await expect(pagesOf(client.stream("a", { dataSelector, pageBytes: 100 }))).rejects.toMatchObject({ code });
});

test("rows that came before a list breaks off were given; it is not asked for again", async () => {
  const { client, received } = await setUp((_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.write("[1,2,");
    setImmediate(() => response.destroy());
  });
  const rows: unknown[] = [];
  await expect(async () => {
    for await (const page of client.stream("a", { pageBytes: 1 })) rows.push(...page);
  }).rejects.toMatchObject({ code: "HTTP_BODY_CUT" });
  expect(rows).toEqual([1, 2]);
  expect(received.length).toBe(1);
});

test("errors before the first row are handled as for any request", async () => {
  let count = 0;
  const { client } = await setUp(
    () => (++count < 3 ? { status: 503, json: {} } : count === 3 ? { json: [1] } : { status: 404, json: {} }),
    {
      responseActions: [{ statusCode: 404, content: "gone", action: "ignore" }],
    },
  );
  expect(await pagesOf(client.stream("a"))).toEqual([[1]]);
  await expect(pagesOf(client.stream("a"))).rejects.toMatchObject({ code: "HTTP_STATUS", status: 404 });
});

test("whoever stops reading closes the connection", async () => {
  let closed: () => void = () => undefined;
  const isClosed = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const { client } = await setUp((_, response) => {
    response.on("close", closed);
    response.write(`[${"1,".repeat(100_000)}`);
  });
  for await (const page of client.stream("a", { pageBytes: 10 })) if (page.length > 0) break;
  await isClosed;
});

test("paths with more than names are refused", async () => {
  const { client } = await setUp(() => ({}));
  await expect(client.stream("a", { dataSelector: "a[*].b" }).next()).rejects.toMatchObject({
    code: "HTTP_OPTION_INVALID",
  });
});
