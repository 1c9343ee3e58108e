import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { duckdb } from "@dlt/destination-duckdb";
import { type Pipeline, pipeline } from "@dlt/pipeline";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterEach, beforeEach, expect, test } from "vitest";
import { helpDesk, type Ticket } from "../src/index.js";

/** An API on this machine that answers as the real one does: two tickets a page, and 401 without the right token. */
async function startApi(tickets: Ticket[]): Promise<{ readonly baseUrl: string; readonly server: Server }> {
  const server = createServer(({ url, headers }, response) => {
    const { pathname, searchParams } = new URL(url ?? "/", "http://localhost");
    const isAllowed = headers.authorization === "Bearer t0ken";
    response.writeHead(!isAllowed ? 401 : pathname === "/v1/tickets" ? 200 : 404, {
      "content-type": "application/json",
    });
    const since = searchParams.get("since") ?? "";
    const start = Number(searchParams.get("cursor") ?? 0);
    const found = tickets.filter((ticket) => ticket.updated_at >= since);
    const next = start + 2 < found.length ? String(start + 2) : null;
    response.end(JSON.stringify(isAllowed ? { tickets: found.slice(start, start + 2), next } : { error: "who?" }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, server };
}

const ticket = (id: number, day: number, ...texts: string[]): Ticket => ({
  id,
  subject: `Ticket ${id}`,
  updated_at: `2026-01-0${day}T09:00:00Z`,
  comments: texts.map((text) => ({ text })),
});

let tickets: Ticket[];
let api: Awaited<ReturnType<typeof startApi>>;
let database: DuckDBInstance;
let folder: string;
let p: Pipeline;

beforeEach(async () => {
  tickets = [ticket(1, 1, "It does not start."), ticket(2, 2), ticket(3, 3, "It is slow.", "Since when?")];
  api = await startApi(tickets);
  database = await DuckDBInstance.create(":memory:");
  folder = await mkdtemp(join(tmpdir(), "help-desk-"));
  const destination = duckdb({ credentials: database });
  p = pipeline({ pipelineName: "tickets", destination, datasetName: "help_desk", pipelinesDir: folder });
});
afterEach(async () => {
  await p.close();
  database.closeSync();
  api.server.closeAllConnections();
  api.server.close();
  await rm(folder, { recursive: true });
});

async function select(statement: string): Promise<readonly (readonly unknown[])[]> {
  await using sql = await p.sqlClient();
  return await sql.executeSql(statement);
}

test("tickets and their comments are loaded from all pages", async () => {
  const info = await p.run(helpDesk({ baseUrl: api.baseUrl, token: "t0ken" }));

  expect(info.rowCounts).toMatchObject({ tickets: 3, tickets__comments: 3 });
  expect(
    await select(`
      SELECT tickets.id, count(text) FROM tickets
      LEFT JOIN tickets__comments AS comments ON comments._dlt_parent_id = tickets._dlt_id
      GROUP BY 1 ORDER BY 1`),
  ).toEqual([
    [1, 1],
    [2, 0],
    [3, 2],
  ]);
});

test("the next run reads what changed, and replaces it", async () => {
  await p.run(helpDesk({ baseUrl: api.baseUrl, token: "t0ken" }));
  tickets[1] = { ...ticket(2, 4), subject: "Ticket 2, solved" };

  const info = await p.run(helpDesk({ baseUrl: api.baseUrl, token: "t0ken" }));

  expect(info.rowCounts).toMatchObject({ tickets: 1 });
  expect(await select("SELECT subject FROM tickets ORDER BY id")).toEqual([
    ["Ticket 1"],
    ["Ticket 2, solved"],
    ["Ticket 3"],
  ]);
});

test("a token that is refused is an error that does not show it", async () => {
  const failure = await p.run(helpDesk({ baseUrl: api.baseUrl, token: "wr0ng" })).catch(String);

  expect(failure).toMatch(/401/);
  expect(failure).not.toContain("wr0ng");
});
