import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** An API on this machine with one page of tickets, for who has the token. */
export async function startHelpDesk(token: string) {
  const tickets = [
    { id: 1, subject: "It does not start", updated_at: "2026-01-01T09:00:00Z", comments: [{ text: "Since when?" }] },
    { id: 2, subject: "It is slow", updated_at: "2026-01-02T09:00:00Z", comments: [] },
  ];
  const server = createServer(({ headers }, response) => {
    const isAllowed = headers.authorization === `Bearer ${token}`;
    response.writeHead(isAllowed ? 200 : 401, { "content-type": "application/json" });
    response.end(JSON.stringify(isAllowed ? { tickets, next: null } : { error: "who?" }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
