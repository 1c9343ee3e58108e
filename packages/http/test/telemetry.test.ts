import { context, metrics, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { afterEach, beforeEach, expect, test } from "vitest";
import { restClient } from "../src/index.js";
import { fakeRuntime } from "./fake-runtime.js";
import { startServer } from "./server.js";

const spans = new InMemorySpanExporter();
const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
let meters: MeterProvider;

beforeEach(() => {
  spans.reset();
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }));
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  meters = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1e9 })] });
  metrics.setGlobalMeterProvider(meters);
});
afterEach(async () => {
  await meters.shutdown();
  for (const each of [trace, context, metrics]) each.disable();
});

test("each attempt of a request is a span of a client in what is under way, without secrets", async () => {
  let answers = 0;
  const { url } = await startServer(() => (++answers === 1 ? { status: 503 } : { json: [] }));
  const client = restClient({ baseUrl: url, runtime: fakeRuntime() });
  await trace.getTracer("of the test").startActiveSpan("listing", async (span) => {
    await client.get("items", { params: { api_key: "hunter2", page: 1 } });
    span.end();
  });
  const [first, second, listing] = spans.getFinishedSpans();
  for (const span of [first, second]) {
    expect(span).toMatchObject({ name: "GET", kind: SpanKind.CLIENT });
    expect(span?.parentSpanContext?.spanId).toBe(listing?.spanContext().spanId);
    expect(span?.attributes).toMatchObject({
      "http.request.method": "GET",
      "server.address": "127.0.0.1",
      "server.port": Number(new URL(url).port),
      "url.full": expect.stringMatching(/\/items\?api_key=\*\*\*&page=1$/),
    });
  }
  expect(first?.attributes).toMatchObject({ "http.response.status_code": 503, "error.type": "503" });
  expect(first?.status.code).toBe(SpanStatusCode.ERROR);
  expect(second?.attributes).toMatchObject({ "http.response.status_code": 200, "http.request.resend_count": 1 });
  expect(second?.attributes).not.toHaveProperty("error.type");
  await meters.forceFlush();
  const [duration] = exporter.getMetrics().at(-1)?.scopeMetrics[0]?.metrics ?? [];
  expect(duration?.descriptor).toMatchObject({ name: "http.client.request.duration", unit: "s" });
  expect(duration?.dataPoints.map(({ attributes }) => attributes["http.response.status_code"])).toEqual([503, 200]);
});

test("a request that gets no answer says why", async () => {
  const { url } = await startServer((_, response) => void response.destroy());
  const client = restClient({ baseUrl: url, runtime: fakeRuntime(), retry: { maxAttempts: 1 } });
  await expect(client.get("items")).rejects.toThrow();
  const [span] = spans.getFinishedSpans();
  expect(span?.attributes["error.type"]).toBe("HTTP_CONNECTION_FAILED");
});
