import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type ColumnBatch, destination, type LoadRow, type Secret, secret, setting } from "@dlt/core";
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, test } from "vitest";
import { pipeline, resource, withFileImport } from "../../src/index.js";
import { newMachine } from "../new-machine.js";
import { warnings } from "../warnings.js";
import { receiver } from "./receiver.js";

describe("settings", () => {
  const config = {
    apiKey: secret(),
    url: setting({ default: "https://default" }),
    limit: setting<string>({ optional: true }),
  };
  const seen: { readonly apiKey: Secret; readonly url: string; readonly limit: string | undefined }[] = [];
  const crm = destination("crm", async (_items, _table, { config: given }) => void seen.push({ ...given }), { config });

  test("are looked up under the name of the destination", async () => {
    const machine = await newMachine();
    const env = { DESTINATION__CRM__API_KEY: "from the environment", DESTINATION__LIMIT: "5" };
    await machine.pipeline({ destination: crm() }, { ...machine.runtime, env }).run([{ id: 1 }], { tableName: "t" });
    expect(seen.pop()).toMatchObject({ url: "https://default", limit: "5" });
    await machine
      .pipeline(
        { destination: crm({ destinationName: "staging_crm", url: "https://given" }) },
        {
          ...machine.runtime,
          env: { ...env, DESTINATION__STAGING_CRM__API_KEY: "of staging" },
        },
      )
      .run([{ id: 1 }], { tableName: "t" });
    expect(seen.at(-1)?.apiKey.reveal()).toBe("of staging");
    expect(seen.pop()).toMatchObject({ url: "https://given" });
  });

  test("that are missing are told before anything is handed over", async () => {
    const machine = await newMachine();
    const runtime = { ...machine.runtime, env: { OTHER: "setting" } };
    const run = machine.pipeline({ destination: crm() }, runtime).run([{ id: 1 }], { tableName: "t" });
    await expect(run).rejects.toMatchObject({
      code: "CONFIG_FIELD_MISSING",
      message: expect.stringContaining(" DESTINATION__CRM__API_KEY"),
    });
    expect(seen).toEqual([]);
  });
});

describe("write dispositions", () => {
  test("are up to the function, which is told of them and of keys", async () => {
    const machine = await newMachine();
    const codes = warnings();
    const { calls, load } = receiver();
    const hints = [
      { name: "appended" },
      { name: "replaced", writeDisposition: "replace" },
      { name: "merged", writeDisposition: { disposition: "merge", strategy: "upsert" }, primaryKey: "id" },
      { name: "versions", writeDisposition: { disposition: "merge", strategy: "scd2" } },
    ] as const;
    const p = machine.pipeline({ destination: destination("sink", load)() });
    await p.run(hints.map((each) => resource(each, () => [{ id: 1 }])));
    const tables = new Map(calls.map(({ table }) => [table.name, table]));
    const inOrder = hints.flatMap(({ name }) => tables.get(name) ?? []);
    expect(
      inOrder.map(({ name, writeDisposition, ...table }) => [name, writeDisposition, table["x-merge-strategy"]]),
    ).toEqual([
      ["appended", "append", undefined],
      ["replaced", "replace", undefined],
      ["merged", "merge", "upsert"],
      ["versions", "merge", "scd2"],
    ]);
    expect(tables.get("merged")?.columns.get("id")?.primaryKey).toBe(true);
    expect(codes).toEqual([]);
  });
});

describe("files as they are", () => {
  const columns = {
    id: { dataType: "bigint" },
    at: { dataType: "timestamp" },
    note: { dataType: "text" },
  } as const;

  test("JSON lines are rows of the table", async () => {
    const machine = await newMachine();
    const { calls, load } = receiver();
    const path = join(machine.folder, "rows.jsonl.gz");
    writeFileSync(path, gzipSync('{"at":"2024-01-02","id":"7"}\r\n\r\n{"note":12,"id":8}'));
    const p = machine.pipeline({ destination: destination("sink", load)() });
    await p.run(withFileImport(path, "jsonl", { hints: { columns } }), { tableName: "t" });
    expect(JSON.parse(JSON.stringify(calls.flatMap(({ items }) => items as LoadRow[])))).toEqual([
      { id: 7, at: "2024-01-02T00:00:00+00:00", note: null },
      { id: 8, at: null, note: "12" },
    ]);
  });

  test.each([
    ['{"id":1}\n{"id":"x"}', "Line 2 of"],
    ['{"id":1}\n{"id":2,"other":true}', "it has the column `other`"],
    ['{"id":1}\n[2]', "line 2 is no object"],
  ])("%j does not fit", async (text, message) => {
    const machine = await newMachine();
    const path = join(machine.folder, "rows.jsonl");
    writeFileSync(path, text);
    const p = machine.pipeline({ destination: destination("sink", receiver().load)() });
    const run = p.run(withFileImport(path, "jsonl", { hints: { columns } }), { tableName: "t" });
    await expect(run).rejects.toThrow(message);
  });

  test("Parquet has the types that it has", async () => {
    const machine = await newMachine();
    const path = join(machine.folder, "rows.parquet");
    const connection = await (await DuckDBInstance.create()).connect();
    await connection.run(
      `COPY (SELECT 2.5::DOUBLE AS id, TIMESTAMP_MS '2024-01-02' AS at) TO '${path}' (FORMAT parquet)`,
    );
    connection.closeSync();
    const taken: ColumnBatch[] = [];
    const sink = destination("sink", (items) => void taken.push(items), { loaderFileFormat: "parquet" });
    const p = machine.pipeline({ destination: sink() });
    await p.run(withFileImport(path, "parquet", { hints: { columns } }), { tableName: "t" });
    expect(taken[0]?.columns.map(({ name, type }) => [name, type])).toEqual([
      ["id", { dataType: "double" }],
      ["at", { dataType: "timestamp", precision: 3, timezone: false }],
      ["note", { dataType: "text" }],
    ]);
    const { note: _, ...fewer } = columns;
    const narrow = withFileImport(path, "parquet", { hints: { columns: { id: fewer.id } } });
    await expect(p.run(narrow, { tableName: "u" })).rejects.toThrow("it has the column `at`");
  });

  test("of another format are refused", async () => {
    const machine = await newMachine();
    const path = join(machine.folder, "rows.csv");
    writeFileSync(path, "id\n1\n");
    const p = machine.pipeline({ destination: destination("sink", receiver().load)() });
    const run = p.run(withFileImport(path, "csv", { hints: { columns } }), { tableName: "t" });
    await expect(run).rejects.toMatchObject({ code: "DESTINATION_FORMAT_UNSUPPORTED" });
  });
});

test("a pipeline says that its destination is a function when nobody gives it", async () => {
  const machine = await newMachine();
  const { load } = receiver();
  await machine.pipeline({ destination: destination("crm", load)() }).run([{ id: 1 }], { tableName: "t" });
  const { pipelinesDir, runtime } = machine;
  await expect(pipeline({ pipelineName: "shop", pipelinesDir }, runtime).run()).rejects.toMatchObject({
    code: "DESTINATION_NOT_FOUND",
    message: expect.stringContaining("loads to `crm`, a function of a program"),
  });
});

test("infos speak of no dataset where there is none", async () => {
  const machine = await newMachine();
  const { pipelinesDir, runtime } = machine;
  const p = pipeline({ pipelineName: "p", pipelinesDir, destination: destination("sink", receiver().load)() }, runtime);
  const data = [{ id: 1 }];
  expect(String(await p.run(data, { tableName: "t", dryRun: true }))).toContain("It would load to destination sink\n");
  expect(String(await p.run(data, { tableName: "t" }))).toContain("were loaded to destination sink\n");
});

test("a dry run calls nothing", async () => {
  const machine = await newMachine();
  const { calls, load } = receiver();
  const sink = destination("sink", load, { loaderFileFormat: "jsonl" });
  const info = await machine.pipeline({ destination: sink() }).run([{ id: 1 }], { tableName: "t", dryRun: true });
  expect([calls, info.statements, info.sampleRows]).toMatchObject([[], [], { t: [{ id: 1 }] }]);
});

test("there is no SQL, no dataset to drop, and nothing to read rejected rows from", async () => {
  const machine = await newMachine();
  const p = machine.pipeline({ destination: destination("sink", receiver().load)() });
  await p.run([{ id: 1 }], { tableName: "t" });
  await expect(p.sqlClient()).rejects.toMatchObject({ code: "SQL_CLIENT_NOT_AVAILABLE" });
  await expect(p.drop({ dataset: true })).rejects.toMatchObject({ code: "DESTINATION_DROP_UNSUPPORTED" });
  await expect(p.replayRejects()).rejects.toMatchObject({
    code: "REJECTS_NOT_READABLE",
    message: "Destination `sink` cannot read `_dlt_rejects` back, so that no rejected row was loaded.",
    hint: "Read the table with the tools of the destination, mend the rows and load them as a resource.",
  });
});

describe("files at the same time", () => {
  /** Three tables of two files each. */
  function dataIn(folder: string) {
    const path = join(folder, "one.jsonl");
    writeFileSync(path, '{"id":1}\n');
    const hints = { columns: { id: { dataType: "bigint" } } } as const;
    return ["a", "b", "c"].map((name) =>
      resource({ name }, function* () {
        yield withFileImport(path, "jsonl", { hints });
        yield withFileImport(path, "jsonl", { hints });
      }),
    );
  }

  /** Takes down which tables are at work at each call. The first call lasts until there is another one, if it is told to. */
  function observer({ firstWaits }: { readonly firstWaits: boolean }) {
    const running: string[] = [];
    const seen: (readonly string[])[] = [];
    let another = (): void => undefined;
    const anotherCame = new Promise<void>((resolve) => {
      another = resolve;
    });
    const load = async (_items: unknown, { name }: { readonly name: string }): Promise<void> => {
      running.push(name);
      seen.push([...running]);
      if (seen.length > 1) another();
      else if (firstWaits) await anotherCame;
      await new Promise((resolve) => setImmediate(resolve));
      running.splice(running.indexOf(name), 1);
    };
    return { seen, load };
  }

  test("are as many as are allowed, and one of each table", async () => {
    const machine = await newMachine();
    const { seen, load } = observer({ firstWaits: true });
    const sink = destination("sink", load, { maxParallelLoadJobs: 2, loaderParallelismStrategy: "table-sequential" });
    await machine.pipeline({ destination: sink() }).run(dataIn(machine.folder));
    expect(Math.max(...seen.map(({ length }) => length))).toBe(2);
    expect(seen.every((names) => new Set(names).size === names.length)).toBe(true);
    expect(seen.length).toBe(6);
  });

  test("are none when they come one after the other, unless the settings say otherwise", async () => {
    const machine = await newMachine();
    const { seen, load } = observer({ firstWaits: false });
    const options = { loaderParallelismStrategy: "sequential" } as const;
    const data = dataIn(machine.folder);
    await machine.pipeline({ destination: destination("sink", load, options)() }).run(data);
    expect(seen.every((names) => names.length === 1)).toBe(true);
    const parallel = observer({ firstWaits: true });
    const env = { LOAD__PARALLELISM_STRATEGY: "parallel" };
    const concurrent = destination("sink", parallel.load, options)();
    await machine.pipeline({ destination: concurrent }, { ...machine.runtime, env }).run(data);
    expect(Math.max(...parallel.seen.map(({ length }) => length))).toBeGreaterThan(1);
  });
});
