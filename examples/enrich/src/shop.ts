import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A shop on this machine: 30 orders in pages of 10, their shipments, and rates of currencies. Each answer takes 20 ms. */
export interface Shop extends AsyncDisposable {
  readonly baseUrl: string;
  /** How many requests there were with this word in their path. */
  count(word: string): number;
  /** The most requests that were under way at the same time. */
  mostAtATime(): number;
}

const orders = Array.from({ length: 30 }, (_, index) => ({
  id: index + 1,
  placed_at: new Date(Date.UTC(2026, 0, 2 + index, 12)).toISOString(),
  currency: ["EUR", "USD", "JPY"][index % 3],
  total: [40, 25.5, 9000][index % 3],
}));
const rates: Readonly<Record<string, number>> = { EUR: 1, USD: 0.92, JPY: 0.0061 };

export async function startShop(): Promise<Shop> {
  const paths: string[] = [];
  let underWay = 0;
  let most = 0;
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://shop");
    paths.push(pathname);
    underWay++;
    most = Math.max(most, underWay);
    setTimeout(() => {
      underWay--;
      const answer = answerTo(pathname.split("/").slice(1), Number(searchParams.get("page")));
      response.writeHead(answer === undefined ? 404 : 200, { "Content-Type": "application/json" });
      response.end(JSON.stringify(answer ?? { message: "Not found" }));
    }, 20);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    count: (word) => paths.filter((path) => path.includes(word)).length,
    mostAtATime: () => most,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answerTo([list, id, part]: readonly (string | undefined)[], page: number): unknown {
  if (list === "rates" && id !== undefined) return { euro: rates[id] };
  if (list !== "orders") return undefined;
  if (id === undefined) return orders.slice((page - 1) * 10, page * 10);
  return part === "shipments" ? shipmentsOf(Number(id)) : undefined;
}

/** None, one or two. */
function shipmentsOf(order: number) {
  return Array.from({ length: order % 3 }, (_, index) => ({
    carrier: index === 0 ? "Post" : "Bicycle",
    parcels: Array.from({ length: index + 1 }, () => ({ weight: 1.5 + index })),
  }));
}
