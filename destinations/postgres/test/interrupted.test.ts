import { connect, createServer, type Socket } from "node:net";
import { newDatabase, testServer } from "@dlt/test-servers";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { Database } from "../src/database.js";
import type { Session } from "../src/session.js";
import {
  credentialsFor,
  errorOf,
  loadFile,
  newFolder,
  openClient,
  plan,
  query,
  run,
  threeUsers,
  users,
} from "./support.js";

describe("work that is aborted", () => {
  it("before any of its requests keeps nothing, and leaves nothing to the next", async () => {
    const database = await newDatabase();
    const file = await loadFile(newFolder(), users, threeUsers);
    let stop = new AbortController();
    let requestsLeft = Number.POSITIVE_INFINITY;
    const client = await openClient({
      database,
      reached: (point) => {
        if (point === "destination.request.sent" && --requestsLeft === 0) stop.abort();
      },
    });
    await client.prepare(plan([users]));
    const observer = await openClient({ database });
    const inTransaction =
      "SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND state LIKE 'idle in transaction%'";
    for (let request = 1; ; request++) {
      stop = new AbortController();
      requestsLeft = request;
      const stopped = await client
        .createJob(file)
        .run(stop.signal)
        .catch((error: unknown) => error);
      expect(await query(observer, inTransaction, database)).toEqual([[0]]);
      if (!(stopped instanceof Error)) break;
      expect(stopped).toMatchObject({ code: "DESTINATION_INTERRUPTED" });
      expect(await query(observer, "SELECT count(*) FROM ds.users")).toEqual([[0]]);
    }
    expect(await query(observer, "SELECT count(*) FROM ds.users")).toEqual([[3]]);
  });

  it("does not stop what is done next: a cancellation may come late", async () => {
    await using database = new Database(await credentialsFor(await newDatabase()));
    const stop = new AbortController();
    const pid = async (session: Session) =>
      (await session.rows({ text: "SELECT pg_backend_pid()", values: [] }))[0]?.[0];
    const stopped = await database.use(async (session) => {
      const own = await pid(session);
      stop.abort();
      return own;
    }, stop.signal);
    expect(await database.use(pid)).not.toBe(stopped);
    const queue = database.reserve();
    const kept = await queue.use(pid);
    expect(await queue.use(pid)).toBe(kept);
  });

  it.each([
    ["a statement", 1000, "DESTINATION_CONNECTION_LOST"],
    ["COPY", 700_000, "DESTINATION_INTERRUPTED"],
  ])("ends although the server has stopped answering in the middle of %s, and so does the client", async (...args) => {
    const [, bytes, code] = args;
    const database = await newDatabase();
    await (await openClient({ database })).prepare(plan([users]));
    const rows = Array.from({ length: 50_000 }, (_, id) => ({ id, name: `name ${id}` }));
    const file = await loadFile(newFolder(), users, rows);
    const { port, frozen } = await freezingAfter(bytes);
    const client = await openClient({ database, credentials: { port } });
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const stop = new AbortController();
    const running = errorOf(run(client, file, stop.signal));
    await frozen;
    stop.abort();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await running).toMatchObject({ code, retryable: true });
    const closed = client[Symbol.asyncDispose]();
    await vi.advanceTimersByTimeAsync(60_000);
    await closed;
  });
});

it("a client that is closed does not wait for a server that has stopped answering", async () => {
  const { port, freeze } = await freezingAfter(Number.POSITIVE_INFINITY);
  const client = await openClient({ credentials: { port } });
  await client.prepare(plan([users]));
  freeze();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const closed = client[Symbol.asyncDispose]();
  await vi.advanceTimersByTimeAsync(60_000);
  await closed;
});

/** A way to the server that hands on nothing any more once it has seen so many bytes of one connection, or is told so. */
async function freezingAfter(
  bytes: number,
): Promise<{ readonly port: number; readonly frozen: Promise<void>; freeze(): void }> {
  const { port } = await testServer();
  const sockets = new Set<Socket>();
  let freeze = () => {};
  const frozen = new Promise<void>((resolve) => {
    freeze = () => {
      for (const socket of sockets) socket.removeAllListeners("data").pause();
      resolve();
    };
  });
  const proxy = createServer({ allowHalfOpen: true }, (socket) => {
    const server = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    for (const each of [socket, server]) sockets.add(each.on("error", () => undefined));
    let seen = 0;
    socket.on("data", (chunk) => {
      server.write(chunk);
      seen += chunk.length;
      if (seen > bytes) freeze();
    });
    server.on("data", (chunk) => socket.write(chunk));
  }).listen(0, "127.0.0.1");
  onTestFinished(() => {
    for (const each of sockets) each.destroy();
    proxy.close();
  });
  await new Promise((resolve) => proxy.once("listening", resolve));
  const address = proxy.address();
  return { port: typeof address === "object" && address !== null ? address.port : 0, frozen, freeze };
}
