import { incremental, type Resource, resource, source, transformer } from "@dlt/core";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ExtractInfo } from "../../src/index.js";
import { newMachine } from "../new-machine.js";
import { refusingDuckdb } from "../refusing-duckdb.js";
import { counted } from "./counted.js";

const byRows = { checkpoint: { everyRows: 40 } };

describe("a run in epochs", () => {
  test("loads several packages, each with the state that belongs to it", async () => {
    const machine = await newMachine();
    const p = machine.pipeline();
    const info = await p.run(counted("events", 12), byRows);
    expect(info.loadsIds.length).toBeGreaterThan(1);
    expect(info).toMatchObject({ canBeContinued: false, stoppedBy: null, uncutResources: [] });
    expect(info.rowCounts).toEqual({ events: 120, events__tags: 120 });
    expect(await machine.query("SELECT count(*) AS n, count(DISTINCT id) AS ids FROM events")).toEqual([
      { n: 120, ids: 120 },
    ]);
    const loads = await machine.query("SELECT _dlt_load_id, count(*) AS n FROM events GROUP BY 1 ORDER BY 1");
    expect(loads.map((each) => each["_dlt_load_id"])).toEqual(info.loadsIds);
    for (const { n } of loads.slice(0, -1)) expect(n).toBeGreaterThanOrEqual(40);
    const states = await machine.query("SELECT _dlt_load_id FROM _dlt_pipeline_state ORDER BY 1");
    expect(states).toEqual(info.loadsIds.map((loadId) => ({ _dlt_load_id: loadId })));
    expect(await p.listNormalizedLoadPackages()).toEqual([]);
  });

  test("gives what a run without epochs gives", async () => {
    const [cut, whole] = [await newMachine(), await newMachine()];
    const rows = Array.from({ length: 300 }, (_, id) => ({
      id,
      ...(id > 100 && { extra: id % 2 === 0 ? id : id + 0.5 }),
      ...(id > 200 && { note: { text: String(id) }, parts: [{ id }, { id: 1.5 }] }),
    }));
    const made = () =>
      resource(
        { name: "mixed", primaryKey: "id", incremental: incremental<number>("id", { rowOrder: "asc" }) },
        async function* () {
          for (let at = 0; at < rows.length; at += 20) yield rows.slice(at, at + 20);
        },
      );
    await cut.pipeline().run(made(), byRows);
    await whole.pipeline().run(made());
    const sql = "SELECT id, extra, note__text FROM mixed ORDER BY id";
    expect(await cut.query(sql)).toEqual(await whole.query(sql));
    const parts =
      "SELECT m.id, p.id AS part, p._dlt_list_idx AS at FROM mixed m JOIN mixed__parts p ON p._dlt_parent_id = m._dlt_id ORDER BY ALL";
    expect(await cut.query(parts)).toEqual(await whole.query(parts));
  });

  test("fails, and keeps what the epochs before have loaded", async () => {
    const machine = await newMachine();
    const p = machine.pipeline();
    const failing = p.run(counted("events", 12, { failsAt: 9 }), byRows);
    await expect(failing).rejects.toMatchObject({ code: "RESOURCE_FAILED", step: "extract", pendingLoadIds: [] });
    await expect(failing).rejects.toThrow("What was read up to the last epoch is loaded");
    const [kept] = await machine.query("SELECT count(*) AS n FROM events");
    expect(kept?.["n"]).toBeGreaterThanOrEqual(40);
    expect(p.state.sources["shop"]?.resources?.["events"]?.["next"]).toBe(Number(kept?.["n"]) / 10);
    await p.run(counted("events", 12));
    expect(await machine.query("SELECT count(*) AS n, count(DISTINCT id) AS ids FROM events")).toEqual([
      { n: 120, ids: 120 },
    ]);
  });

  test("tells rows by package, and what resources tell of themselves since the run began", async () => {
    const p = (await newMachine()).pipeline();
    const events = counted("events", 12).addMetrics((rows, metrics) => {
      metrics["seen"] = Number(metrics["seen"] ?? 0) + rows.length;
    });
    const info = await p.run(events, byRows);
    const extracted = p.lastTrace?.steps.find(({ step }) => step === "extract")?.stepInfo as ExtractInfo;
    const told = info.loadsIds.map((loadId) => extracted.metrics[loadId]?.[0]?.resourceMetrics["events"]);
    let seen = 0;
    for (const metrics of told.slice(0, -1)) {
      seen += Number(metrics?.itemsCount);
      // The page behind the last point may have been seen already.
      expect(Number(metrics?.customMetrics["seen"]) - seen).toBeGreaterThanOrEqual(0);
    }
    expect(told.at(-1)?.customMetrics).toEqual({ seen: 120 });
  });

  test("may be as old as one likes", async () => {
    const warnings: string[] = [];
    const onWarning = ({ name }: Error) => warnings.push(name);
    process.on("warning", onWarning);
    onTestFinished(() => void process.off("warning", onWarning));
    await (await newMachine()).pipeline().run(counted("events", 12), { checkpoint: { everyMs: 30 * 86_400_000 } });
    expect(warnings).not.toContain("TimeoutOverflowWarning");
  });

  test("a fresh machine goes on from the last epoch", async () => {
    const machine = await newMachine();
    await machine
      .pipeline()
      .run(counted("events", 12, { failsAt: 9 }), byRows)
      .catch(() => undefined);
    const [kept] = await machine.query("SELECT count(*) AS n FROM events");
    await machine.pipeline().drop();
    const info = await machine.pipeline().run(counted("events", 12), byRows);
    expect(info.rowCounts["events"]).toBe(120 - Number(kept?.["n"]));
  });
});

test("an epoch that cannot be loaded ends the run; nothing of it is lost", async () => {
  const machine = await newMachine();
  let loads = 0;
  let isRefusing = true;
  const destination = refusingDuckdb(machine.database, (table) => table === "events" && ++loads > 1 && isRefusing);
  const p = machine.pipeline({ destination });
  const run = p.run(counted("events", 40), byRows);
  await expect(run).rejects.toMatchObject({ code: "LOAD_PACKAGE_FAILED", step: "load" });
  expect((await p.listNormalizedLoadPackages()).length).toBeGreaterThan(0);
  isRefusing = false;
  const info = await p.run(counted("events", 40), byRows);
  expect(info.canBeContinued).toBe(false);
  expect(await machine.query("SELECT count(*) AS n, count(DISTINCT id) AS ids FROM events")).toEqual([
    { n: 400, ids: 400 },
  ]);
});

describe("a resource is loaded as a whole", () => {
  const cases: readonly (readonly [string, () => Resource, string])[] = [
    [
      "that is replaced",
      () => resource({ name: "whole", writeDisposition: "replace" }, pages),
      "its write disposition is `replace`",
    ],
    ["without checkpoints", () => resource({ name: "whole" }, pages), "it names no checkpoints"],
    [
      "whose cursor has no order",
      () => resource({ name: "whole", incremental: incremental<number>("id") }, pages),
      'its cursor `id` has no `rowOrder: "asc"`',
    ],
    [
      "whose cursor goes down",
      () => resource({ name: "whole", incremental: incremental<number>("id", { rowOrder: "desc" }) }, pages),
      'its cursor `id` has no `rowOrder: "asc"`',
    ],
    [
      "whose cursor does not tell rows apart",
      () =>
        resource(
          { name: "whole", incremental: incremental<number>("id", { rowOrder: "asc", rangeStart: "open" }) },
          pages,
        ),
      "does not tell apart rows",
    ],
    [
      "whose cursor lets in rows without a value",
      () =>
        resource(
          {
            name: "whole",
            incremental: incremental<number>("id", { rowOrder: "asc", onCursorValueMissing: "include" }),
          },
          pages,
        ),
      "its cursor `id` lets in rows without a value",
    ],
    [
      "whose cursor has a lag",
      () => resource({ name: "whole", incremental: incremental<number>("id", { rowOrder: "asc", lag: 1 }) }, pages),
      "its cursor `id` has a lag",
    ],
  ];

  async function* pages() {
    for (let page = 0; page < 12; page++) yield [{ id: page }];
  }

  test.each(cases)("%s", async (_, made, reason) => {
    const machine = await newMachine();
    const info = await machine.pipeline().run([made(), counted("events", 12)], byRows);
    expect(info.uncutResources).toEqual([
      { source: "shop", resource: "whole", reason: expect.stringContaining(reason) as string },
    ]);
    expect(String(info)).toContain(`Loaded as a whole:\n  shop.whole, because ${info.uncutResources[0]?.reason}`);
    expect(await machine.query("SELECT count(DISTINCT _dlt_load_id) AS loads, count(*) AS n FROM whole")).toEqual([
      { loads: 1, n: 12 },
    ]);
    const [epochs] = await machine.query("SELECT count(DISTINCT _dlt_load_id) AS loads FROM events");
    expect(Number(epochs?.["loads"])).toBeGreaterThan(1);
  });

  test("with the epoch in which it ends, and its state only then", async () => {
    const machine = await newMachine();
    const p = machine.pipeline();
    let tell: () => void = () => undefined;
    const isLate = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const slow = resource({ name: "slow" }, async function* ({ state }) {
      state["seen"] = true;
      yield [{ id: 1 }];
      await isLate;
      throw new Error("out of reach");
    });
    const events = resource({ name: "events" }, async function* (context) {
      for (let page = 0; page < 12; page++) {
        if (page === 9) tell();
        yield [{ page }];
        context.checkpoint();
      }
    });
    const shop = source({ name: "shop" }, () => [events, slow]);
    await expect(p.run(shop(), { checkpoint: { everyRows: 2 } })).rejects.toMatchObject({ code: "RESOURCE_FAILED" });
    expect(Number((await machine.query("SELECT count(*) AS n FROM events"))[0]?.["n"])).toBeGreaterThan(1);
    expect(p.state.sources["shop"]?.resources?.["slow"]).toBeUndefined();
    expect(p.defaultSchema?.tables["slow"]?.columns["id"]).toBeUndefined();
  });
});

describe("transformers are cut with the resource that feeds them", () => {
  test.each([false, true])("parallelized: %s", async (parallelized) => {
    const machine = await newMachine();
    const p = machine.pipeline();
    const details = transformer({ name: "details", parallelized }, async (row: unknown, { state }) => {
      state["calls"] = Number(state["calls"] ?? 0) + 1;
      await new Promise<void>((resolve) => setImmediate(resolve));
      return { of: (row as { id: number }).id };
    });
    const failing = counted("events", 12, { failsAt: 9 });
    const run = (events: Resource) => p.run([events, events.pipe(details)], { checkpoint: { everyRows: 80 } });
    await expect(run(failing)).rejects.toMatchObject({ code: "RESOURCE_FAILED" });
    const resources = p.state.sources["shop"]?.resources as Record<string, Record<string, unknown>>;
    const loaded = Number(resources["events"]?.["next"]) * 10;
    expect(loaded).toBeGreaterThanOrEqual(40);
    // The calls that were kept are those for the rows that were kept.
    expect(resources["details"]?.["calls"]).toBe(loaded);
    await run(counted("events", 12));
    const sql = "SELECT count(*) AS n, count(DISTINCT of) AS ids FROM details";
    expect(await machine.query(sql)).toEqual([{ n: 120, ids: 120 }]);
  });
});

test("rows that go back are refused, and nothing of their epoch is kept", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  const rising = (pages: readonly (readonly number[])[]) =>
    resource({ name: "rising", incremental: incremental<number>("at", { rowOrder: "asc" }) }, async function* () {
      for (const page of pages) yield page.map((at) => ({ at }));
    });
  const run = p.run(rising([[1], [2], [5], [3]]), { checkpoint: { everyRows: 2 } });
  await expect(run).rejects.toMatchObject({ code: "CURSOR_OUT_OF_ORDER" });
  const loaded = await machine.query('SELECT "at" FROM rising ORDER BY 1');
  const cursor = p.state.sources["shop"]?.resources?.["rising"]?.incremental?.["at"];
  expect(cursor?.last_value).toBe(loaded.at(-1)?.["at"]);
});

test("options that make no sense are refused before anything is read", async () => {
  const p = (await newMachine()).pipeline();
  for (const options of [
    { checkpoint: { everyRows: 0 } },
    { checkpoint: { everyMs: Number.NaN } },
    { maxDurationMs: -1 },
    { maxDurationMs: Number.POSITIVE_INFINITY },
  ]) {
    await expect(p.run([{ id: 1 }], { tableName: "t", ...options })).rejects.toMatchObject({
      code: "RUN_OPTION_INVALID",
    });
  }
});

/** Lets other work go on. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("however a function is written, each row is loaded once", () => {
  const each = { checkpoint: { everyRows: 1 } };
  const forms: Readonly<Record<string, (page: number) => AsyncGenerator<unknown> | Generator<unknown>>> = {
    "rows of another iterable": function* (page) {
      yield* [{ id: page * 2 }, { id: page * 2 + 1 }];
    },
    "rows of another generator": async function* (page) {
      yield { id: page * 2 };
      await turn();
      yield { id: page * 2 + 1 };
    },
    "a page, and work behind it": async function* (page) {
      yield [{ id: page * 2 }, { id: page * 2 + 1 }];
      await turn();
    },
    "deferred work": function* (page) {
      yield async () => [{ id: page * 2 }];
      yield async () => [{ id: page * 2 + 1 }];
    },
  };

  test.each(Object.keys(forms))("%s", async (form) => {
    const machine = await newMachine();
    const made = (failsAt: number) =>
      resource({ name: "events" }, async function* ({ state, checkpoint }) {
        for (let page = Number(state["next"] ?? 0); page < 12; page++) {
          if (page === failsAt) {
            await turn();
            throw new Error("out of reach");
          }
          yield* forms[form]?.(page) ?? [];
          state["next"] = page + 1;
          checkpoint();
        }
      });
    await expect(machine.pipeline().run(made(8), each)).rejects.toMatchObject({ code: "RESOURCE_FAILED" });
    await machine.pipeline().run(made(-1), each);
    expect(await machine.query("SELECT count(*) AS n, count(DISTINCT id) AS ids FROM events")).toEqual([
      { n: 24, ids: 24 },
    ]);
  });
});

test("a transformer that fails ends the run at once, also at a checkpoint", async () => {
  const machine = await newMachine();
  const events = counted("events", 200);
  let failedMs = Number.NaN;
  const failing = transformer({ name: "failing" }, async (row: unknown) => {
    await turn();
    if ((row as { id: number }).id < 55) return [{ of: 1 }];
    failedMs = performance.now();
    throw new Error("out of reach");
  });
  const run = machine.pipeline().run([events, events.pipe(failing)], { checkpoint: { everyRows: 20 } });
  await expect(run).rejects.toMatchObject({ code: "RESOURCE_FAILED" });
  // Code that does not heed its signal is waited for for five seconds. There is none here.
  expect(performance.now() - failedMs).toBeLessThan(5_000);
});
