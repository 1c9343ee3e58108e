import { secretOf } from "@dlt/core/engine";
import { expect, test } from "vitest";
import { apiKey, bearer, restClient } from "../src/index.js";
import { fakeRuntime } from "./fake-runtime.js";
import { startServer } from "./server.js";

const echo = () => startServer(() => ({ json: { ok: true } }));

test("headers of a request are over those of the client, whatever their case; null takes one away", async () => {
  const { url, received } = await echo();
  const client = restClient({
    baseUrl: url,
    headers: { "X-A": "1", "X-B": "2", Accept: "text/x" },
    runtime: fakeRuntime(),
  });
  await client.get("/", { headers: { "x-a": "3", "X-B": null, "X-C": secretOf("four") } });
  expect(received[0]?.headers).toMatchObject({ "x-a": "3", "x-c": "four", accept: "text/x" });
  expect(received[0]?.headers).not.toHaveProperty("x-b");
});

test("servers are told who asks, unless a header says otherwise", async () => {
  const { url, received } = await echo();
  const client = restClient({ baseUrl: url, runtime: fakeRuntime() });
  await client.get("a");
  await client.get("b", { headers: { "User-Agent": "mine" } });
  expect(received.map(({ headers }) => headers["user-agent"])).toEqual([expect.stringMatching(/^dlt-ts\/\d/), "mine"]);
});

test.each([
  [
    { json: { a: [1, null], b: 9007199254740993n, c: undefined } },
    "application/json",
    '{"a":[1,null],"b":9007199254740993}',
  ],
  [{ json: {} }, "application/json", "{}"],
  [{ json: { a: 1 }, data: {} }, "application/json", '{"a":1}'],
  [{ data: { a: 1, b: ["x", "y z"] } }, "application/x-www-form-urlencoded", "a=1&b=x&b=y+z"],
  [{ data: [["a", 1] as const, ["a", 2] as const] }, "application/x-www-form-urlencoded", "a=1&a=2"],
  [{ data: "raw=", headers: { "Content-Type": "text/csv" } }, "text/csv", "raw="],
  [{ data: new TextEncoder().encode("bytes") }, undefined, "bytes"],
  [{ data: {} }, undefined, ""],
  [{}, undefined, ""],
])("the body of %o", async (options, contentType, body) => {
  const { url, received } = await echo();
  await restClient({ baseUrl: url, runtime: fakeRuntime() }).post("p", options);
  expect(received[0]).toMatchObject({ method: "POST", path: "/p", body });
  expect(received[0]?.headers["content-type"]).toBe(contentType);
});

test.each([
  [{ json: { a: 1 }, data: { b: 2 } }, "`json` and `data`"],
  [{ json: () => 1 }, "cannot be written as JSON"],
  [{ headers: { "x-key": "line\nbreak" } }, "`x-key`"],
  [{ params: { where: { a: 1 } } }, "`where`"],
])("what cannot be sent is refused: %j", async (options, message) => {
  const { url, received } = await echo();
  await expect(restClient({ baseUrl: url }).post("p", options as never)).rejects.toMatchObject({
    code: "HTTP_REQUEST_INVALID",
    message: expect.stringContaining(message),
  });
  expect(received).toEqual([]);
});

test("fetch sends no body with GET", async () => {
  const client = restClient({ baseUrl: "http://localhost" });
  await expect(client.get("p", { json: {} })).rejects.toMatchObject({ code: "HTTP_REQUEST_INVALID" });
});

test.each(["ftp://a.org/x", "http://", "http://a b/c"])("%s is no address", async (url) => {
  await expect(restClient({ baseUrl: url }).get("")).rejects.toMatchObject({ code: "HTTP_REQUEST_INVALID" });
});

test("an address that is wrong is shown without its secrets", async () => {
  const client = restClient({ baseUrl: "http://me:geheim@:x/?api_key=hidden" });
  for (const work of [client.get(""), client.paginate("").next()])
    await expect(work).rejects.toThrow("`http://***@:x/?api_key=***` is no address of HTTP.");
});

test("an error of a listener stays what it is", async () => {
  const { url } = await echo();
  const client = restClient({
    baseUrl: url,
    runtime: fakeRuntime(),
    onEvent: () => {
      throw new TypeError("mine");
    },
  });
  await expect(client.get("a")).rejects.toThrow("mine");
});

test("user and password of an address are sent as Basic authentication", async () => {
  const { url, received } = await echo();
  const client = restClient({ baseUrl: url.replace("http://", "http://me%40x:p%20w@"), runtime: fakeRuntime() });
  await client.get("a");
  await client.get("b", { headers: { authorization: "own" } });
  const basic = `Basic ${Buffer.from("me@x:p w").toString("base64")}`;
  expect(received.map(({ headers }) => headers.authorization)).toEqual([basic, "own"]);
});

test("cookies are kept and sent again, with those of the request", async () => {
  const { url, received } = await startServer(({ path }) => ({
    json: {},
    headers:
      path === "/login"
        ? { "set-cookie": ["session=abc; Path=/; HttpOnly", "gone=1; Max-Age=0", "deep=2; Path=/deep"] }
        : {},
  }));
  const client = restClient({ baseUrl: url, runtime: fakeRuntime() });
  await client.post("login");
  await client.get("a", { headers: { cookie: "own=1" } });
  await client.get("deep/x");
  const without = restClient({ baseUrl: url, cookies: false, runtime: fakeRuntime() });
  await without.post("login");
  await without.get("a");
  expect(received.map(({ headers }) => headers.cookie)).toEqual([
    undefined,
    "own=1; session=abc",
    "deep=2; session=abc",
    undefined,
    undefined,
  ]);
});

test("redirects are followed; POST becomes GET where it should", async () => {
  const { url, received } = await startServer(({ path }) => {
    const status = Number(path.slice(1));
    return status > 300 ? { status, headers: { location: "../end?x=1" } } : { json: { path } };
  });
  const client = restClient({ baseUrl: url, runtime: fakeRuntime() });
  for (const status of [301, 302, 303, 307, 308])
    expect(await client.post(`${status}`, { json: { a: 1 } })).toEqual({ path: "/end" });
  expect(received.filter(({ path }) => path === "/end").map(({ method, body }) => `${method} ${body}`)).toEqual([
    ...["GET ", "GET ", "GET "],
    ...['POST {"a":1}', 'POST {"a":1}'],
  ]);
});

test("credentials do not go to another host that a redirect leads to", async () => {
  const other = await startServer(({ headers }) => ({ json: headers }));
  const { url } = await startServer(() => ({ status: 302, headers: { location: `${other.url}/there` } }));
  const client = restClient({
    baseUrl: url,
    auth: bearer("token-1"),
    headers: { "X-Api-Key": "key-1", "X-Plain": "p", "X-Own": secretOf("own-1") },
    runtime: fakeRuntime(),
  });
  const sent = await client.get<Record<string, string>>("here");
  expect(sent).toMatchObject({ "x-plain": "p" });
  expect(sent).not.toHaveProperty("authorization");
  expect(sent).not.toHaveProperty("x-api-key");
  expect(sent).not.toHaveProperty("x-own");
});

test("redirects in a circle, and to what is not HTTP, are errors", async () => {
  const { url } = await startServer(({ path }) => ({
    status: 302,
    headers: { location: path === "/file" ? "file:///etc" : "/circle" },
  }));
  const client = restClient({ baseUrl: url, runtime: fakeRuntime() });
  await expect(client.get("circle")).rejects.toMatchObject({
    code: "HTTP_REDIRECT_INVALID",
    message: expect.stringContaining("20 times"),
  });
  await expect(client.get("file")).rejects.toMatchObject({ code: "HTTP_REDIRECT_INVALID" });
});

test("`request` gives any answer, `get` those that are no error", async () => {
  const { url } = await startServer(({ path }) => ({ status: Number(path.slice(1)), json: { a: 1 } }));
  const client = restClient({ baseUrl: url, runtime: fakeRuntime() });
  const response = await client.request("404", { method: "get" });
  expect(response?.status).toBe(404);
  expect(response?.json()).toEqual({ a: 1 });
  await expect(client.get("404")).rejects.toMatchObject({ name: "SourceError", code: "HTTP_STATUS", status: 404 });
  expect(await client.delete("200")).toEqual({ a: 1 });
});

test("nothing prints a body, a secret parameter or a credential", async () => {
  const { inspect } = await import("node:util");
  const { url } = await startServer(() => ({ status: 403, json: { echo: "sesam-1", row: "private" } }));
  const events: unknown[] = [];
  const client = restClient({
    baseUrl: url,
    auth: apiKey({ name: "key", apiKey: secretOf("sesam-1"), location: "query" }),
    onEvent: (event) => events.push(event),
    runtime: fakeRuntime(),
  });
  const response = await client.request("a", { params: { token: "hidden-1" } });
  const error: unknown = await client.get("a", { params: { token: "hidden-1" } }).catch((thrown: unknown) => thrown);
  const printed = [
    inspect(response),
    inspect(error, { depth: 9 }),
    `${error}`,
    JSON.stringify(events),
    JSON.stringify(response),
  ].join("\n");
  expect(printed).toContain("token=***");
  expect(printed).not.toMatch(/sesam-1|hidden-1|private/);
});

test("an option that there is not, or that cannot be used, is refused at once", () => {
  expect(() => restClient({ timeout: 5 } as never)).toThrow(/has no option `timeout`; it has `baseUrl`/);
  expect(() => restClient({ responseActions: [{ action: "retry" } as never] })).toThrow(/`responseActions.action`/);
  expect(() => restClient({ responseActions: [{ statusCode: "4x", action: "ignore" } as never] })).toThrow(
    /`responseActions.statusCode`/,
  );
});

test.each([
  [{ retry: { maxAttempts: -1 } }, "retry.maxAttempts"],
  [{ retry: { jitter: 2 } }, "retry.jitter"],
  [{ timeouts: { idleMs: 0 } }, "timeouts.idleMs"],
  [{ rateLimit: { requests: 5 } }, "rateLimit.perMs"],
  [{ concurrency: 0 }, "concurrency"],
])("%j is refused with the first request", async (options, option) => {
  await expect(restClient({ baseUrl: "http://localhost", ...options }).get("a")).rejects.toMatchObject({
    code: "HTTP_OPTION_INVALID",
    context: { option },
  });
});
