import { once } from "node:events";
import type { Destination } from "@dlt/core";
import { duckdb } from "@dlt/destination-duckdb";
import { expect, test } from "vitest";
import { incremental, resource, source } from "../src/index.js";
import { newMachine } from "./new-machine.js";

const animals = source({ name: "zoo" }, () => [resource({ name: "animals" }, () => [{ id: 1 }])]);
const drinks = source({ name: "bar" }, () => [resource({ name: "drinks" }, () => [{ id: 2 }])]);

test("the number of tables that are asked for by their names is a setting of the destination", async () => {
  const machine = await newMachine();
  const real = duckdb({ credentials: machine.database });
  const given: unknown[] = [];
  const connect: Destination["connect"] = async (config, options) => {
    given.push(options.infoTablesQueryThreshold);
    return await real.connect(config as Parameters<typeof real.connect>[0], options);
  };
  const env = { DESTINATION__DUCKDB__INFO_TABLES_QUERY_THRESHOLD: "2" };
  await machine.pipeline({ destination: { ...real, connect } }, { ...machine.runtime, env }).run(animals());
  expect(new Set(given)).toEqual(new Set([2]));
  expect(await machine.query("SELECT id FROM animals")).toEqual([{ id: 1 }]);
});

test("schemas can have a dataset each, with system tables of its own", async () => {
  const machine = await newMachine();
  const p = machine.pipeline({}, { ...machine.runtime, env: { USE_SINGLE_DATASET: "false" } });
  const info = await p.run([animals(), drinks()]);
  expect(p.defaultSchemaName).toBe("bar");
  expect(info.datasetName).toBe("data_zoo");
  expect(await machine.query("SELECT id FROM data.data.drinks")).toEqual([{ id: 2 }]);
  expect(await machine.query("SELECT id FROM data.data_zoo.animals")).toEqual([{ id: 1 }]);
  expect(await machine.query("SELECT schema_name FROM data.data._dlt_loads")).toEqual([{ schema_name: "bar" }]);
  expect(await machine.query("SELECT schema_name FROM data.data_zoo._dlt_loads")).toEqual([{ schema_name: "zoo" }]);
  await using sql = await p.sqlClient("zoo");
  expect(sql.dataset).toBe("data_zoo");
  await sql.close();
  await p.drop({ dataset: true });
  await expect(machine.query("SELECT id FROM data.data_zoo.animals")).rejects.toThrow();
});

test("the name of a dataset is normalized, a layout and the environment can change it", async () => {
  const machine = await newMachine();
  const env = { DATASET_NAME_LAYOUT: "Prefix_%s" };
  const p = machine.pipeline({ datasetName: "My Data" }, { ...machine.runtime, env });
  const info = await p.run([{ id: 1 }], { tableName: "t" });
  expect([p.datasetName, info.datasetName]).toEqual(["Prefix_My Data", "prefix_my_data"]);
});

test("an empty name is none: to a destination of files it would name all that is there", async () => {
  const machine = await newMachine();
  const rows = [{ id: 1 }];
  const unnamed = machine.pipeline({ datasetName: "" });
  expect((await unnamed.run(rows, { tableName: "t" })).datasetName).toBe("shop_dataset");
  expect((await unnamed.run(rows, { tableName: "t", datasetName: "other" })).datasetName).toBe("other");
  expect((await unnamed.run(rows, { tableName: "t", datasetName: "" })).datasetName).toBe("other");
});

test("tables that have rows in another dataset are there in a new one, whichever comes first", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  const table = (name: string) => resource({ name }, () => [{ id: 1, tags: ["a"] }]);
  await p.run([table("cats"), table("dogs")]);
  await p.run(table("dogs"), { datasetName: "second" });
  await p.run(table("cats"), { datasetName: "second" });
  const counts =
    "(SELECT count(*) FROM data.second.cats__tags) AS cats, (SELECT count(*) FROM data.second.dogs__tags) AS dogs";
  expect(await machine.query(`SELECT ${counts}`)).toEqual([{ cats: 1, dogs: 1 }]);
});

test("a staging dataset that would be the dataset itself is refused", async () => {
  const machine = await newMachine();
  const env = { DESTINATION__DUCKDB__STAGING_DATASET_NAME_LAYOUT: "data" };
  const failed = machine.pipeline({}, { ...machine.runtime, env }).run([{ id: 1 }], { tableName: "t" });
  await expect(failed).rejects.toMatchObject({ code: "DATASET_NAMES_EQUAL" });
});

test("SQL goes to the dataset", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  await p.run([{ id: 1, name: "Ada" }], { tableName: "users" });
  await using sql = await p.sqlClient();
  expect(await sql.executeSql("SELECT name FROM users WHERE id = %s", 1)).toEqual([["Ada"]]);
  expect((await sql.query("SELECT id, name FROM users")).columns).toEqual(["id", "name"]);
  expect(sql.qualified("users")).toContain('"users"');
});

test("load ids follow on those at the destination, whatever the clock says", async () => {
  const machine = await newMachine();
  const events = (count: number) =>
    resource({ name: "events", incremental: incremental("id", { initialValue: 0 }) }, () =>
      Array.from({ length: count }, (_, id) => ({ id })),
    );
  const nowMicros = () => machine.runtime.nowMicros() + 2n * 3_600_000_000n;
  const ahead = await machine.pipeline({}, { ...machine.runtime, nowMicros }).run(events(1));
  const warned = once(process, "warning") as Promise<[Error & { code?: string }]>;
  const behind = machine.pipeline({ pipelinesDir: `${machine.folder}/elsewhere` });
  const info = await behind.run(events(2));
  expect((await warned)[0].code).toBe("LOAD_ID_IN_FUTURE");
  expect(Number(info.loadsIds[0])).toBeGreaterThan(Number(ahead.loadsIds[0]));
  const again = await behind.run(events(3));
  expect(Number(again.loadsIds[0])).toBeGreaterThan(Number(info.loadsIds[0]));
});

test("what is local can be dropped although the destination is not installed", async () => {
  const machine = await newMachine();
  await machine.pipeline().extract([{ id: 1 }], { tableName: "t" });
  const p = machine.pipeline({ destination: "no_such_place" });
  expect(await p.dropPending()).toHaveLength(1);
  await p.drop();
  expect(p.state.version).toBe(0);
});

test("an info can be sent as JSON", async () => {
  const machine = await newMachine();
  const info = await machine.pipeline().run([{ id: 1 }], { tableName: "t" });
  const sent = JSON.parse(JSON.stringify(info)) as Record<string, unknown>;
  expect(sent).toMatchObject({
    pipeline: { pipeline_name: "shop" },
    loads_ids: info.loadsIds,
    first_run: true,
    destination_type: "dlt.destinations.duckdb",
    destination_name: "duckdb",
    dataset_name: "data",
    has_failed_jobs: false,
    load_packages: [{ load_id: info.loadsIds[0], state: "loaded", schema_name: "shop" }],
  });
});
