// What a client costs beside `fetch` and `JSON.parse`: lists in pages of 100 rows, and small answers. `node http.js <pages> <runs>`.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { restClient } from "@dlt/http";
import { median } from "../measure.js";

const [, program = "", pageText = "", runText = ""] = process.argv;
const rowsOfPage = 100;
/** Pages or answers that are read in one go, before it is the other's turn. */
const batch = 50;

if (pageText === "serve") serve();
else await measureAll(Number(pageText), Number(runText));

/** A server in a process of its own, so that its work is not counted: `/page?n=5` is the fifth of as many pages as are asked for. */
function serve(): void {
  const rows = Array.from({ length: rowsOfPage }, (_, id) => ({
    id,
    title: `Issue number ${id}`,
    body: "x".repeat(300),
    user: { login: `user${id}`, id: id * 7 },
    score: id / 3,
    created_at: "2026-01-02T03:04:05Z",
  }));
  const list = JSON.stringify(rows);
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://server");
    const n = Number(searchParams.get("n"));
    const next = n > 1 ? `"/page?n=${n - 1}"` : "null";
    const body = pathname === "/page" ? `{"data":${list},"next":${next}}` : '{"id":1,"name":"one"}';
    response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
    response.end(body);
  });
  server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
}

/** Does some work so many times. */
type Reading = (count: number) => Promise<void>;

interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
}

async function measureAll(pageCount: number, runCount: number): Promise<void> {
  const child = spawn(process.execPath, [...process.execArgv, program, "serve"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [port] = (await once(child.stdout, "data")) as [Buffer];
  const url = `http://127.0.0.1:${`${port}`.trim()}`;
  const client = restClient({ baseUrl: url });
  await report(`pages of ${rowsOfPage} rows`, pageCount, runCount, {
    bare: async (count) => {
      let next: string | null = `/page?n=${count}`;
      while (next !== null) {
        const response: Response = await fetch(`${url}${next}`);
        const page = JSON.parse(await response.text()) as { readonly data: unknown[]; readonly next: string | null };
        if (page.data.length !== rowsOfPage) throw new Error("A page has other rows.");
        next = page.next;
      }
    },
    client: async (count) => {
      let rows = 0;
      const pages = client.paginate("/page", {
        params: { n: count },
        paginator: "json_link",
        dataSelector: "data",
        allowEqualPages: true,
      });
      for await (const page of pages) rows += page.length;
      if (rows !== count * rowsOfPage) throw new Error(`${rows} rows came.`);
    },
  });
  await report("small answers", pageCount, runCount, {
    bare: async (count) => {
      for (let i = 0; i < count; i++) JSON.parse(await (await fetch(`${url}/one`)).text());
    },
    client: async (count) => {
      for (let i = 0; i < count; i++) await client.get("/one");
    },
  });
  child.kill();
}

async function report(
  label: string,
  count: number,
  runCount: number,
  { bare, client }: { readonly bare: Reading; readonly client: Reading },
): Promise<void> {
  // Both are compiled, and the connection is there.
  await bare(count);
  await client(count);
  const pairs: { readonly floor: Cost; readonly dlt: Cost }[] = [];
  for (let run = 0; run < runCount; run++) {
    // In turn, in short pieces, so that what else the machine does meets both.
    const floor = { wallMs: 0, cpuMs: 0 };
    const dlt = { wallMs: 0, cpuMs: 0 };
    for (let done = 0; done < count; done += batch) {
      await addCost(floor, () => bare(batch));
      await addCost(dlt, () => client(batch));
    }
    pairs.push({ floor, dlt });
  }
  const perSecond = (role: "floor" | "dlt") => median(pairs.map((pair) => (1000 * count) / pair[role].wallMs));
  const ratio = (figure: keyof Cost) => median(pairs.map(({ floor, dlt }) => floor[figure] / dlt[figure]));
  console.log(
    `${label}: ${Math.round(perSecond("floor")).toLocaleString("en")}/s with bare fetch, ${Math.round(perSecond("dlt")).toLocaleString("en")}/s with the client`,
  );
  console.log(
    `  of the speed of bare fetch: ${ratio("wallMs").toFixed(2)} by wall time, ${ratio("cpuMs").toFixed(2)} by CPU time`,
  );
}

async function addCost(sum: { wallMs: number; cpuMs: number }, work: () => Promise<void>): Promise<void> {
  const started = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  sum.wallMs += performance.now() - started;
  sum.cpuMs += (user + system) / 1000;
}
