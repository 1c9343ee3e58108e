import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { newDatabase, superuser, type TestServer, testServer } from "@dlt/test-servers";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { SslMode } from "../src/index.js";
import { errorOf, openClient, plan, query, users } from "./support.js";
import { tlsServer } from "./tls-server.js";

const certificate = fileURLToPath(new URL("./tls/server.crt", import.meta.url));
const usesTls = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";

it("goes through a socket, which needs no TLS", async () => {
  const { socketFolder } = await testServer();
  for (const sslmode of ["disable", "require"] as const) {
    const client = await openClient({ database: await newDatabase(), credentials: { host: socketFolder, sslmode } });
    await client.prepare(plan([users]));
    expect(await query(client, "SELECT inet_server_addr()")).toEqual([[null]]);
  }
});

it.each<SslMode>(["disable", "allow", "prefer"])("needs no TLS for %s", async (sslmode) => {
  const client = await openClient({ database: "postgres", credentials: { sslmode } });
  expect(await query(client, usesTls)).toEqual([[false]]);
});

it.each<SslMode>(["require", "verify-ca", "verify-full"])(
  "is refused for %s where there is no TLS",
  async (sslmode) => {
    const client = await openClient({ database: "postgres", credentials: { sslmode } });
    const error = await errorOf(query(client, usesTls));
    expect([error.code, error.retryable]).toEqual(["DESTINATION_TLS_FAILED", false]);
    expect(error.message).toContain("the server offers no encrypted connection");
  },
);

describe("with a server that has a certificate", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await tlsServer();
  });

  it.each<[sslmode: SslMode, others: { host?: string; sslrootcert?: string }, encrypted: boolean]>([
    ["disable", {}, false],
    ["allow", {}, false],
    ["prefer", {}, true],
    ["require", {}, true],
    ["require", { sslrootcert: certificate }, true],
    ["verify-ca", { sslrootcert: certificate }, true],
    ["verify-full", { sslrootcert: certificate, host: "localhost" }, true],
  ])("%s %o connects", async (sslmode, others, encrypted) => {
    const credentials = { port: server.port, sslmode, ...others };
    const client = await openClient({ database: "postgres", credentials });
    expect(await query(client, usesTls)).toEqual([[encrypted]]);
    // Other connections go the same way.
    expect(await client.state?.datasetExists()).toBe(false);
  });

  it.each<[sslmode: SslMode, others: { sslrootcert?: string }]>([
    ["verify-ca", {}],
    ["verify-full", {}],
    ["verify-full", { sslrootcert: certificate }],
  ])("%s %o refuses it", async (sslmode, others) => {
    const credentials = { port: server.port, sslmode, ...others };
    const client = await openClient({ database: "postgres", credentials });
    const error = await errorOf(query(client, usesTls));
    expect([error.code, error.retryable]).toEqual(["DESTINATION_TLS_FAILED", false]);
  });

  it.each(["disable", "prefer", "require"] as const)("logs in with channel binding: %s", async (channelBinding) => {
    const credentials = { port: server.port, sslmode: "require", channelBinding } as const;
    const client = await openClient({ database: "postgres", credentials });
    expect(await query(client, usesTls)).toEqual([[true]]);
  });

  it("a wrong password is refused once, not tried again without TLS", async () => {
    const credentials = { port: server.port, sslmode: "prefer", password: `not ${superuser.password}` } as const;
    const client = await openClient({ database: "postgres", credentials });
    expect((await errorOf(query(client, usesTls))).code).toBe("DESTINATION_LOGIN_REFUSED");
  });
});

it("nobody logs in without channel binding where it is required", async () => {
  const credentials = { sslmode: "disable", channelBinding: "require" } as const;
  const client = await openClient({ database: "postgres", credentials });
  const error = await errorOf(query(client, "SELECT 1"));
  expect([error.code, error.retryable]).toEqual(["DESTINATION_LOGIN_REFUSED", false]);
  expect(error.message).toContain("no login that is bound to the encrypted connection");
});

it.each([
  ["a password in clear text", 3],
  ["a password as MD5", 5],
  ["nothing", 0],
])("a server that asks for %s gets none where channel binding is required", async (_, method) => {
  const received: number[] = [];
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => {
      received.push(bytes.length);
      const request = Buffer.alloc(method === 5 ? 13 : 9);
      request.write("R");
      request.writeInt32BE(request.length - 1, 1);
      request.writeInt32BE(method, 5);
      if (received.length === 1) socket.write(request);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const client = await openClient({
    database: "postgres",
    credentials: { host: "127.0.0.1", port, sslmode: "disable", channelBinding: "require" },
  });
  expect((await errorOf(query(client, "SELECT 1"))).code).toBe("DESTINATION_LOGIN_REFUSED");
  expect(received).toHaveLength(1); // what begins a connection
});

it.each([
  [{ sslrootcert: "/no/such.pem" }, "sslrootcert"],
  [{ sslcert: certificate }, "`sslcert` and `sslkey`"],
  [{ sslcert: "/no/such.pem", sslkey: certificate }, "sslcert"],
])("files that cannot be used are named: %o", async (files, named) => {
  const client = await openClient({ database: "postgres", credentials: { sslmode: "verify-ca", ...files } });
  const error = await errorOf(query(client, "SELECT 1"));
  expect(error.code).toBe("DESTINATION_CREDENTIALS_INVALID");
  expect(error.message).toContain(named);
});
