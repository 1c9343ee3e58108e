import { rm } from "node:fs/promises";
import { join } from "node:path";
import { duckdb } from "@dlt/destination-duckdb";
import { expect, test } from "vitest";
import { incremental, type PipelineRuntime, resource, source } from "../src/index.js";
import { newMachine } from "./new-machine.js";

/** Events numbered from 0, loaded incrementally. */
const events = (count: number, more: object = {}) =>
  resource({ name: "events", primaryKey: "id", incremental: incremental("id", { initialValue: 0 }) }, () =>
    Array.from({ length: count }, (_, id) => ({ id, ...more })),
  );
const ids = (count: number) => Array.from({ length: count }, (_, id) => ({ id }));

test("a fresh folder takes state and schema from the destination", async () => {
  const machine = await newMachine();
  await machine.pipeline().run(events(3, { name: "a" }));
  await rm(machine.pipelinesDir, { recursive: true });
  const p = machine.pipeline();
  expect(p.firstRun).toBe(true);
  expect(p.defaultSchema).toBeNull();
  const info = await p.run(events(5, { name: "a" }));
  expect(info.firstRun).toBe(false);
  expect(info.loadPackages[0]?.schemaUpdate).toEqual({});
  expect(await machine.query("SELECT id FROM events ORDER BY id")).toEqual(ids(5));
  expect(await machine.query("SELECT count(*) AS versions FROM _dlt_version")).toEqual([{ versions: 1 }]);
});

test("a second machine goes on where the first one is, and the other way round", async () => {
  const one = await newMachine();
  const two = await newMachine({ database: one.database });
  await one.pipeline().run(events(2));
  await two.pipeline().run(events(4, { name: "b" }));
  await one.pipeline().run(events(6));
  const p = two.pipeline();
  await p.sync();
  expect(p.state.sources["shop"]?.resources?.["events"]?.incremental?.["id"]?.last_value).toBe(5);
  expect(Object.keys(p.defaultSchema?.tables["events"]?.columns ?? {})).toContain("name");
  expect(await one.query("SELECT id FROM events ORDER BY id")).toEqual(ids(6));
  expect(await one.query("SELECT count(DISTINCT version) = count(*) AS once FROM _dlt_pipeline_state")).toEqual([
    { once: true },
  ]);
});

test("a pipeline object asks the destination once", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  await p.run(events(2));
  await p.run(events(3));
  expect(p.lastTrace?.steps.map((step) => step.step)).toEqual(["extract", "normalize", "load", "run"]);
});

test("when the dataset is gone the pipeline starts anew", async () => {
  const machine = await newMachine();
  await machine.pipeline().run(events(3));
  const dropped = machine.pipeline();
  await using sql = await dropped.sqlClient();
  await sql.executeSql("DROP SCHEMA data CASCADE");
  await sql.close();
  const p = machine.pipeline();
  await p.run(events(3));
  expect(await machine.query("SELECT id FROM events ORDER BY id")).toEqual(ids(3));
});

test("dropping what is local keeps the destination; dropping the dataset does not", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  await p.run(events(3));
  await p.drop();
  expect(p.firstRun).toBe(true);
  expect(p.schemaNames).toEqual([]);
  await p.run(events(4));
  expect(await machine.query("SELECT id FROM events ORDER BY id")).toEqual(ids(4));
  await p.drop({ dataset: true });
  await p.run(events(2));
  expect(await machine.query("SELECT id FROM events ORDER BY id")).toEqual(ids(2));
});

test("in dev mode each pipeline object has a dataset of its own and starts anew", async () => {
  const machine = await newMachine();
  await machine.pipeline().run(events(2));
  const nowMicros = () => BigInt(Date.UTC(2026, 0, 31, 3, 15, 0)) * 1000n;
  const dev = machine.pipeline({ devMode: true }, { ...machine.runtime, nowMicros });
  await dev.run(events(3));
  expect(dev.datasetName).toMatch(/^data_2026\d{10}$/);
  await dev.run(events(4));
  expect(await machine.query(`SELECT id FROM "${dev.datasetName}".events ORDER BY id`)).toEqual(ids(4));
  const real = machine.pipeline();
  await real.run(events(3));
  expect(real.datasetName).toBe("data");
  expect(await machine.query("SELECT id FROM events ORDER BY id")).toEqual(ids(3));
});

test("the dataset is named after the pipeline, and a name that was given stays", async () => {
  const machine = await newMachine();
  const options = {
    pipelineName: "names",
    destination: duckdb({ credentials: machine.database }),
    pipelinesDir: machine.pipelinesDir,
  };
  const { pipeline } = await import("../src/index.js");
  const unnamed = pipeline(options, machine.runtime);
  await unnamed.run([{ id: 1 }], { tableName: "t" });
  expect(unnamed.datasetName).toBe("names_dataset");
  const other = pipeline({ ...options, pipelineName: "other" }, machine.runtime);
  await other.run([{ id: 1 }], { tableName: "t", datasetName: "mine" });
  expect(pipeline({ ...options, pipelineName: "other" }, machine.runtime).datasetName).toBe("mine");
});

test("state and schemas can be looked at without running", async () => {
  const machine = await newMachine();
  await machine.pipeline().run(events(3));
  const p = machine.pipeline();
  expect(p.state.pipelineName).toBe("shop");
  expect(p.state.destinationType).toBe("dlt.destinations.duckdb");
  expect(p.state.sources["shop"]?.resources?.["events"]?.incremental?.["id"]).toMatchObject({
    initial_value: 0,
    last_value: 2,
  });
  expect(p.defaultSchema?.tables["events"]?.columns["id"]?.dataType).toBe("bigint");
  expect(p.workingDir).toBe(join(machine.pipelinesDir, "shop"));
  expect(p.lastTrace?.lastLoadInfo?.rowCounts).toEqual({ events: 3 });
});

test("of the packages of an extract the one with the state is loaded last: a machine that is lost before loses no rows", async () => {
  const machine = await newMachine();
  const sources = () =>
    ["first", "second"].map((name) =>
      source({ name }, () => [
        resource({ name: `${name}_rows`, incremental: incremental("id", { initialValue: 0 }) }, () => [{ id: 1 }]),
      ])(),
    );
  const dying: PipelineRuntime = {
    ...machine.runtime,
    reached: (point) => {
      if (point === "load.package.committed") throw new Error("The machine is gone.");
    },
  };
  await expect(machine.pipeline({}, dying).run(sources())).rejects.toThrow("The machine is gone.");
  await rm(machine.pipelinesDir, { recursive: true });
  await machine.pipeline().run(sources());
  const rows = await machine.queryAll({
    first: "SELECT DISTINCT id FROM first_rows",
    second: "SELECT DISTINCT id FROM second_rows",
  });
  expect(rows).toEqual({ first: [{ id: 1 }], second: [{ id: 1 }] });
});
