import { createServer } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { restClient } from "../src/index.js";
import { undiciFetch } from "../src/undici.js";
import { fakeRuntime } from "./fake-runtime.js";
import { startServer } from "./server.js";

test("connections are kept, and no more are made than are allowed", async () => {
  const ports = new Set<number | undefined>();
  const { url } = await startServer((_, response) => {
    ports.add(response.socket?.remotePort);
    return { json: {} };
  });
  await using fetch = undiciFetch({ maxConnections: 2, proxyFromEnvironment: false });
  const client = restClient({ baseUrl: url, fetch, runtime: fakeRuntime() });
  await Promise.all(Array.from({ length: 20 }, () => client.get("a")));
  expect(ports.size).toBeLessThanOrEqual(2);
});

test("the proxy that the environment names", async () => {
  const asked: string[] = [];
  const proxy = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(200, { "content-type": "application/json" }).end("[1]");
  });
  // Undici asks a proxy for a tunnel.
  proxy.on("connect", (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    proxy.closeAllConnections();
    proxy.close();
    vi.unstubAllEnvs();
  });
  vi.stubEnv("HTTP_PROXY", `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
  vi.stubEnv("NO_PROXY", "");
  await using fetch = undiciFetch();
  const client = restClient({
    baseUrl: "http://api.invalid",
    fetch,
    runtime: fakeRuntime(),
    retry: { maxAttempts: 1 },
  });
  await client.get("a").catch(() => undefined);
  expect(asked[0]).toContain("api.invalid");
});

test("no connection in time", async () => {
  // It takes the connection and never says a word of TLS.
  const silent = createTcpServer();
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void silent.close());
  await using fetch = undiciFetch({ connectTimeoutMs: 20, proxyFromEnvironment: false });
  const baseUrl = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const client = restClient({ baseUrl, fetch, runtime: fakeRuntime(), retry: { maxAttempts: 1 } });
  await expect(client.get("a")).rejects.toMatchObject({ code: "HTTP_TIMEOUT", context: { limit: "connect" } });
});

test.each([
  [{ connectTimeoutMs: 0 }, "connectTimeoutMs"],
  [{ maxConnections: 0 }, "maxConnections"],
])("%j is refused", (options, option) => {
  expect(() => undiciFetch(options)).toThrow(
    expect.objectContaining({ code: "HTTP_OPTION_INVALID", context: { option } }),
  );
});
