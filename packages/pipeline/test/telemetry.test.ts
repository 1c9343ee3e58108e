import { resource } from "@dlt/core";
import { context, metrics, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { afterEach, beforeEach, expect, test } from "vitest";
import { newMachine } from "./new-machine.js";
import { refusingDuckdb } from "./refusing-duckdb.js";

const spans = new InMemorySpanExporter();
let exporter: InMemoryMetricExporter;
let meters: MeterProvider;

beforeEach(() => {
  spans.reset();
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }));
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  meters = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1e9 })] });
  metrics.setGlobalMeterProvider(meters);
});
afterEach(async () => {
  await meters.shutdown();
  for (const each of [trace, context, metrics]) each.disable();
});

/** Spans as `parent > name`, in the order in which they ended. */
function tree(): readonly string[] {
  const finished = spans.getFinishedSpans();
  const nameOf = (id: string | undefined) => finished.find((span) => span.spanContext().spanId === id)?.name;
  return finished.map(({ name, parentSpanContext }) =>
    [nameOf(parentSpanContext?.spanId), name].filter(Boolean).join(" > "),
  );
}

/** Sums and counts of what was measured, by name and one attribute. */
async function measured(attribute: string): Promise<Readonly<Record<string, unknown>>> {
  await meters.forceFlush();
  const found =
    exporter
      .getMetrics()
      .at(-1)
      ?.scopeMetrics.flatMap((of) => of.metrics) ?? [];
  return Object.fromEntries(
    found.map(({ descriptor, dataPoints }) => [
      descriptor.name,
      Object.fromEntries(
        dataPoints.map(({ attributes, value }) => [
          String(attributes[attribute]),
          typeof value === "number" ? value : (value as { readonly count: number }).count,
        ]),
      ),
    ]),
  );
}

test("a run is a span, its steps and jobs are spans in it, and so is what a resource does", async () => {
  const machine = await newMachine();
  const read = resource({ name: "items" }, () =>
    trace.getTracer("of the test").startActiveSpan("read items", (span) => {
      span.end();
      return [{ id: 1, tags: ["a", "b"] }];
    }),
  );
  const info = await machine.pipeline().run(read);
  expect(tree()).toEqual([
    "dlt.run > dlt.sync",
    "dlt.extract > read items",
    "dlt.run > dlt.extract",
    "dlt.run > dlt.normalize",
    ...Array.from({ length: 3 }, () => "dlt.load > dlt.job"),
    "dlt.run > dlt.load",
    "dlt.run",
  ]);
  const finished = spans.getFinishedSpans();
  expect(finished.find(({ name }) => name === "dlt.load")?.attributes).toEqual({
    "dlt.pipeline.name": "shop",
    "dlt.load.ids": info.loadsIds,
    "dlt.destination.name": "duckdb",
    "dlt.dataset.name": "data",
  });
  const jobs = finished.filter(({ name }) => name === "dlt.job");
  expect(jobs.map(({ attributes }) => attributes["dlt.table.name"]).sort()).toEqual([
    "_dlt_pipeline_state",
    "items",
    "items__tags",
  ]);
  expect(jobs.find(({ attributes }) => attributes["dlt.table.name"] === "items__tags")?.attributes).toMatchObject({
    "dlt.load.id": info.loadsIds[0],
    "dlt.job.status": "completed",
    "dlt.job.attempts": 1,
    "dlt.job.rows": 2,
  });
  expect(await measured("dlt.table.name")).toMatchObject({
    "dlt.normalize.rows": { items: 1, items__tags: 2 },
    "dlt.load.rows": { items: 1, items__tags: 2, _dlt_pipeline_state: 1 },
    "dlt.load.retries": { items: 0 },
    "dlt.job.duration": { items: 1, items__tags: 1 },
  });
  expect(await measured("dlt.resource.name")).toMatchObject({ "dlt.extract.rows": { items: 1 } });
  expect(await measured("dlt.step")).toMatchObject({
    "dlt.step.duration": { run: 1, extract: 1, normalize: 1, load: 1 },
  });
});

test("what fails says so by its code and its message", async () => {
  const machine = await newMachine();
  const failing = resource({ name: "items" }, () => {
    throw new TypeError("the list is gone");
  });
  await expect(machine.pipeline().run(failing)).rejects.toThrow();
  const failed = spans.getFinishedSpans().filter(({ status }) => status.code === SpanStatusCode.ERROR);
  expect(failed.map(({ name, attributes }) => [name, attributes["error.type"]])).toEqual([
    ["dlt.extract", "RESOURCE_FAILED"],
    ["dlt.run", "RESOURCE_FAILED"],
  ]);
  expect(failed[0]?.status.message).toMatch(/^Pipeline `shop` failed in step `extract`: Resource `items`/);
});

test("a job that is tried again counts its attempts, and one that fails says why", async () => {
  const machine = await newMachine();
  let isBusy = true;
  const refuses = (table: string): boolean | "busy" => {
    if (table === "bad") return true;
    if (table !== "items" || !isBusy) return false;
    isBusy = false;
    return "busy";
  };
  const runtime = { ...machine.runtime, wait: async () => undefined };
  const pipeline = machine.pipeline({ destination: refusingDuckdb(machine.database, refuses) }, runtime);
  await pipeline.run([resource({ name: "items" }, () => [{ id: 1 }]), resource({ name: "bad" }, () => [{ id: 1 }])], {
    raiseOnFailedJobs: false,
  });
  const job = (table: string) =>
    spans.getFinishedSpans().find(({ attributes }) => attributes["dlt.table.name"] === table)?.attributes;
  expect(job("items")).toMatchObject({ "dlt.job.attempts": 2, "dlt.job.status": "completed" });
  expect(job("bad")).toMatchObject({ "dlt.job.status": "failed", "error.type": "DESTINATION_VALUE_REFUSED" });
  expect(await measured("dlt.table.name")).toMatchObject({ "dlt.load.retries": { items: 1, bad: 0 } });
});
