import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { resource } from "@dlt/core";
import { expect, onTestFinished, test, vi } from "vitest";
import { type LineageEvent, openLineage } from "../src/openlineage.js";
import { newMachine } from "./new-machine.js";

/** A server that takes events, as Marquez does. */
async function lineageServer(status = 201) {
  const received: {
    readonly path: string | undefined;
    readonly key: string | undefined;
    readonly event: LineageEvent;
  }[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const event = JSON.parse(Buffer.concat(parts).toString()) as LineageEvent;
      received.push({ path: request.url, key: request.headers.authorization, event });
      response.writeHead(status).end();
    });
  }).listen(0, "127.0.0.1");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, "listening");
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, received };
}

test("a run tells when it begins and ends, and which tables it wrote", async () => {
  const machine = await newMachine();
  const { url, received } = await lineageServer();
  const source = { namespace: "https://shop.example.com", name: "orders" };
  const parent = { runId: "01890000-0000-7000-8000-000000000000", namespace: "airflow", name: "daily.shop" };
  const hooks = openLineage({ url, apiKey: "hunter2", namespace: "loads", inputs: [source], parent });
  await machine.pipeline({ hooks }).run(resource({ name: "orders" }, () => [{ id: 1, lines: [{ sku: "a" }] }]));
  expect(received.map(({ path, key }) => [path, key])).toEqual(Array(2).fill(["/api/v1/lineage", "Bearer hunter2"]));
  const [start, complete] = received.map(({ event }) => event);
  expect(start).toMatchObject({
    eventType: "START",
    run: {
      runId: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
      facets: { parent: { job: { name: "daily.shop" } } },
    },
    job: { namespace: "loads", name: "shop", facets: { jobType: { integration: "DLT", processingType: "BATCH" } } },
    inputs: [source],
    outputs: [],
    schemaURL: "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
  });
  expect(complete).toMatchObject({ eventType: "COMPLETE", run: { runId: start?.run.runId } });
  expect(complete?.outputs).toMatchObject([
    {
      namespace: expect.stringMatching(/^duckdb:/) as unknown,
      name: "data.orders",
      facets: { schema: { fields: [{ name: "id", type: "bigint" }, { name: "_dlt_load_id" }, { name: "_dlt_id" }] } },
      outputFacets: { outputStatistics: { rowCount: 1, fileCount: 1 } },
    },
    { name: "data.orders__lines", outputFacets: { outputStatistics: { rowCount: 1 } } },
  ]);
});

test("a run that fails or is stopped says why", async () => {
  const machine = await newMachine();
  const events: LineageEvent[] = [];
  const pipeline = machine.pipeline({ hooks: openLineage({ emit: (event) => events.push(event) }) });
  const failing = resource({ name: "orders" }, () => {
    throw new TypeError("gone");
  });
  await expect(pipeline.run(failing)).rejects.toThrow();
  await expect(pipeline.run([{ id: 1 }], { tableName: "orders", signal: AbortSignal.abort() })).rejects.toThrow();
  expect(events.map(({ eventType }) => eventType)).toEqual(["START", "FAIL", "START", "ABORT"]);
  expect(events[1]?.run.facets["errorMessage"]).toMatchObject({
    message: expect.stringMatching(/^RESOURCE_FAILED: Pipeline `shop` failed/) as unknown,
    _schemaURL: "https://openlineage.io/spec/facets/1-0-1/ErrorMessageRunFacet.json",
  });
});

test("a server that refuses keeps nothing from being loaded", async () => {
  const machine = await newMachine();
  const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  const { url } = await lineageServer(403);
  await machine.pipeline({ hooks: openLineage({ url }) }).run([{ id: 1 }], { tableName: "orders" });
  expect(warned.mock.calls.map(([text]) => text)).toEqual([
    expect.stringMatching(
      /^The hook `onStarted` failed, .*: OPENLINEAGE_EVENT_NOT_SENT: .*: the server answered 403\.$/,
    ),
    expect.stringMatching(/^The hook `onDone` failed, /),
  ]);
});

test("an address is needed, of code or environment", () => {
  const invalid = expect.objectContaining({ code: "OPENLINEAGE_URL_INVALID" }) as Error;
  expect(() => openLineage()).toThrow(invalid);
  expect(() => openLineage({ url: "localhost" })).toThrow(invalid);
  expect(() => openLineage({ url: "http://user:hunter2@localhost:5000" })).toThrow(invalid);
  vi.stubEnv("OPENLINEAGE_URL", "http://localhost:5000");
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(() => openLineage()).not.toThrow();
});
