import { expect, test } from "vitest";
import { type HttpEvent, HttpStatusError, type RestClientOptions, restClient } from "../src/index.js";
import { fakeRuntime } from "./fake-runtime.js";
import { type Handler, startServer } from "./server.js";

/** A client of a server that answers so. */
async function setUp(handler: Handler, options: RestClientOptions = {}, random = 0) {
  const { url, received } = await startServer(handler);
  const runtime = fakeRuntime({ random });
  const events: HttpEvent[] = [];
  const client = restClient({
    baseUrl: url,
    runtime,
    onEvent: (event) => events.push(event),
    rateLimit: { learn: false },
    ...options,
  });
  return { client, received, runtime, events, url };
}

test("each wait is twice as long as the one before", async () => {
  const { client, received, runtime } = await setUp(() => ({ status: 500, json: {} }));
  await expect(client.get("a")).rejects.toThrow(/was answered 500 Internal Server Error after 5 attempts\.$/);
  expect(received.length).toBe(5);
  expect(runtime.waits).toEqual([1000, 2000, 4000, 8000]);
});

test("waits have a limit, and a share of chance where it is asked for", async () => {
  const retry = { maxAttempts: 7, backoffMs: 1500, maxDelayMs: 30_000, jitter: 0.2 };
  const { client, runtime } = await setUp(() => ({ status: 503, json: {} }), { retry }, 0.5);
  await expect(client.get("a")).rejects.toThrow("503");
  expect(runtime.waits).toEqual([1500, 3000, 6000, 12_000, 24_000, 30_000].map((delay) => delay * 0.9));
});

test.each([
  [{ maxAttempts: 0 }, 1],
  [{ maxAttempts: 1 }, 1],
  [{ maxAttempts: 3 }, 3],
  [{ statusCodes: [] }, 1],
  [{ statusCodes: [404] }, 1],
  [{ methods: ["post"] }, 1],
  [{ methods: ["get"], maxAttempts: 2 }, 2],
])("%j makes %i attempts", async (retry, attempts) => {
  const { client, received } = await setUp(() => ({ status: 500, json: {} }), { retry });
  await expect(client.get("a")).rejects.toBeInstanceOf(HttpStatusError);
  expect(received.length).toBe(attempts);
});

test("POST is sent again with its body, and `request` gives the last answer", async () => {
  const { client, received } = await setUp(() => ({ status: 502, json: {} }));
  const response = await client.request("a", { method: "POST", json: { a: 1 } });
  expect(response?.status).toBe(502);
  expect(received.map(({ body }) => body)).toEqual(Array(5).fill('{"a":1}'));
});

test.each([
  ["7", 7000],
  [" 0 ", 0],
  ["1000", 300_000],
  ["Thu, 01 Jan 2026 00:00:42 GMT", 42_000],
  ["Thu, 01 Jan 2015 00:00:42 GMT", 0],
  ["1.5", 1000],
  ["soon", 1000],
  ["", 1000],
])("`Retry-After: %s` waits %i ms", async (header, delay) => {
  const reply = { status: 429, headers: { "retry-after": header }, json: {} };
  const { client, runtime } = await setUp(() => reply, { retry: { maxAttempts: 2 } });
  await expect(client.get("a")).rejects.toThrow("429");
  expect(runtime.waits).toEqual([delay]);
});

test("`Retry-After` counts for other statuses, too, unless it is not to be heeded", async () => {
  const handler: Handler = () => ({ status: 503, headers: { "retry-after": "9" }, json: {} });
  const heeding = await setUp(handler, { retry: { maxAttempts: 2 } });
  await expect(heeding.client.get("a")).rejects.toThrow("503");
  const own = await setUp(handler, { retry: { maxAttempts: 2, respectRetryAfterHeader: false } });
  await expect(own.client.get("a")).rejects.toThrow("503");
  expect([heeding.runtime.waits, own.runtime.waits]).toEqual([[9000], [1000]]);
});

test("conditions are asked after every attempt, and one that says yes is enough", async () => {
  const asked: unknown[] = [];
  let count = 0;
  const { client, received } = await setUp(() => ({ json: { status: ++count < 3 ? "pending" : "done" } }), {
    retry: {
      condition: [
        ({ response }) => void asked.push(response?.status) !== undefined,
        async ({ response }) => response?.json<{ status: string }>().status === "pending",
      ],
    },
  });
  expect(await client.get("report")).toEqual({ status: "done" });
  expect(received.length).toBe(3);
  expect(asked).toEqual([200, 200, 200]);
});

test("conditions see errors", async () => {
  const codes: unknown[] = [];
  const { client } = await setUp((_, response) => void response.destroy(), {
    retry: { exceptions: [], condition: ({ error }) => codes.push((error as { code: string }).code) < 2 },
  });
  await expect(client.get("a")).rejects.toMatchObject({ code: "HTTP_CONNECTION_FAILED", retryable: true });
  expect(codes).toEqual(["HTTP_CONNECTION_FAILED", "HTTP_CONNECTION_FAILED"]);
});

test("a connection that breaks is made again", async () => {
  let count = 0;
  const { client, events } = await setUp((_, response) => (++count < 3 ? void response.destroy() : { json: [1] }));
  expect(await client.get("a")).toEqual([1]);
  expect(events.filter(({ kind }) => kind === "retry")).toMatchObject([
    { attempt: 1, delayMs: 1000, reason: "HTTP_CONNECTION_FAILED" },
    { attempt: 2, delayMs: 2000, reason: "HTTP_CONNECTION_FAILED" },
  ]);
});

test("a body that breaks off is asked for again", async () => {
  let count = 0;
  const { client } = await setUp((_, response) => {
    if (++count > 2) return { json: [1] };
    response.writeHead(200, count === 1 ? { "content-length": "100" } : { "transfer-encoding": "chunked" });
    response.write('[{"a":');
    setImmediate(() => response.destroy());
  });
  expect(await client.get("a")).toEqual([1]);
});

test("what is not JSON is not asked for again", async () => {
  const { client, received } = await setUp(() => ({ body: "<html>" }));
  await expect(client.get("a")).rejects.toMatchObject({ code: "HTTP_BODY_NOT_JSON" });
  expect(received.length).toBe(1);
});

test("a wait ends with its signal, and gives its reason", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const { client, received } = await setUp(() => ({ status: 500, json: {} }), {
    onEvent: ({ kind }) => kind === "retry" && controller.abort(reason),
  });
  await expect(client.get("a", { signal: controller.signal })).rejects.toBe(reason);
  expect(received.length).toBe(1);
});

test("a request ends with its signal", async () => {
  const controller = new AbortController();
  const { client } = await setUp(() => void controller.abort(), {});
  await expect(client.get("a", { signal: controller.signal })).rejects.toMatchObject({ name: "AbortError" });
  await expect(client.get("a", { signal: controller.signal })).rejects.toMatchObject({ name: "AbortError" });
});

test("hundreds of requests with one signal leave nothing behind and warn of nothing", async () => {
  const warnings: unknown[] = [];
  const listener = (warning: Error) => void warnings.push(warning);
  process.on("warning", listener);
  const { client } = await setUp(() => ({ json: {} }));
  const { signal } = new AbortController();
  await Promise.all(Array.from({ length: 200 }, () => client.get("a", { signal })));
  await new Promise(setImmediate);
  process.off("warning", listener);
  expect(warnings).toEqual([]);
});

test("an action that ignores an answer wins over another attempt", async () => {
  const { client, received, events } = await setUp(() => ({ status: 503, json: {} }), {
    responseActions: [{ statusCode: "5xx", action: "ignore" }],
  });
  expect(await client.get("a")).toBeNull();
  expect(received.length).toBe(1);
  expect(events.at(-1)).toMatchObject({ kind: "ignored", status: 503 });
});

test("functions are called for each attempt, and may give another answer", async () => {
  const seen: number[] = [];
  let count = 0;
  const { client } = await setUp(() => ({ status: ++count < 3 ? 500 : 418, json: { count } }), {
    responseActions: [
      (response) => void seen.push(response.status),
      { statusCode: 418, action: [async (response) => response.with({ status: 200 })] },
    ],
  });
  expect(await client.get("a")).toEqual({ count: 3 });
  expect(seen).toEqual([500, 500, 418]);
});

test("an error of a function ends it, without another attempt", async () => {
  const { client, received } = await setUp(() => ({ json: {} }), {
    responseActions: [
      () => {
        throw new RangeError("mine");
      },
    ],
  });
  await expect(client.get("a")).rejects.toThrow(RangeError);
  expect(received.length).toBe(1);
});
