import { readFileSync } from "node:fs";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createServer as createTcpServer, type Server, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { type RestClientOptions, restClient } from "../src/index.js";
import { undiciFetch } from "../src/undici.js";
import { fakeRuntime } from "./fake-runtime.js";
import { type Handler, startServer } from "./server.js";

const once: RestClientOptions = { retry: { maxAttempts: 1 } };

async function answering(handler: Handler, options: RestClientOptions = {}) {
  const { url } = await startServer(handler);
  const runtime = fakeRuntime();
  return { client: restClient({ baseUrl: url, runtime, ...once, ...options }), runtime, url };
}

/** A server that speaks no HTTP of its own accord. */
async function startSockets(onConnection: (socket: Socket) => void): Promise<string> {
  return listening(createTcpServer(onConnection));
}

async function listening(server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `${(server.address() as AddressInfo).port}`;
}

const json = { "content-type": "application/json" };
test.each<
  [
    string,
    Parameters<Handler>[0] extends never
      ? never
      : { status?: number; headers?: Record<string, string>; body?: string | Uint8Array },
    RegExp,
  ]
>([
  [
    "an HTML page",
    { body: "<!doctype html><title>Sign in</title>", headers: { "content-type": "text/html" } },
    /is not JSON but an HTML page: .* at byte 0, line 1\.$/,
  ],
  ["XML", { body: "<?xml version='1.0'?><a/>" }, /not JSON but XML/],
  [
    "JSON that is cut off",
    { body: '{"data":[{"id":1},{"id"', headers: json },
    /not JSON but JSON that is cut off or broken: `:` was expected at byte 23/,
  ],
  ["other text", { body: "nope", headers: json }, /not JSON but other text/],
  ["a table", { body: "a,b\n", headers: { "content-type": "text/csv; charset=utf-8" } }, /not JSON but `text\/csv`/],
  [
    "text that is not UTF-8",
    { body: Buffer.from([0x22, 0xff, 0x22]), headers: json },
    /it is not the text that it says it is/,
  ],
])("%s instead of JSON", async (_, reply, message) => {
  const { client } = await answering(() => reply);
  for (const work of [client.get("a"), client.paginate("a").next()])
    await expect(work).rejects.toMatchObject({
      code: "HTTP_BODY_NOT_JSON",
      message: expect.stringMatching(message),
      context: { status: 200, bytes: reply.body?.length ?? 0 },
    });
});

test("a body in another charset, and one with a byte order mark", async () => {
  const { client } = await answering(({ path }) =>
    path === "/latin"
      ? {
          body: Buffer.from('{"a":"é"}', "latin1"),
          headers: { "content-type": "application/json; charset=ISO-8859-1" },
        }
      : { body: '\ufeff{"a":"é"}', headers: { "content-type": 'application/json; charset="utf8"' } },
  );
  expect(await client.get("latin")).toEqual({ a: "é" });
  expect(await client.get("marked")).toEqual({ a: "é" });
});

test.each([[204], [200]])("no body with status %i: nothing for `get`, an error for a page", async (status) => {
  const { client } = await answering(() => ({ status }));
  expect(await client.delete("a")).toBeNull();
  await expect(client.paginate("a").next()).rejects.toMatchObject({
    code: "HTTP_BODY_EMPTY",
    hint: expect.stringContaining(`{ statusCode: ${status}, action: "ignore" }`),
  });
  const pages = client.paginate("a", { responseActions: [{ statusCode: status, action: "ignore" }] });
  expect(await pages.next()).toEqual({ done: true, value: undefined });
});

test.each<[string, Record<string, string>, Uint8Array | string]>([
  ["what is not compressed", { "content-encoding": "gzip" }, "plain text"],
  [
    "what is compressed wrongly",
    { "content-encoding": "gzip" },
    Buffer.concat([gzipSync('{"a":1}').subarray(0, 12), Buffer.alloc(20, 7)]),
  ],
])("%s is a body that does not hold together", async (_, headers, body) => {
  const { client } = await answering(() => ({ headers, body }));
  await expect(client.get("a")).rejects.toMatchObject({ code: "HTTP_BODY_CUT", retryable: true });
});

test("compressed JSON that breaks off is no JSON", async () => {
  const whole = gzipSync(JSON.stringify(Array.from({ length: 500 }, (_, id) => ({ id, n: Math.sin(id) }))));
  const { client } = await answering(() => ({
    headers: { "content-encoding": "gzip" },
    body: whole.subarray(0, 4000),
  }));
  await expect(client.get("a")).rejects.toMatchObject({ code: expect.stringMatching(/^HTTP_BODY_(?:CUT|NOT_JSON)$/) });
});

test("a body that is shorter than it should be", async () => {
  const { client } = await answering((_, response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("[1");
    setImmediate(() => response.destroy());
  });
  await expect(client.get("a")).rejects.toMatchObject({
    code: "HTTP_BODY_CUT",
    message: expect.stringMatching(/breaks off/),
  });
});

test("a body that is too large is not read to its end", async () => {
  let written = 0;
  const { client } = await answering(
    (_, response) => {
      const more = (): void => {
        written += 1e5;
        if (!response.destroyed && response.write("x".repeat(1e5))) setImmediate(more);
        else response.once("drain", more);
      };
      more();
    },
    { maxBodyBytes: 1e6 },
  );
  await expect(client.get("a")).rejects.toMatchObject({ code: "HTTP_BODY_TOO_LARGE", context: { maxBytes: 1e6 } });
  expect(written).toBeLessThan(2e7);
});

test("a host that is not there", async () => {
  const client = restClient({ baseUrl: "http://nowhere.invalid", runtime: fakeRuntime() });
  await expect(client.get("a")).rejects.toMatchObject({
    code: "HTTP_HOST_NOT_FOUND",
    message: "`GET http://nowhere.invalid/a` names a host that has no address, after 5 attempts.",
    retryable: true,
  });
});

test("a port that nobody listens on", async () => {
  const { url } = await startServer(() => ({}));
  const port = await listening(createTcpServer());
  expect(url).toBeDefined();
  const free = await new Promise<string>((resolve) => {
    const server = createTcpServer().listen(0, "127.0.0.1", () => {
      const { port: was } = server.address() as AddressInfo;
      server.close(() => resolve(`${was}`));
    });
  });
  expect(port).not.toBe(free);
  await expect(
    restClient({ baseUrl: `http://127.0.0.1:${free}`, ...once, runtime: fakeRuntime() }).get("a"),
  ).rejects.toMatchObject({
    code: "HTTP_CONNECTION_FAILED",
    message: `\`GET http://127.0.0.1:${free}/a\` was refused a connection.`,
  });
});

test("a server that speaks something else", async () => {
  const port = await startSockets((socket) =>
    socket.once("data", () => socket.end("SSH-2.0-server with a secret row\r\n")),
  );
  const client = restClient({ baseUrl: `http://127.0.0.1:${port}`, ...once, runtime: fakeRuntime() });
  const error: unknown = await client.get("a").catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "HTTP_CONNECTION_FAILED", message: expect.stringContaining("not HTTP") });
  expect((await import("node:util")).inspect(error, { depth: 9 })).not.toContain("secret row");
});

test.each([
  ["a certificate that nobody vouches for", "localhost", undefined],
  ["a certificate of another host", "127.0.0.1", readFileSync(new URL("fixtures/cert.pem", import.meta.url), "utf8")],
])("%s", async (_, host, ca) => {
  const file = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url));
  const port = await listening(
    createTlsServer({ key: file("key.pem"), cert: file("cert.pem") }, (_, response) => response.end("[]")),
  );
  await using fetch = undiciFetch({ proxyFromEnvironment: false, ...(ca !== undefined && { ca }) });
  const client = restClient({
    baseUrl: `https://${host}:${port}`,
    ...(ca !== undefined && { fetch }),
    runtime: fakeRuntime(),
  });
  await expect(client.get("a")).rejects.toMatchObject({
    code: "HTTP_TLS_FAILED",
    retryable: false,
    message: expect.not.stringContaining("attempts"),
  });
});

test("a certificate of an own authority", async () => {
  const file = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8");
  const port = await listening(
    createTlsServer({ key: file("key.pem"), cert: file("cert.pem") }, (_, response) => response.end("[7]")),
  );
  await using fetch = undiciFetch({ proxyFromEnvironment: false, ca: file("cert.pem") });
  const client = restClient({ baseUrl: `https://localhost:${port}`, fetch, runtime: fakeRuntime() });
  expect(await client.get("a")).toEqual([7]);
});

test("a server that does not answer in time", async () => {
  let arrived: () => void = () => undefined;
  const arrival = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const { client, runtime } = await answering(() => arrived(), { timeouts: { responseMs: 5000 } });
  const work = client.get("a");
  await arrival;
  runtime.elapse(4999);
  runtime.elapse(1);
  await expect(work).rejects.toMatchObject({
    code: "HTTP_TIMEOUT",
    context: { limit: "responseMs" },
    message: expect.stringMatching(/was not answered in time \(5000 ms\)/),
  });
});

test("a body that stops coming", async () => {
  const { client, runtime, url } = await answering(
    (_, response) => {
      response.writeHead(200, json);
      response.write("[1,");
    },
    { timeouts: { idleMs: 3000 } },
  );
  expect(url).toBeDefined();
  const pages = client.stream<number[]>("a", { pageBytes: 1 });
  expect((await pages.next()).value).toEqual([1]);
  const next = pages.next();
  runtime.elapse(2999);
  runtime.elapse(1);
  await expect(next).rejects.toMatchObject({ code: "HTTP_TIMEOUT", context: { limit: "idleMs" } });
});

test("all attempts and waits together take too long", async () => {
  const { client, runtime } = await answering(() => ({ status: 500, json: {} }), {
    retry: { maxAttempts: 5 },
    timeouts: { totalMs: 2500 },
    onEvent: ({ kind }) => kind === "retry" && runtime.elapse(1000),
  });
  await expect(client.get("a")).rejects.toMatchObject({ code: "HTTP_TIMEOUT", context: { limit: "totalMs" } });
});

test("no connection in time", async () => {
  const client = restClient({
    baseUrl: "http://127.0.0.1:1",
    fetch: () =>
      Promise.reject(
        new TypeError("fetch failed", { cause: Object.assign(new Error("x"), { code: "UND_ERR_CONNECT_TIMEOUT" }) }),
      ),
    ...once,
    runtime: fakeRuntime(),
  });
  await expect(client.get("a")).rejects.toMatchObject({ code: "HTTP_TIMEOUT", context: { limit: "connect" } });
});

test("the body of a refusal is shown where the configuration wants it, without secrets and not whole", async () => {
  const { installSettings } = await import("@dlt/core/engine");
  onTestFinished(() => installSettings(undefined));
  installSettings(({ spec }) =>
    Object.fromEntries(
      Object.entries(spec).map(([name, field]) => [
        name,
        ({ httpShowErrorBody: true, httpMaxErrorBodyLength: 30 } as Record<string, unknown>)[name] ?? field.default,
      ]),
    ),
  );
  const { client } = await answering(({ headers }) => ({
    status: 400,
    body: `bad key ${headers["x-key"]}: ${"x".repeat(100)}`,
  }));
  await expect(client.get("a", { headers: { "x-key": "sesam-1" } })).rejects.toThrow(
    /\nBody: bad key \*\*\*: x{17}… \(cut\)$/,
  );
});

test("settings of the configuration count where the code says nothing", async () => {
  const { installSettings } = await import("@dlt/core/engine");
  onTestFinished(() => installSettings(undefined));
  installSettings(({ spec }) =>
    Object.fromEntries(
      Object.entries(spec).map(([name, field]) => [
        name,
        ({ requestMaxAttempts: 3, requestBackoffFactor: 2 } as Record<string, unknown>)[name] ?? field.default,
      ]),
    ),
  );
  const { url, received } = await startServer(() => ({ status: 500, json: {} }));
  const runtime = fakeRuntime();
  await expect(restClient({ baseUrl: url, runtime, retry: { maxAttempts: 2 } }).get("a")).rejects.toThrow(
    "after 2 attempts",
  );
  await expect(restClient({ baseUrl: url, runtime }).get("a")).rejects.toThrow("after 3 attempts");
  expect(runtime.waits).toEqual([2000, 2000, 4000]);
  expect(received.length).toBe(5);
});
