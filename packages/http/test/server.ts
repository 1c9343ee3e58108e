import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A request as a server got it. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface TestServer {
  readonly url: string;
  readonly received: Received[];
}

interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly json?: unknown;
  readonly body?: string | Uint8Array;
}

/** Gives the answer to a request, or writes it itself and gives nothing. */
export type Handler = (request: Received, response: ServerResponse) => Reply | void | Promise<Reply | void>;

/** A server on this machine, which ends with the test. */
export async function startServer(handler: Handler): Promise<TestServer> {
  const received: Received[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://server");
    const one: Received = {
      method: request.method ?? "",
      path: pathname,
      query: [...searchParams],
      headers: request.headers,
      body: Buffer.concat(parts).toString(),
    };
    received.push(one);
    const reply = await handler(one, response);
    if (reply !== undefined) send(response, reply);
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

function send(response: ServerResponse, { status = 200, headers = {}, json, body }: Reply): void {
  const content = json === undefined ? body : JSON.stringify(json);
  response.writeHead(status, {
    ...(json !== undefined && { "content-type": "application/json" }),
    ...(headers as Record<string, string>),
  });
  response.end(content);
}
