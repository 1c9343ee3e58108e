import type { Resource } from "@dlt/core";
import { resource } from "@dlt/core";
import { encodeJson, type ReadEnvironment, readItems, sameRows } from "@dlt/core/engine";
import { expect, test } from "vitest";
import { restClient } from "../src/index.js";
import { fakeRuntime } from "./fake-runtime.js";
import { startServer } from "./server.js";

const text =
  '{"data":[{"a":1.0,"b":1,"c":12345678901234567890,"d":1e2},{"a":0.5,"b":{"x":[2.0]},"c":null}],"next":null}';

async function client() {
  const { url } = await startServer(() => ({ body: text }));
  return restClient({ baseUrl: url, paginator: "single_page", runtime: fakeRuntime() });
}

const environment = (): ReadEnvironment => ({
  source: null,
  signal: new AbortController().signal,
  nowMs: () => 0,
  maxParallelItems: 1,
  pause: () => undefined,
  inTurn: (work) => work(),
  rowsPerPage: () => 100,
  resourceState: () => ({}),
  resourceMetrics: () => ({}),
  sourceState: () => ({}),
});

/** The rows of a resource as an engine writes them. */
async function written(made: Resource): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const item of readItems(made, environment()))
    if (item.kind !== "checkpoint") for (const row of sameRows(item).rows) lines.push(encodeJson(row));
  return lines;
}

test("code sees plain numbers, and `bigint` beyond 2^53", async () => {
  const page = (await (await client()).paginate("a").next()).value;
  expect(page).toEqual([
    { a: 1, b: 1, c: 12345678901234567890n, d: 100 },
    { a: 0.5, b: { x: [2] }, c: null },
  ]);
});

test("a page that is handed on as it is keeps every number as it was written", async () => {
  const own = await client();
  const rows = ['{"a":1.0,"b":1,"c":12345678901234567890,"d":100.0}', '{"a":0.5,"b":{"x":[2.0]},"c":null}'];
  expect(await written(resource({ name: "r" }, () => own.paginate("a")))).toEqual(rows);
  const looking = resource({ name: "r" }, async function* () {
    for await (const page of own.paginate<{ b: unknown }[]>("a")) {
      if (page.length > 0 && page[0]?.b !== undefined) yield page;
    }
  });
  expect(await written(looking)).toEqual(rows);
  expect(await written(resource({ name: "r" }, () => own.stream("a", { dataSelector: "data" })))).toEqual(rows);
});

test("what is changed in a page counts", async () => {
  const own = await client();
  const changing = resource({ name: "r" }, async function* () {
    for await (const page of own.paginate<Record<string, unknown>[]>("a")) {
      for (const row of page) row["e"] = "new";
      yield page;
    }
  });
  expect(await written(changing)).toEqual([
    '{"a":1,"b":1,"c":12345678901234567890,"d":100,"e":"new"}',
    '{"a":0.5,"b":{"x":[2]},"c":null,"e":"new"}',
  ]);
});
