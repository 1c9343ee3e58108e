import { access, rm } from "node:fs/promises";
import { join } from "node:path";
import { bumpVersion, formatSchema, newSchema, updateTable } from "@dlt/core/engine";
import { duckdb } from "@dlt/destination-duckdb";
import { expect, test } from "vitest";
import { attach, resource, source } from "../src/index.js";
import { newMachine } from "./new-machine.js";

const counted = resource({ name: "rows" }, ({ state }) => {
  const n = Number(state["n"] ?? 0) + 1;
  state["n"] = n;
  return [{ n }];
});

test("attach opens the working folder of a pipeline", async () => {
  const machine = await newMachine();
  const { pipelinesDir, runtime } = machine;
  await machine.pipeline().run(counted);
  const destination = duckdb({ credentials: machine.database });
  const p = await attach("shop", { pipelinesDir, destination }, runtime);
  expect([p.datasetName, p.state.sources["shop"]?.resources?.["rows"]]).toEqual(["data", { n: 1 }]);
  await p.run(counted);
  expect(await machine.query("SELECT n FROM rows ORDER BY n")).toEqual([{ n: 1 }, { n: 2 }]);
});

test("attach keeps what `devMode` would forget", async () => {
  const machine = await newMachine();
  const { pipelinesDir, runtime } = machine;
  const dev = machine.pipeline({ devMode: true });
  await dev.run(counted);
  const destination = duckdb({ credentials: machine.database });
  const env = { DATASET_NAME: "other" };
  const p = await attach("shop", { pipelinesDir, destination }, { ...runtime, env });
  await p.run(counted);
  expect(p.datasetName).toBe(dev.datasetName);
  expect(await machine.query(`SELECT n FROM "${dev.datasetName}".rows ORDER BY n`)).toEqual([{ n: 1 }, { n: 2 }]);
});

test("attach takes the state from the destination where there is no folder", async () => {
  const machine = await newMachine();
  const { pipelinesDir, runtime } = machine;
  await machine.pipeline().run(counted);
  await rm(pipelinesDir, { recursive: true });
  const destination = duckdb({ credentials: machine.database });
  const p = await attach("shop", { pipelinesDir, destination, datasetName: "data" }, runtime);
  expect([p.firstRun, p.state.sources["shop"]?.resources?.["rows"]]).toEqual([false, { n: 1 }]);
});

test("attach leaves nothing behind when there is nothing to attach to", async () => {
  const machine = await newMachine();
  const { pipelinesDir, runtime } = machine;
  const notFound = { code: "PIPELINE_NOT_FOUND" };
  await expect(attach("shop", { pipelinesDir }, runtime)).rejects.toMatchObject(notFound);
  const destination = duckdb({ credentials: machine.database });
  await expect(attach("shop", { pipelinesDir, destination }, runtime)).rejects.toMatchObject(notFound);
  await expect(access(join(pipelinesDir, "shop"))).rejects.toThrow("ENOENT");
});

test("credentials can be given to a call, for a destination by name too", async () => {
  const machine = await newMachine();
  const p = machine.pipeline({ destination: duckdb({ credentials: join(machine.folder, "wrong.duckdb") }) });
  await p.run(counted, { credentials: machine.database });
  await p.run(counted);
  expect(await machine.query("SELECT n FROM rows ORDER BY n")).toEqual([{ n: 1 }, { n: 2 }]);
  await expect(access(join(machine.folder, "wrong.duckdb"))).rejects.toThrow("ENOENT");
});

test("a schema can be given to a call: for bare rows, and in place of that of a source", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  const document = (name: string): object => {
    const columns = new Map([["n", { name: "n", dataType: "double", nullable: true }]] as const);
    return JSON.parse(formatSchema(bumpVersion(updateTable(newSchema(name), { name: "rows", columns })))) as object;
  };
  await p.run([{ n: 1 }], { tableName: "rows", schema: document("mine") });
  const other = source({ name: "theirs" }, () => [counted]);
  await p.run(other(), { schema: document("yours") });
  expect(p.schemaNames).toEqual(["mine", "yours"]);
  expect(p.schemas["yours"]?.tables["rows"]?.columns["n"]?.dataType).toBe("double");
  const { defaultSchema } = p;
  await p.run([{ n: 5 }], { tableName: "rows", schema: defaultSchema ?? {} });
  expect(p.schemaNames).toEqual(["mine", "yours"]);
  expect(await machine.query("SELECT n FROM rows ORDER BY n")).toHaveLength(3);
  await expect(p.run([{ n: 1 }], { tableName: "rows", schema: {} })).rejects.toMatchObject({
    code: "SCHEMA_OPTION_INVALID",
  });
});

test("`restoreFromDestination: false` keeps state and schemas on this machine", async () => {
  const machine = await newMachine();
  await machine.pipeline({ restoreFromDestination: false, enableRuntimeTrace: false }).run(counted);
  await expect(machine.query("FROM _dlt_pipeline_state")).rejects.toThrow("_dlt_pipeline_state");
  await rm(machine.pipelinesDir, { recursive: true });
  await machine.pipeline().run(counted);
  expect(await machine.query("SELECT n FROM rows")).toEqual([{ n: 1 }, { n: 1 }]);
});
