import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isDltError } from "@dlt/core";
import { afterAll, describe, expect, test } from "vitest";
import { restClient } from "../../src/index.js";
import { fakeRuntime } from "../fake-runtime.js";
import type { Received } from "../server.js";
import { startMockApi } from "./mock-api.js";
import {
  clientOptions,
  type Endpoint,
  type Expected,
  type ExpectedRequest,
  endpointsOf,
  type Scenario,
} from "./scenario.js";

const repository = fileURLToPath(new URL("../../../..", import.meta.url));
/** That of the repository, or another with vectors of the same formats. A relative path starts at the repository. */
const folder = resolve(repository, process.env["DLT_VECTORS"] ?? "vectors");

for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
  if (!file.endsWith(".json")) continue;
  const { format, cases } = JSON.parse(readFileSync(join(folder, file), "utf8")) as {
    format: string;
    cases: readonly Scenario[];
  };
  if (format === "rest-api-scenarios") describe(file, () => testCases(file, cases));
}

function testCases(file: string, cases: readonly Scenario[]): void {
  const ofClient = cases.filter((scenario) => endpointsOf(scenario) !== null);
  const quirks = ofClient.filter(({ quirk }) => quirk !== undefined).map(({ id }) => id);
  let passed = 0;
  for (const scenario of ofClient) {
    test(scenario.id, async () => {
      await check(scenario);
      passed += 1;
    });
  }
  afterAll(() => {
    const left = cases.length - ofClient.length;
    console.log(
      `${file}: ${passed} passed, ${ofClient.length - passed} failed\n  ${quirks.length} of them by our own outcome where the reference has a quirk: ${quirks.join(", ")}\n  ${left} left out, which concern the declarative source alone`,
    );
  });
}

async function check(scenario: Scenario): Promise<void> {
  const [run] = scenario.runs;
  if (run === undefined) throw new TypeError("A case has a run.");
  const expected = ownOutcomes[scenario.id]?.(run.expect) ?? run.expect;
  const server = await startMockApi(run.mock);
  const rows: Record<string, readonly unknown[]> = {};
  let error: unknown = null;
  try {
    const client = restClient({
      ...clientOptions(scenario, server.url),
      runtime: fakeRuntime(),
      retry: { maxAttempts: 3 },
    });
    for (const { name, path, options } of endpointsOf(scenario) as readonly Endpoint[]) {
      const found: unknown[] = [];
      const own = path.replaceAll("http://api.test", server.url);
      for await (const page of client.paginate(own, options)) found.push(...page);
      if (found.length > 0) rows[name] = found;
    }
  } catch (thrown) {
    if (!isDltError(thrown)) throw thrown;
    error = thrown;
  }
  expect(isDltError(error) ? error.message : null, `${error}`).toEqual(
    expected.error === null ? null : expect.any(String),
  );
  expect(server.received.map((request) => asExpected(request, scenario))).toEqual(expected.requests.map(sorted));
  // Tables are named by what loads them.
  if (expected.error === null) expect(listed(rows)).toEqual(listed(expected.rows));
}

function listed(rows: Expected["rows"]): readonly (readonly unknown[])[] {
  return Object.values(rows).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** What we do where Python's outcome is a mistake, or deviates on purpose. */
const ownOutcomes: Readonly<Record<string, (expected: Expected) => Expected>> = {
  // An empty text ends the list.
  json_link_relative: (expected) => ({
    ...expected,
    error: null,
    rows: { posts: [1, 2, 3, 4].map((id) => ({ id, name: `n${id}` })) },
  }),
  // The first answer says that pages are counted from 1.
  auto_total_pages: (expected) => ({
    ...expected,
    requests: [[], [["page", "2"]], [["page", "3"]]].map((query) => ({
      method: "GET",
      path: "/v1/posts",
      query: query as [string, string][],
    })),
    rows: { posts: [2, 3, 4, 5, 6, 7].map((id) => ({ id, name: `n${id}` })) },
  }),
  // Booleans are sent as JavaScript writes them.
  params_kinds: (expected) => ({
    ...expected,
    requests: expected.requests.map((request) => ({
      ...request,
      query: request.query.map(([name, value]) => [name, value === "True" ? "true" : value] as const),
    })),
  }),
};

function asExpected(request: Received, { watch_headers = [] }: Scenario): ExpectedRequest {
  const { method, path, query, headers, body } = request;
  const watched = watch_headers.flatMap((name) => {
    const value = headers[name.toLowerCase()];
    return value === undefined ? [] : [[name, value] as const];
  });
  const isForm = headers["content-type"] === "application/x-www-form-urlencoded";
  return sorted({
    ...{ method, path: decodeURIComponent(path), query },
    ...(watched.length > 0 && { headers: Object.fromEntries(watched) as Record<string, string> }),
    ...(body !== "" && { body: isForm ? { form: [...new URLSearchParams(body)] } : (JSON.parse(body) as unknown) }),
  });
}

/** Pairs of a query are compared as a set. */
function sorted(request: ExpectedRequest): ExpectedRequest {
  const query = request.query.toSorted((a, b) => (`${a}` < `${b}` ? -1 : 1));
  return { ...request, query };
}
