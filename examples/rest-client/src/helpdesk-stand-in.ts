import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** A help desk on this machine: 12 tickets in pages of 5, and it takes 8 requests a second. */
export interface HelpdeskStandIn extends AsyncDisposable {
  readonly baseUrl: string;
  /** Requests by what they were answered. */
  readonly answers: Readonly<Record<number, number>>;
}

const tickets = Array.from({ length: 12 }, (_, index) => ({
  id: index + 1,
  subject: `Ticket ${index + 1}`,
  updated_at: new Date(Date.UTC(2026, 0, 2 + index)).toISOString(),
  author_id: (index % 4) + 1,
}));
const names = ["Ada", "Grace", "Edsger"]; // the fourth has left
const perSecond = 8;

export async function startHelpdesk(): Promise<HelpdeskStandIn> {
  const answers: Record<number, number> = {};
  let window = 0;
  let left = perSecond;
  const server = createServer((request, response) => {
    const second = Math.floor(Date.now() / 1000);
    if (second !== window) left = perSecond;
    window = second;
    const [status, body] = left > 0 ? answerTo(request) : ([429, "{}"] as const);
    left = Math.max(0, left - 1);
    answers[status] = (answers[status] ?? 0) + 1;
    response.writeHead(status, {
      "Content-Type": "application/json",
      "X-RateLimit-Remaining": left,
      "X-RateLimit-Reset": second + 1,
    });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answerTo({ url, headers }: IncomingMessage): readonly [status: number, body: string] {
  const { pathname, searchParams } = new URL(url ?? "/", "http://helpdesk");
  if (pathname === "/token") return [200, '{"access_token":"t0ken","expires_in":3600}'];
  if (headers.authorization !== "Bearer t0ken") return [401, "{}"];
  const [, , list, id] = pathname.split("/");
  if (list === "users") {
    const name = names[Number(id) - 1];
    return name === undefined ? [404, "{}"] : [200, JSON.stringify({ id: Number(id), name })];
  }
  const found = tickets.filter(({ updated_at }) => updated_at >= (searchParams.get("since") ?? ""));
  const from = Number(searchParams.get("after") ?? 0);
  const rows = found.slice(from, from + 5);
  // Hours are doubles, also where they are whole: `2.0`.
  const text = rows.map((row) => `${JSON.stringify(row).slice(0, -1)},"hours":${(row.id / 2).toFixed(1)}}`).join();
  return [200, `{"tickets":[${text}],"meta":{"after":${from + 5 < found.length ? from + 5 : null}}}`];
}
