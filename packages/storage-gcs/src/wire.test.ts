import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { FileStore } from "@dlt/storage";
import { expect, onTestFinished, test } from "vitest";
import { gcsStore } from "./gcs-store.js";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function storeAt(answer: Answer, timeoutMs?: number): Promise<FileStore> {
  const server = createServer((request, response) => {
    request.resume();
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const endpointUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = gcsStore({ projectId: "p", endpointUrl, ...(timeoutMs !== undefined && { timeoutMs }) });
  return await provider.open({ scheme: "gs", bucket: "b", path: "" });
}

const large = new Uint8Array(30 * 1024 * 1024);

test("a server that stays silent is given up", async () => {
  const store = await storeAt(() => undefined, 50);
  const given = { code: "FILE_STORE_UNAVAILABLE", retryable: true };
  await expect(store.put("a", new Uint8Array(1))).rejects.toMatchObject(given);
  await expect(store.put("a", large)).rejects.toMatchObject(given);
  await expect(store.stat("a")).rejects.toMatchObject(given);
});

/** Begins uploads; what becomes of their pieces is up to the test. */
function uploads(piece: Answer): { readonly answer: Answer; readonly methods: string[] } {
  const methods: string[] = [];
  const answer: Answer = (request, response) => {
    const { method = "", headers } = request;
    methods.push(method);
    if (method === "POST") response.writeHead(200, { location: `http://${headers.host}/upload/session` }).end("{}");
    else if (method === "DELETE") response.writeHead(499).end();
    else piece(request, response);
  };
  return { answer, methods };
}

test("an upload that is stopped is taken back, and its connection is closed", async () => {
  const stop = new AbortController();
  const reason = new Error("stopped");
  let closed: Promise<unknown> | undefined;
  const { answer, methods } = uploads((request) => {
    closed ??= new Promise((resolve) => request.once("close", resolve));
    stop.abort(reason);
  });
  const store = await storeAt(answer);
  await expect(store.put("a", large, { signal: stop.signal })).rejects.toBe(reason);
  await closed;
  expect(methods).toEqual(["POST", "PUT", "DELETE"]);
});

test("an upload whose session is over may be begun anew", async () => {
  const { answer } = uploads((_, response) => response.writeHead(410).end());
  const store = await storeAt(answer);
  await expect(store.put("a", large)).rejects.toMatchObject({ code: "FILE_STORE_UNAVAILABLE", retryable: true });
});

test("a bucket that is not there is told, also where a file is looked up", async () => {
  const store = await storeAt((_, response) => {
    response.writeHead(404, { "content-type": "application/json" });
    response.end(JSON.stringify({ error: { code: 404, message: "The specified bucket does not exist." } }));
  });
  await expect(store.stat("a")).rejects.toMatchObject({ code: "FILE_STORE_MISSING" });
});

test("of several reasons all are shown", async () => {
  const store = await storeAt((_, response) => {
    const errors = [{ message: "first reason" }, { message: "second reason" }];
    response.writeHead(403, { "content-type": "application/json" });
    response.end(JSON.stringify({ error: { code: 403, message: "denied", errors } }));
  });
  await expect(store.stat("a")).rejects.toMatchObject({
    message: "Could not look up gs://b/a: 403: denied; first reason; second reason.",
  });
});
