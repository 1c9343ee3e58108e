import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { findDestination, listPipelines, observeRuns, schemaText } from "../src/index.js";
import { newMachine } from "./new-machine.js";

afterEach(() => observeRuns(null));

test("runs are followed from outside of the program", async () => {
  const machine = await newMachine();
  const seen: string[] = [];
  observeRuns({ onRun: (info) => void seen.push(String(info).split("\n", 1)[0] ?? "") });
  const p = machine.pipeline();
  const info = await p.run([{ id: 1 }], { tableName: "orders" });
  await p.run([{ id: 2 }], { tableName: "orders", dryRun: true });
  expect(seen).toEqual([String(info).split("\n", 1)[0], expect.stringContaining("Dry run of pipeline shop completed")]);
});

test("runs are only planned where the program is asked for no more; what would change something is refused", async () => {
  const machine = await newMachine();
  const plans: unknown[] = [];
  observeRuns({ dryRun: true, onRun: (info) => void plans.push(info) });
  const p = machine.pipeline();
  const info = await p.run([{ id: 1 }], { tableName: "orders" });
  expect([info.isEmpty, info.loadsIds, info.destinationType]).toEqual([true, [], "dlt.destinations.duckdb"]);
  expect(plans).toMatchObject([{ tableRows: [{ name: "orders", parent: null, rowCount: 1 }] }]);
  const refused = { code: "PIPELINE_DRY_RUN_ONLY" };
  const calls = [
    () => p.drop(),
    () => p.extract([{ id: 1 }]),
    () => p.sync(),
    () => p.dropPending(),
    () => p.sqlClient(),
  ];
  for (const call of calls) await expect(call()).rejects.toMatchObject(refused);
  expect((await listPipelines({ pipelinesDir: machine.pipelinesDir }, machine.runtime)).pipelines).toEqual([]);
});

test("pipelines of this machine are listed, the last to run first", async () => {
  const machine = await newMachine();
  const { pipelinesDir, runtime } = machine;
  await machine.pipeline({ pipelineName: "a" }).run([{ id: 1 }], { tableName: "orders" });
  await machine.pipeline({ pipelineName: "b" }).run([{ id: 1 }], { tableName: "orders" });
  await mkdir(join(pipelinesDir, "no.name"));
  const listed = await listPipelines({ pipelinesDir }, runtime);
  expect(listed.pipelinesDir).toBe(pipelinesDir);
  expect(listed.pipelines.map(({ pipelineName }) => pipelineName)).toEqual(["b", "a"]);
  expect(listed.pipelines[0]).toEqual({
    pipelineName: "b",
    workingDir: join(pipelinesDir, "b"),
    lastRunAt: expect.any(Date),
  });
});

test("the text of a schema is that of its file", async () => {
  const p = (await newMachine()).pipeline();
  await p.run([{ id: 1 }], { tableName: "orders" });
  const { defaultSchema } = p;
  if (defaultSchema === null) throw new Error("There is no schema.");
  expect(schemaText(defaultSchema)).toMatch(
    /^version: \d+\n[^]*\n {2}orders:\n {4}columns:\n {6}id:\n {8}data_type: bigint/m,
  );
  const json = JSON.parse(schemaText(defaultSchema, { format: "json", removeDefaults: false })) as object;
  expect(json).toMatchObject({ name: "shop", tables: { orders: { name: "orders", columns: { id: { name: "id" } } } } });
  expect(schemaText(json)).toBe(schemaText(defaultSchema));
});

test("a destination is found by its name, without connecting to it", async () => {
  const { runtime } = await newMachine();
  const env = { DESTINATION__MINE__DESTINATION_TYPE: "duckdb" };
  const mine = await findDestination("mine", { ...runtime, cwd: process.cwd(), env });
  expect([mine.type, mine.name, Object.keys(mine.config)]).toEqual([
    "duckdb",
    "mine",
    ["credentials", "createIndexes"],
  ]);
  await expect(findDestination("no_such", runtime)).rejects.toMatchObject({ code: "DESTINATION_NOT_FOUND" });
});
