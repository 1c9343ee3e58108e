import { once } from "node:events";
import { type Resource, resource, source, transformer } from "@dlt/core";
import { describe, expect, test } from "vitest";
import { resourceState } from "../../src/current.js";
import type { Machine } from "../machine.js";
import { newMachine } from "../new-machine.js";
import { counted } from "./counted.js";
import { gate } from "./gate.js";

/** Lets other work go on. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Single rows whose next one is kept in a record. */
function sharing(
  name: string,
  options: {
    readonly rows: number;
    record(context: { readonly sourceState: Record<string, unknown> }): Record<string, unknown>;
    at?(row: number): Promise<void> | void;
  },
): Resource {
  const { rows, record, at } = options;
  return resource({ name }, async function* (context) {
    const kept = record(context);
    for (let row = Number(kept[name] ?? 0); row < rows; row++) {
      await at?.(row);
      yield [{ id: row }];
      kept[name] = row + 1;
      context.checkpoint();
    }
  });
}

const ofSource = ({ sourceState }: { readonly sourceState: Record<string, unknown> }) => sourceState;

async function expectEachOnce(machine: Machine, rows: Readonly<Record<string, number>>): Promise<void> {
  for (const [table, n] of Object.entries(rows))
    expect(await machine.query(`SELECT count(*) AS n, count(DISTINCT id) AS ids FROM ${table}`)).toEqual([
      { n, ids: n },
    ]);
}

describe("state of the source", () => {
  test("that only one resource uses is kept with its epochs", async () => {
    const machine = await newMachine();
    const p = machine.pipeline();
    const events = resource({ name: "events" }, async function* ({ sourceState, checkpoint }) {
      for (let page = 0; page < 9; page++) {
        if (page === 7) throw new Error("out of reach");
        yield [{ page }];
        sourceState["page"] = page;
        checkpoint();
      }
    });
    await expect(p.run(events, { checkpoint: { everyRows: 2 } })).rejects.toMatchObject({ code: "RESOURCE_FAILED" });
    const [loaded] = await machine.query("SELECT max(page) AS page, count(*) AS n FROM events");
    expect(loaded?.["page"]).toBeGreaterThanOrEqual(4);
    expect(loaded?.["n"]).toBe(Number(loaded?.["page"]) + 1);
    expect(p.state.sources["shop"]?.["page"]).toBe(loaded?.["page"]);
  });

  test("that only a transformer uses is that of the rows before", async () => {
    const machine = await newMachine();
    const p = machine.pipeline();
    const calls = transformer({ name: "calls" }, async (row: unknown, { sourceState }) => {
      await turn();
      sourceState["calls"] = Number(sourceState["calls"] ?? 0) + 1;
      return { of: (row as { id: number }).id };
    });
    const events = counted("events", 12, { failsAt: 9 });
    await expect(p.run([events, events.pipe(calls)], { checkpoint: { everyRows: 10 } })).rejects.toMatchObject({
      code: "RESOURCE_FAILED",
    });
    const [loaded] = await machine.query("SELECT count(*) AS n FROM calls");
    expect(loaded?.["n"]).toBeGreaterThan(0);
    expect(p.state.sources["shop"]?.["calls"]).toBe(loaded?.["n"]);
  });

  test("that several resources use is kept when all have ended", async () => {
    const machine = await newMachine();
    const p = machine.pipeline();
    const sharing = (name: string, failsAt: number) =>
      resource({ name }, async function* ({ sourceState, checkpoint }) {
        for (let page = Number(sourceState[name] ?? 0); page < 8; page++) {
          if (page === failsAt) throw new Error("out of reach");
          yield [{ id: page }];
          sourceState[name] = page + 1;
          checkpoint();
        }
      });
    const shop = (failsAt: number) => source({ name: "shop" }, () => [sharing("a", failsAt), sharing("b", failsAt)])();
    await expect(p.run(shop(6), { checkpoint: { everyRows: 1 } })).rejects.toMatchObject({ code: "RESOURCE_FAILED" });
    const info = await p.run(shop(-1), { checkpoint: { everyRows: 1 } });
    expect(info.uncutResources.map(({ reason }) => reason)).toContain(
      "several resources use the state of the source: `a`, `b`",
    );
    for (const table of ["a", "b"]) {
      expect(await machine.query(`SELECT count(*) AS n, count(DISTINCT id) AS ids FROM ${table}`)).toEqual([
        { n: 8, ids: 8 },
      ]);
    }
  });

  test("that several resources use is not kept without the rows of one that ends early", async () => {
    const machine = await newMachine();
    const p = machine.pipeline();
    const shop = (failsAt: number) => {
      const ended = gate();
      const early = sharing("early", { rows: 3, record: ofSource });
      const late = sharing("late", {
        rows: 8,
        record: ofSource,
        at: async (row) => {
          if (row === 4) await ended.opened;
          if (row === failsAt) throw new Error("out of reach");
        },
      });
      const noted = early.addMap((row) => {
        if ((row as { id: number }).id === 2) ended.open();
        return row;
      });
      if (failsAt < 0) ended.open();
      return source({ name: "shop" }, () => [noted, late])();
    };
    await expect(p.run(shop(7), { checkpoint: { everyRows: 1 } })).rejects.toMatchObject({ code: "RESOURCE_FAILED" });
    await p.run(shop(-1), { checkpoint: { everyRows: 1 } });
    await expectEachOnce(machine, { early: 3, late: 8 });
  });

  test("is that of the rows before, also when another resource begins to use it", async () => {
    const machine = await newMachine();
    const p = machine.pipeline();
    const shop = (hangs: boolean) => {
      const [used, joined] = [gate(), gate()];
      if (!hangs) used.open();
      const first = resource({ name: "first" }, async function* ({ sourceState, checkpoint, signal }) {
        for (let row = Number(sourceState["first"] ?? 0); row < 5; row++) {
          yield [{ id: row }];
          sourceState["first"] = row + 1;
          checkpoint();
          if (row === 3) used.open();
        }
        if (!hangs) return;
        await joined.opened;
        await once(signal, "abort");
      });
      const second = resource({ name: "second" }, async function* (context) {
        await used.opened;
        context.sourceState["second"] = true;
        yield [{ id: 1 }];
        joined.open();
        if (hangs) await once(context.signal, "abort");
      });
      return source({ name: "shop" }, () => [first, second])();
    };
    const stopped = await p.run(shop(true), { checkpoint: { everyRows: 1_000 }, maxDurationMs: 500 });
    expect(stopped.canBeContinued).toBe(true);
    expect(stopped.uncutResources).toHaveLength(2);
    const [loaded] = await machine.query("SELECT count(*) AS n FROM first");
    expect(loaded?.["n"]).toBeGreaterThan(0);
    expect(p.state.sources["shop"]).toMatchObject({ first: loaded?.["n"] });
    await p.run(shop(false), { checkpoint: { everyRows: 1_000 } });
    await expectEachOnce(machine, { first: 5, second: 1 });
  });
});

describe("state of another name", () => {
  const ofHelper = () => resourceState("helper");
  const failing = (failsAt: number) => (row: number) => {
    if (row === failsAt) throw new Error("out of reach");
  };

  test("is kept with the epochs of the only resource that uses it", async () => {
    const machine = await newMachine();
    const p = machine.pipeline();
    const run = (failsAt: number) =>
      p.run(sharing("events", { rows: 8, record: ofHelper, at: failing(failsAt) }), { checkpoint: { everyRows: 1 } });
    await expect(run(6)).rejects.toMatchObject({ code: "RESOURCE_FAILED" });
    const [loaded] = await machine.query("SELECT count(*) AS n FROM events");
    expect(loaded?.["n"]).toBeGreaterThan(0);
    expect(p.state.sources["shop"]?.resources?.["helper"]).toEqual({ events: loaded?.["n"] });
    expect((await run(-1)).uncutResources).toEqual([]);
    await expectEachOnce(machine, { events: 8 });
  });

  test("keeps its own resource from being cut", async () => {
    const machine = await newMachine();
    const p = machine.pipeline();
    const run = async (failsAt: number) => {
      const used = gate();
      const helper = sharing("helper", {
        rows: 8,
        record: () => resourceState(),
        at: async (row) => {
          if (row === 4) await used.opened;
        },
      });
      const events = sharing("events", {
        rows: 8,
        record: () => {
          used.open();
          return resourceState("helper");
        },
        at: failing(failsAt),
      });
      return await p.run(source({ name: "shop" }, () => [helper, events])(), { checkpoint: { everyRows: 1 } });
    };
    await expect(run(6)).rejects.toMatchObject({ code: "RESOURCE_FAILED" });
    const { uncutResources } = await run(-1);
    expect(uncutResources.map(({ reason }) => reason)).toEqual(
      Array.from({ length: 2 }, () => "several resources use the state of `helper`: `helper`, `events`"),
    );
    await expectEachOnce(machine, { helper: 8, events: 8 });
  });
});
