import { expect, test } from "vitest";
import { incremental, type PipelineRuntime, type RefreshMode, resource, source } from "../src/index.js";
import type { PipelinePoint } from "../src/points.js";
import type { Machine } from "./machine.js";
import { newMachine } from "./new-machine.js";

const ids = (count: number) => Array.from({ length: count }, (_, id) => ({ id }));

const events = (count: number, { fails = false } = {}) =>
  resource({ name: "events", incremental: incremental("id", { initialValue: 0 }) }, function* () {
    yield Array.from({ length: count }, (_, id) => ({ id, tags: [id] }));
    if (fails) throw new Error("no more");
  });
const shop = source({ name: "shop" }, (_config, { count, fails = false }: { count: number; fails?: boolean }) => [
  events(count, { fails }),
  resource({ name: "notes" }, ({ state, sourceState }) => {
    state["n"] = 1;
    sourceState["players"] = ["a"];
    return [{ text: `note ${count}` }];
  }),
]);

const counts = async (machine: Machine) =>
  (
    await machine.query(
      "SELECT (SELECT count(*) FROM events) AS events, (SELECT count(*) FROM events__tags) AS tags, (SELECT count(*) FROM notes) AS notes",
    )
  )[0];

test("each mode forgets its part of tables and state", async () => {
  const expected: Readonly<Record<RefreshMode, object>> = {
    drop_sources: { players: undefined, n: undefined, last: 2 },
    drop_resources: { players: ["a"], n: 1, last: 2 },
    drop_data: { players: ["a"], n: 1, last: 2 },
  };
  for (const [refresh, state] of Object.entries(expected) as [RefreshMode, object][]) {
    const machine = await newMachine();
    const p = machine.pipeline();
    await p.run(shop({ count: 2 }));
    await p.run(shop({ count: 3 }).withResources("events"), { refresh });
    const { resources, ...others } = p.state.sources["shop"] ?? {};
    expect({
      players: others["players"],
      n: resources?.["notes"]?.["n"],
      last: resources?.["events"]?.incremental?.["id"]?.last_value,
    }).toEqual(state);
    expect(await machine.query("SELECT id FROM events ORDER BY id")).toEqual(ids(3));
    expect(await machine.query("SELECT count(*) AS n FROM events__tags")).toEqual([{ n: 3 }]);
    const notes = machine.query("SELECT count(*) AS n FROM notes");
    if (refresh === "drop_sources") await expect(notes).rejects.toThrow("notes");
    else expect(await notes).toEqual([{ n: 1 }]);
  }
});

test("a refresh of the first run, and one that is switched off, forget nothing", async () => {
  const machine = await newMachine();
  const p = machine.pipeline({ refresh: "drop_sources" });
  await p.run(shop({ count: 2 }));
  await p.run(shop({ count: 3 }), { refresh: null });
  expect(await counts(machine)).toEqual({ events: 3, tags: 3, notes: 2 });
  await p.run(shop({ count: 4 }));
  expect(await counts(machine)).toEqual({ events: 4, tags: 4, notes: 1 });
});

test("the configuration says it too, and is checked", async () => {
  const machine = await newMachine();
  await machine.pipeline().run(shop({ count: 2 }));
  const env = { PIPELINES__SHOP__REFRESH: "drop_data" };
  await machine.pipeline({}, { ...machine.runtime, env }).run(shop({ count: 2 }));
  expect(await counts(machine)).toEqual({ events: 2, tags: 2, notes: 1 });
  const wrong = machine.pipeline().run(shop({ count: 2 }), { refresh: "all" as RefreshMode });
  await expect(wrong).rejects.toMatchObject({ code: "CONFIG_VALUE_INVALID" });
});

test("an extract that fails forgets nothing", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  await p.run(shop({ count: 2 }));
  const { state, defaultSchema } = p;
  await expect(p.run(shop({ count: 3, fails: true }), { refresh: "drop_sources" })).rejects.toThrow("no more");
  expect([p.state, p.defaultSchema]).toEqual([state, defaultSchema]);
  await p.run(shop({ count: 3 }).withResources("events"));
  expect(await counts(machine)).toEqual({ events: 3, tags: 3, notes: 1 });
});

test("a resource that gives nothing keeps its rows with `drop_data`, and loses its table otherwise", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  await p.run(shop({ count: 2 }));
  await p.run(shop({ count: 0 }).withResources("events"), { refresh: "drop_data" });
  expect(await machine.query("SELECT count(*) AS n FROM events")).toEqual([{ n: 2 }]);
  await p.run(shop({ count: 0 }).withResources("events"), { refresh: "drop_resources" });
  await expect(machine.query("SELECT count(*) AS n FROM events")).rejects.toThrow("events");
  expect(Object.keys(p.defaultSchema?.tables ?? {})).not.toContain("events__tags");
});

test("a table without nested rows this time is truncated with its nested table", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  await p.run(shop({ count: 2 }));
  const flat = resource({ name: "events" }, () => [{ id: 7 }]);
  await p.run(source({ name: "shop" }, () => [flat])(), { refresh: "drop_data" });
  expect(await counts(machine)).toEqual({ events: 1, tags: 0, notes: 1 });
});

test("an extract with pending packages is refused", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  await p.extract(shop({ count: 2 }));
  const refused = p.extract(shop({ count: 2 }), { refresh: "drop_sources" });
  await expect(refused).rejects.toMatchObject({ code: "REFRESH_WITH_PENDING_PACKAGES" });
  await p.run(shop({ count: 2 }), { refresh: "drop_sources" });
  expect(await counts(machine)).toEqual({ events: 2, tags: 2, notes: 1 });
});

test("a dry run shows what is dropped, and the tables as new", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  await p.run(shop({ count: 2 }));
  const info = await p.run(shop({ count: 2 }), { dryRun: true, refresh: "drop_resources" });
  expect(info.statements.filter((text) => text.startsWith("DROP TABLE"))).toHaveLength(3);
  expect(Object.keys(info.schemaUpdate)).toEqual(expect.arrayContaining(["events", "events__tags", "notes"]));
  expect(await counts(machine)).toEqual({ events: 2, tags: 2, notes: 1 });
});

test("each schema forgets in its own dataset", async () => {
  const machine = await newMachine();
  const p = machine.pipeline({ useSingleDataset: false, datasetNameLayout: "my_%s", datasetName: "x" });
  const zoo = source({ name: "zoo" }, () => [events(2)]);
  await p.run([shop({ count: 2 }), zoo()]);
  await p.run(zoo(), { refresh: "drop_resources" });
  expect(await machine.query("SELECT count(*) AS n FROM data.my_x.events")).toEqual([{ n: 2 }]);
  expect(await machine.query("SELECT count(*) AS n FROM data.my_x_zoo.events")).toEqual([{ n: 2 }]);
  expect(p.state.sources["shop"]?.resources?.["notes"]).toEqual({ n: 1 });
  const versions = (dataset: string) => machine.query(`SELECT schema_name FROM data.${dataset}._dlt_version`);
  expect(await versions("my_x")).toEqual([{ schema_name: "shop" }]);
  expect(await versions("my_x_zoo")).toEqual([{ schema_name: "zoo" }]);
});

/** A runtime in which the run dies at a point. */
function dyingAt(point: PipelinePoint, runtime: PipelineRuntime): PipelineRuntime {
  const reached = (reachedPoint: PipelinePoint) => {
    if (reachedPoint === point) throw new Error("died");
  };
  return { ...runtime, reached };
}

test.each(["drop_sources", "drop_resources", "drop_data"] as const)(
  "%s: dropped before the destination heard of it, everything is as before",
  async (refresh) => {
    const machine = await newMachine();
    await machine.pipeline().run(shop({ count: 2 }));
    const before = machine.pipeline().state.sources;
    const dying = machine.pipeline({}, dyingAt("load.plan.made", machine.runtime));
    await expect(dying.run(shop({ count: 3 }), { refresh })).rejects.toThrow("died");
    const p = machine.pipeline();
    expect(await p.dropPending()).toHaveLength(1);
    expect(p.state.sources).toEqual(before);
    await p.run(shop({ count: 4 }).withResources("events"));
    expect(await counts(machine)).toEqual({ events: 4, tags: 4, notes: 1 });
  },
);

test.each(
  (["drop_sources", "drop_resources", "drop_data"] as const).flatMap((refresh) =>
    (["load.reset.begun", "load.prepared"] as const).map((point) => [refresh, point] as const),
  ),
)("%s: dropped after %s, the rows that are gone are fetched again", async (refresh, point) => {
  const machine = await newMachine();
  await machine.pipeline().run(shop({ count: 2 }));
  const dying = machine.pipeline({}, dyingAt(point, machine.runtime));
  await expect(dying.run(shop({ count: 3 }), { refresh })).rejects.toThrow("died");
  const p = machine.pipeline();
  expect(await p.dropPending()).toHaveLength(1);
  await p.run(shop({ count: 4 }));
  expect(await counts(machine)).toEqual({ events: 4, tags: 4, notes: 1 });
});
