import { inspect } from "node:util";
import { expect, test } from "vitest";
import { incremental, resource, source } from "../src/index.js";
import { newMachine } from "./new-machine.js";

const people = [
  { id: 1, name: "Ada", tags: ["a", "b"], address: { city: "London" } },
  { id: 2, name: "Bob", tags: [], address: { city: "Oslo" } },
];

test("rows go into typed tables, lists into tables of their own", async () => {
  const machine = await newMachine();
  const info = await machine.pipeline().run(people, { tableName: "users" });
  expect(await machine.query("SELECT id, name, address__city FROM users ORDER BY id")).toEqual([
    { id: 1, name: "Ada", address__city: "London" },
    { id: 2, name: "Bob", address__city: "Oslo" },
  ]);
  expect(
    await machine.query(
      "SELECT u.name, t.value FROM users u JOIN users__tags t ON t._dlt_parent_id = u._dlt_id ORDER BY t._dlt_list_idx",
    ),
  ).toEqual([
    { name: "Ada", value: "a" },
    { name: "Ada", value: "b" },
  ]);
  expect(info.hasFailedJobs).toBe(false);
  expect(info.loadsIds).toHaveLength(1);
  expect(info.firstRun).toBe(true);
  expect(info.loadPackages[0]?.tableRows).toEqual([
    { name: "users", parent: null, rowCount: 2 },
    { name: "users__tags", parent: "users", rowCount: 2 },
  ]);
});

test("system tables have one row for each load, schema version and state", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  const info = await p.run(people, { tableName: "users" });
  const [loadId] = info.loadsIds;
  expect(loadId).toMatch(/^\d{10}\.\d{6}$/);
  const hash = p.defaultSchema?.versionHash;
  expect(await machine.query("SELECT load_id, schema_name, status, schema_version_hash FROM _dlt_loads")).toEqual([
    { load_id: loadId, schema_name: "shop", status: 0, schema_version_hash: hash },
  ]);
  expect(await machine.query("SELECT version, engine_version, schema_name, version_hash FROM _dlt_version")).toEqual([
    { version: p.defaultSchema?.version, engine_version: 11, schema_name: "shop", version_hash: hash },
  ]);
  expect(
    await machine.query(
      "SELECT version, engine_version, pipeline_name, version_hash, _dlt_load_id FROM _dlt_pipeline_state",
    ),
  ).toEqual([
    {
      version: p.state.version,
      engine_version: 4,
      pipeline_name: "shop",
      version_hash: p.state.versionHash,
      _dlt_load_id: loadId,
    },
  ]);
  expect(await machine.query("SELECT DISTINCT _dlt_load_id FROM users")).toEqual([{ _dlt_load_id: loadId }]);
  await p.run(people, { tableName: "users" });
  expect(await machine.query("SELECT count(*) AS loads FROM _dlt_loads")).toEqual([{ loads: 2 }]);
  expect(await machine.query("SELECT count(*) AS versions FROM _dlt_version")).toEqual([{ versions: 1 }]);
  expect(await machine.query("SELECT count(*) AS states FROM _dlt_pipeline_state")).toEqual([{ states: 1 }]);
});

test("append adds, replace puts in place of what was, with nested rows", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  await p.run(people, { tableName: "users" });
  await p.run(people, { tableName: "users" });
  expect(
    await machine.query("SELECT count(*) AS users, (SELECT count(*) FROM users__tags) AS tags FROM users"),
  ).toEqual([{ users: 4, tags: 4 }]);
  await p.run([{ id: 3, name: "Eve" }], { tableName: "users", writeDisposition: "replace" });
  expect(await machine.query("SELECT id, name FROM users")).toEqual([{ id: 3, name: "Eve" }]);
  expect(await machine.query("SELECT count(*) AS tags FROM users__tags")).toEqual([{ tags: 0 }]);
});

test("a replaced resource without rows empties its table", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  const countries = (rows: readonly object[]) =>
    resource({ name: "countries", writeDisposition: "replace" }, () => rows);
  await p.run(countries([{ code: "no" }]));
  expect(await machine.query("SELECT code FROM countries")).toEqual([{ code: "no" }]);
  await p.run(countries([]));
  expect(await machine.query("SELECT count(*) AS countries FROM countries")).toEqual([{ countries: 0 }]);
});

test("a new field becomes a column, and the info names it", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  const first = await p.run([{ id: 1 }], { tableName: "users" });
  expect(first.loadPackages[0]?.schemaUpdate["users"]?.columns["id"]?.dataType).toBe("bigint");
  const second = await p.run([{ id: 2, height: 1.8, born: "2001-02-03T04:05:06Z" }], { tableName: "users" });
  const columns = second.loadPackages[0]?.schemaUpdate["users"]?.columns ?? {};
  expect(Object.values(columns).map(({ name, dataType }) => [name, dataType])).toEqual([
    ["height", "double"],
    ["born", "timestamp"],
  ]);
  expect(String(second)).toContain("users (2 new columns): height double, born timestamp");
  const third = await p.run([{ id: "three" }], { tableName: "users" });
  expect(Object.keys(third.loadPackages[0]?.schemaUpdate["users"]?.columns ?? {})).toEqual(["id__v_text"]);
  expect(await machine.query("SELECT id, height, id__v_text FROM users ORDER BY id NULLS LAST")).toEqual([
    { id: 1, height: null, id__v_text: null },
    { id: 2, height: 1.8, id__v_text: null },
    { id: null, height: null, id__v_text: "three" },
  ]);
  const fourth = await p.run([{ id: 4 }], { tableName: "users" });
  expect(fourth.loadPackages[0]?.schemaUpdate).toEqual({});
});

test("several sources have a schema and a package each", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  const zoo = source({ name: "zoo" }, () => [resource({ name: "animals" }, () => [{ id: 1 }])]);
  const bar = source({ name: "bar" }, () => [resource({ name: "drinks" }, () => [{ id: 2, parts: [{ of: "gin" }] }])]);
  const info = await p.run([zoo(), bar()]);
  expect(info.loadPackages.map((each) => each.schemaName)).toEqual(["bar", "zoo"]);
  expect(p.schemaNames).toEqual(["bar", "zoo"]);
  expect(p.defaultSchemaName).toBe("bar");
  expect(await machine.query("SELECT schema_name FROM _dlt_loads ORDER BY load_id")).toEqual([
    { schema_name: "bar" },
    { schema_name: "zoo" },
  ]);
  expect(await machine.query("SELECT of FROM drinks__parts")).toEqual([{ of: "gin" }]);
});

test("an incremental resource loads what is new", async () => {
  const machine = await newMachine();
  const events = (count: number) =>
    resource({ name: "events", primaryKey: "id", incremental: incremental("at", { initialValue: 0 }) }, function* () {
      yield Array.from({ length: count }, (_, index) => ({ id: index, at: Math.floor(index / 2) }));
    });
  const p = machine.pipeline();
  await p.run(events(5));
  expect(p.state.sources["shop"]?.resources?.["events"]?.incremental?.["at"]?.last_value).toBe(2);
  await p.run(events(8));
  expect(await machine.query("SELECT id FROM events ORDER BY id")).toEqual(
    [0, 1, 2, 3, 4, 5, 6, 7].map((id) => ({ id })),
  );
  const nothing = await p.run(events(8));
  expect(nothing.isEmpty).toBe(true);
  expect(nothing.loadsIds).toEqual([]);
});

test("options of one call: format, workers, nesting", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  const rows = [{ id: 1, a: [{ b: [{ c: 1 }] }] }];
  const info = await p.run(rows, { tableName: "deep", loaderFileFormat: "jsonl", workers: 2, maxTableNesting: 1 });
  const jobs = info.loadPackages[0]?.jobs.completedJobs ?? [];
  expect(jobs.filter((job) => !job.tableName.startsWith("_dlt")).map((job) => job.fileFormat)).toEqual([
    "jsonl",
    "jsonl",
  ]);
  expect(Object.keys(p.defaultSchema?.tables ?? {}).filter((name) => name.startsWith("deep"))).toEqual([
    "deep",
    "deep__a",
  ]);
  expect(await machine.query("SELECT b FROM deep__a")).toEqual([{ b: '[{"c":1}]' }]);
});

test("the info reads well", async () => {
  const machine = await newMachine();
  const info = await machine.pipeline().run(people, { tableName: "users" });
  const text = String(info);
  expect(text.replaceAll(/\d+\.\d{6}/g, "<load id>").replace(/in [\d.]+ seconds?/, "in <time>")).toBe(
    [
      "Pipeline shop load step completed in <time>",
      "1 load package(s) were loaded to destination duckdb and into dataset data",
      `The duckdb destination used duckdb:///${machine.database} location to store data`,
      "Load package <load id> is LOADED and contains no failed jobs",
      "Rows:",
      "  users            2",
      "  └─ users__tags   2",
      "Schema changes:",
      "  users (new table): id bigint, name text, address__city text",
      "  users__tags (new table): value text",
    ].join("\n"),
  );
  expect(inspect(info)).toBe(text);
});
