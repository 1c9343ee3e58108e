import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bearer, type HttpEvent, type RestClientOptions, restClient } from "../src/index.js";
import { VirtualTime } from "./virtual-time.js";

/** How a server counts, and what it tells of it. */
interface Rules {
  readonly limit: number;
  readonly windowMs: number;
  readonly tells: "remaining" | "remaining and reset" | "structured" | "retry-after" | "both" | "nothing";
  /** Windows begin anew when one is over, or every request counts for a window's length. */
  readonly counts: "windows" | "sliding";
}

/** A server that refuses requests beyond its limit, and how it answered them. */
class LimitedServer {
  readonly statuses: number[] = [];
  readonly #time: VirtualTime;
  readonly #rules: Rules;
  #seen: number[] = [];
  #windowStart = Number.NEGATIVE_INFINITY;

  constructor(time: VirtualTime, rules: Rules) {
    this.#time = time;
    this.#rules = rules;
  }

  answer(): Response {
    const { limit, windowMs, tells, counts } = this.#rules;
    const now = this.#time.nowMs;
    if (counts === "windows" && now >= this.#windowStart + windowMs) {
      this.#windowStart = now;
      this.#seen = [];
    }
    if (counts === "sliding") this.#seen = this.#seen.filter((at) => at > now - windowMs);
    const isRefused = this.#seen.length >= limit;
    if (!isRefused) this.#seen.push(now);
    this.statuses.push(isRefused ? 429 : 200);
    const resetAt = counts === "windows" ? this.#windowStart + windowMs : (this.#seen[0] ?? now) + windowMs;
    const left = `${limit - this.#seen.length}`;
    const seconds = `${Math.ceil((resetAt - now) / 1000)}`;
    const headers: Record<string, string> = {};
    if (tells.startsWith("remaining") || tells === "both") headers["x-ratelimit-remaining"] = left;
    if (tells === "remaining and reset" || tells === "both")
      headers["x-ratelimit-reset"] = `${Math.floor(resetAt / 1000)}`;
    if (tells === "structured") headers["ratelimit"] = `"default";r=${left};t=${seconds}`;
    if (isRefused && (tells === "retry-after" || tells === "both")) headers["retry-after"] = seconds;
    return new Response("[]", { status: isRefused ? 429 : 200, headers });
  }
}

interface Load {
  readonly requests: number;
  readonly workers: number;
  readonly latencyMs: number;
  readonly options?: RestClientOptions;
  readonly random?: () => number;
}

/** Sends so many requests by workers that wait for each other's turns only. */
async function run(rules: Rules, { requests, workers, latencyMs, options = {}, random = () => 0.5 }: Load) {
  const time = new VirtualTime();
  const runtime = time.runtime({ random });
  const server = new LimitedServer(time, rules);
  const startedMs = time.nowMs;
  const perRequest: number[][] = [];
  const latency = () => latencyMs * (0.1 + 0.9 * random());
  const fetch = time.fetch(() => server.answer(), { there: latency, back: latency });
  let next = 0;
  const work = Promise.all(
    Array.from({ length: workers }, async () => {
      while (next < requests) {
        next++;
        const statuses: number[] = [];
        perRequest.push(statuses);
        const onEvent = (event: HttpEvent) => event.kind === "response" && statuses.push(event.status);
        // Clients of one runtime share what they know, so each worker may have its own.
        const client = restClient({
          baseUrl: "http://api",
          fetch,
          runtime,
          onEvent,
          retry: { maxAttempts: 8 },
          ...options,
        });
        await client.get("rows");
      }
    }),
  );
  await time.until(work);
  return { server, perRequest, tookMs: time.nowMs - startedMs };
}

const minute = { limit: 100, windowMs: 60_000 };
const refusals = (statuses: readonly number[]) => statuses.filter((status) => status === 429).length;
const mostInARow = (statuses: readonly number[]) =>
  Math.max(
    ...statuses
      .join(" ")
      .split("200")
      .map((part) => part.split("429").length - 1),
  );

describe("a server that allows 100 requests a minute", () => {
  test.each<Rules["counts"]>(["windows", "sliding"])(
    "and tells what is left never has to refuse (%s)",
    async (counts) => {
      for (const tells of ["remaining and reset", "structured", "both"] as const) {
        const { server, tookMs } = await run(
          { ...minute, tells, counts },
          { requests: 350, workers: 8, latencyMs: 80 },
        );
        expect(refusals(server.statuses), tells).toBe(0);
        expect(tookMs).toBeLessThan(4 * 62_000);
      }
    },
  );

  test("and says for how long it refuses is not asked in between, and refuses no request twice in a row", async () => {
    const { server, perRequest } = await run(
      { ...minute, tells: "retry-after", counts: "windows" },
      { requests: 350, workers: 8, latencyMs: 80 },
    );
    for (const statuses of perRequest) expect(mostInARow(statuses)).toBeLessThan(2);
    expect(refusals(server.statuses)).toBeLessThanOrEqual(3 * 8);
    const alone = await run(
      { ...minute, tells: "retry-after", counts: "windows" },
      { requests: 350, workers: 1, latencyMs: 80 },
    );
    expect(mostInARow(alone.server.statuses)).toBe(1);
  });

  test("and tells nothing is asked by one request at a time once it refuses", async () => {
    const { server } = await run(
      { ...minute, tells: "nothing", counts: "windows" },
      { requests: 150, workers: 8, latencyMs: 80 },
    );
    expect(refusals(server.statuses)).toBeLessThan(8 + 7);
  });

  test("whose limit is known never has to refuse", async () => {
    for (const counts of ["windows", "sliding"] as const) {
      const { server, tookMs } = await run(
        { ...minute, tells: "nothing", counts },
        { requests: 350, workers: 20, latencyMs: 500, options: { rateLimit: { requests: 100, perMs: 60_000 } } },
      );
      expect(refusals(server.statuses)).toBe(0);
      expect(tookMs).toBeLessThan(4 * 62_000);
    }
  });
});

test("no server of any limit refuses a request twice in a row that says how it counts", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        limit: fc.integer({ min: 1, max: 30 }),
        windowMs: fc.integer({ min: 1000, max: 90_000 }),
        tells: fc.constantFrom(
          "remaining and reset" as const,
          "structured" as const,
          "retry-after" as const,
          "both" as const,
        ),
        counts: fc.constantFrom("windows" as const, "sliding" as const),
      }),
      fc.record({
        requests: fc.integer({ min: 1, max: 80 }),
        workers: fc.integer({ min: 1, max: 12 }),
        latencyMs: fc.integer({ min: 1, max: 3000 }),
      }),
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })),
      async (rules, load, chance) => {
        const { server, perRequest } = await run(rules, { ...load, random: () => chance.next().value as number });
        // One that tells no more than how long it refuses has to take as many as are sent at a time, wherever they overtake each other.
        const isKnown =
          rules.tells !== "retry-after" || (rules.limit >= 2 * load.workers && rules.windowMs > 10 * load.latencyMs);
        if (isKnown) for (const statuses of perRequest) expect(mostInARow(statuses)).toBeLessThan(2);
        if (rules.tells !== "retry-after") expect(refusals(server.statuses)).toBe(0);
      },
    ),
    { numRuns: 60 },
  );
});

test("a wait that is too long is an error that says until when", async () => {
  const time = new VirtualTime();
  const runtime = time.runtime();
  const reset = new Date(time.nowMs + 7_200_000);
  const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": `${reset.getTime() / 1000}` };
  const fetch = time.fetch(() => new Response("[]", { headers }), { there: () => 1, back: () => 1 });
  const client = restClient({ baseUrl: "http://api", fetch, runtime });
  await time.until(client.get("a"));
  await expect(time.until(client.get("b"))).rejects.toMatchObject({
    code: "HTTP_QUOTA_EXHAUSTED",
    retryable: true,
    context: { resumesAt: new Date(reset.getTime() + 1000).toISOString().replace("000Z", "000Z") },
  });
  const patient = restClient({ baseUrl: "http://api", fetch, runtime, rateLimit: { maxWaitMs: 8_000_000 } });
  await time.until(patient.get("c"));
  expect(time.nowMs).toBeGreaterThan(reset.getTime());
  const careless = restClient({ baseUrl: "http://api", fetch, runtime, rateLimit: { learn: false } });
  await time.until(careless.get("d"));
});

test("accounts have quotas of their own, and a host that forbids counts as one that refuses", async () => {
  const time = new VirtualTime();
  const runtime = time.runtime();
  const asked: string[] = [];
  let count = 0;
  const fetch = time.fetch(
    (_, headers) => {
      asked.push(headers.get("authorization") ?? "none");
      return ++count === 1
        ? new Response("{}", { status: 403, headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "60" } })
        : new Response("[]");
    },
    { there: () => 10, back: () => 10 },
  );
  const client = restClient({ baseUrl: "http://api", fetch, runtime });
  const first = client.get("a", { auth: bearer("one-1") });
  await time.until(Promise.resolve());
  const started = time.nowMs;
  const [, second] = await time.until(
    Promise.all([first, client.get("b", { auth: bearer("two-2") }).then(() => time.nowMs - started)]),
  );
  expect(asked).toEqual(["Bearer one-1", "Bearer two-2", "Bearer one-1"]);
  expect(second).toBeLessThan(100);
  expect(time.nowMs - started).toBeGreaterThan(60_000);
});

test("no more requests are under way to a host than the clients allow", async () => {
  const time = new VirtualTime();
  const runtime = time.runtime();
  let underWay = 0;
  let most = 0;
  const fetch = time.fetch(
    () => {
      underWay++;
      most = Math.max(most, underWay);
      time.after(100, () => underWay--);
      return new Response("[]");
    },
    { there: () => 0, back: () => 100 },
  );
  const clients = [0, 1].map(() => restClient({ baseUrl: "http://api", fetch, runtime, concurrency: 3 }));
  await time.until(Promise.all(Array.from({ length: 20 }, (_, index) => clients[index % 2]?.get("a"))));
  expect(most).toBe(3);
});

test("whoever stops waiting leaves the line, and keeps nothing awake", async () => {
  const time = new VirtualTime();
  const runtime = time.runtime();
  const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "60" };
  const fetch = time.fetch(() => new Response("[]", { headers }), { there: () => 1, back: () => 1 });
  const client = restClient({ baseUrl: "http://api", fetch, runtime });
  await time.until(client.get("a"));
  const controller = new AbortController();
  const waiting = client.get("b", { signal: controller.signal });
  time.after(5, () => controller.abort());
  await expect(time.until(waiting)).rejects.toMatchObject({ name: "AbortError" });
  await expect(time.until(new Promise(() => undefined))).rejects.toThrow("Nothing happens any more.");
});
