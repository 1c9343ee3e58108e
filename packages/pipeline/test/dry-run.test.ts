import { access, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { incremental, resource } from "../src/index.js";
import { newMachine } from "./new-machine.js";

const events = (count: number, more: object = {}) =>
  resource({ name: "events", primaryKey: "id", incremental: incremental("id", { initialValue: 0 }) }, () =>
    Array.from({ length: count }, (_, id) => ({ id, tags: ["a"], ...more })),
  );

const leftovers = async () => (await readdir(tmpdir())).filter((name) => name.startsWith("dlt-dry-run-"));

test("a dry run shows tables, statements and rows, and makes nothing", async () => {
  const machine = await newMachine();
  const before = await leftovers();
  const info = await machine.pipeline().run(events(7), { dryRun: true, sampleRows: 2 });
  expect(info.tableRows).toEqual([
    { name: "events", parent: null, rowCount: 7 },
    { name: "events__tags", parent: "events", rowCount: 7 },
  ]);
  expect(info.schemaUpdate["events"]?.isNew).toBe(true);
  expect(info.schemaUpdate["events"]?.columns["id"]?.dataType).toBe("bigint");
  expect(info.statements.join("\n")).toMatch(/CREATE SCHEMA .*"data"\n[^]*CREATE TABLE .*"events" \(/);
  expect(info.sampleRows["events"]).toMatchObject([{ id: 0 }, { id: 1 }]);
  const text = String(info);
  expect(text).toContain("nothing was changed\nIt would load to destination duckdb and into dataset data\n");
  expect(text).toContain(
    "Rows:\n  events            7\n  └─ events__tags   7\nSchema changes:\n  events (new table): id bigint not null\n",
  );
  expect(text).toContain('First rows of events:\n  {"id":0,');
  await expect(access(machine.database)).rejects.toThrow("ENOENT");
  await expect(access(machine.pipelinesDir)).rejects.toThrow("ENOENT");
  expect(await leftovers()).toEqual(before);
});

test("a dry run starts from what is known, and shows only what is new", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  await p.run(events(3));
  const files = async () => [
    await readdir(p.workingDir, { recursive: true }),
    await readFile(`${p.workingDir}/state.json`, "utf8"),
    await machine.query("SELECT count(*) AS events FROM events"),
  ];
  const before = await files();
  const info = await machine.pipeline().run(events(5, { seen: true }), { dryRun: true });
  expect(info.tableRows.map((table) => [table.name, table.rowCount])).toEqual([
    ["events", 2],
    ["events__tags", 2],
  ]);
  expect(Object.keys(info.schemaUpdate)).toEqual(["events"]);
  expect(Object.keys(info.schemaUpdate["events"]?.columns ?? {})).toEqual(["seen"]);
  expect(info.statements.filter((statement) => statement.includes("ALTER TABLE"))).toHaveLength(1);
  expect(await files()).toEqual(before);
});

test("without a local folder a dry run knows the state of the destination", async () => {
  const machine = await newMachine();
  await machine.pipeline().run(events(3));
  const info = await machine.pipeline({ pipelinesDir: `${machine.folder}/elsewhere` }).run(events(4), { dryRun: true });
  expect(info.tableRows[0]).toEqual({ name: "events", parent: null, rowCount: 1 });
  expect(info.schemaUpdate).toEqual({});
  await expect(access(`${machine.folder}/elsewhere`)).rejects.toThrow("ENOENT");
});

test("a dry run that fails leaves nothing either", async () => {
  const machine = await newMachine();
  const before = await leftovers();
  const broken = resource({ name: "events" }, () => {
    throw new Error("the line is dead");
  });
  await expect(machine.pipeline().run(broken, { dryRun: true })).rejects.toThrow("the line is dead");
  expect(await leftovers()).toEqual(before);
});
