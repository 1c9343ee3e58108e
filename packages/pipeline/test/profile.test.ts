import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { observeRuns, resource } from "../src/index.js";
import { newMachine } from "./new-machine.js";

afterEach(() => observeRuns(null));

const args = z.record(z.string(), z.union([z.string(), z.number(), z.null()]));
const at = { name: z.string(), pid: z.int().min(1), tid: z.int().min(0) };

/** Of Chrome's Trace Event Format what profiles have of it: the object form, with complete events, counters and metadata. */
const traceDocument = z.strictObject({
  traceEvents: z.array(
    z.discriminatedUnion("ph", [
      z.strictObject({
        ...at,
        ph: z.literal("X"),
        cat: z.string(),
        ts: z.number().min(0),
        dur: z.number().min(0),
        args,
      }),
      z.strictObject({ ...at, ph: z.literal("C"), ts: z.number().min(0), args: z.record(z.string(), z.number()) }),
      z.strictObject({
        ...at,
        ph: z.literal("M"),
        name: z.enum(["process_name", "thread_name", "thread_sort_index"]),
        args: z.union([z.strictObject({ name: z.string() }), z.strictObject({ sort_index: z.int() })]),
      }),
    ]),
  ),
  displayTimeUnit: z.enum(["ms", "ns"]),
  otherData: z.record(z.string(), z.union([z.string(), z.number()])),
});

function nameIn(named: object): string {
  return "name" in named ? String(named.name) : "";
}

/** Pieces of work by lane, in order of their beginning. */
async function lanesOf(path: string) {
  const { traceEvents } = traceDocument.parse(JSON.parse(await readFile(path, "utf8")));
  const names = new Map(
    traceEvents.flatMap((event) =>
      event.name === "thread_name" ? [[`${event.pid}/${event.tid}`, nameIn(event.args)]] : [],
    ),
  );
  const lanes = new Map<string, { name: string; ts: number; end: number; args: z.infer<typeof args> }[]>();
  for (const event of traceEvents) {
    if (event.ph !== "X") continue;
    const lane = names.get(`${event.pid}/${event.tid}`) ?? "";
    const spans = lanes.get(lane) ?? [];
    lanes.set(lane, spans);
    spans.push({ name: event.name, ts: event.ts, end: event.ts + event.dur, args: event.args });
  }
  for (const spans of lanes.values()) spans.sort((one, other) => one.ts - other.ts);
  return { lanes, names: [...names.values()] };
}

test("a profile shows what steps, resources, threads and jobs did when", async () => {
  const machine = await newMachine();
  let isNormalized = false;
  const runtime = {
    ...machine.runtime,
    reached: (point: string) => {
      isNormalized ||= point === "normalize.chunk.accepted";
    },
  };
  const text = "x".repeat(1000);
  let rowCount = 0;
  const orders = resource({ name: "orders" }, async function* () {
    // Until something of it is normalized: extract waits for normalize before all of these are read.
    for (; !isNormalized && rowCount < 100_000; rowCount += 500) {
      yield Array.from({ length: 500 }, (_, index) => ({ id: rowCount + index, text, lines: [{ id: index }] }));
    }
  });
  const p = machine.pipeline({}, runtime);
  const info = await p.run(orders, { profile: "run.json" });
  const { lanes, names } = await lanesOf(join(machine.folder, "run.json"));
  for (const [lane, spans] of lanes) {
    for (const [index, span] of spans.entries()) {
      expect(span.ts, lane).toBeGreaterThanOrEqual(spans[index - 1]?.end ?? 0);
    }
  }
  const [run, extract, normalize, load] = ["run", "extract", "normalize", "load"].map((step) => lanes.get(step)?.[0]);
  expect([extract, normalize, load].every((step) => step && run && step.ts >= run.ts && step.end <= run.end)).toBe(
    true,
  );
  expect(names.slice(0, 4)).toEqual(["run", "sync", "extract", "extract orders"]);
  expect(lanes.get("extract orders")).toMatchObject([{ name: "orders" }]);
  const [first] = lanes.get("normalize main thread") ?? [];
  expect(first).toMatchObject({ name: "orders", args: { chunk: 0, bytes: expect.any(Number) } });
  expect(first?.end).toBeLessThan(extract?.end ?? 0);
  const jobs = [...lanes].filter(([lane]) => lane.startsWith("load job ")).flatMap(([, spans]) => spans);
  expect(new Set(jobs.map(({ name }) => name))).toEqual(
    new Set(info.loadPackages[0]?.jobs.completedJobs.map(({ jobId }) => jobId)),
  );
  expect(jobs.find((job) => job.args["tableName"] === "orders")?.args).toMatchObject({
    status: "completed",
    rowCount,
    attempts: 1,
  });
  expect(lanes.get(`load ${info.loadsIds[0]}`)?.map(({ name }) => name)).toEqual(["prepare", "complete"]);
});

test("a run that fails leaves its profile, too", async () => {
  const machine = await newMachine();
  const failing = resource({ name: "orders" }, () => {
    throw new Error("no such page");
  });
  await expect(machine.pipeline().run(failing, { profile: "run.json" })).rejects.toMatchObject({
    code: "RESOURCE_FAILED",
  });
  const { lanes } = await lanesOf(join(machine.folder, "run.json"));
  expect(lanes.get("extract")).toMatchObject([{ args: { error: "RESOURCE_FAILED" } }]);
});

test("all runs of a program go into one profile", async () => {
  const machine = await newMachine();
  const path = join(machine.folder, "all.json");
  observeRuns({ profile: path, onRun: () => undefined });
  await machine.pipeline({ pipelineName: "a" }).run([{ id: 1 }], { tableName: "orders" });
  const b = machine.pipeline({ pipelineName: "b" });
  await b.extract([{ id: 1 }], { tableName: "orders" });
  await b.normalize();
  const { traceEvents } = traceDocument.parse(JSON.parse(await readFile(path, "utf8")));
  const processes = traceEvents.filter(({ name }) => name === "process_name");
  expect(processes.map((event) => [event.pid, nameIn(event.args)])).toEqual([
    [1, "pipeline a"],
    [2, "pipeline b"],
  ]);
});

test("nothing is begun where the profile cannot be written", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  const run = p.run([{ id: 1 }], { tableName: "orders", profile: join("missing", "run.json") });
  await expect(run).rejects.toMatchObject({
    code: "PROFILE_NOT_WRITABLE",
    message: expect.stringContaining(join(machine.folder, "missing", "run.json")),
  });
  expect(p.lastTrace).toBeNull();
});
