import { DuckDBInstance } from "@duckdb/node-api";
import { expect, onTestFinished, test } from "vitest";
import { resource, source } from "../src/index.js";
import { newMachine } from "./new-machine.js";

/** Users with an integral `id` and texts as `tags`, refused as zod does. */
const userSchema = {
  "~standard": {
    version: 1,
    vendor: "test",
    validate: (row: unknown) => {
      const { id, tags = [] } = row as { id: unknown; tags?: readonly unknown[] };
      if (typeof id !== "number") return { issues: [{ message: `not a number: ${id}`, path: ["id"] }] };
      const wrong = tags.findIndex((tag) => typeof tag !== "string");
      return wrong < 0 ? { value: row } : { issues: [{ message: "not a text", path: ["tags", wrong] }] };
    },
  },
} as const;

const given = [
  { id: 1, name: "Ada", lines: [{ sku: "a" }] },
  { id: 2, name: "Bob", lines: [{ sku: "b" }] },
];
const later = [
  { id: 3, name: "Cleo", lines: [{ sku: "c" }, { sku: "d", price: "1.10" }] },
  { id: 4, name: "Dan", note: "new", lines: [{ sku: "e" }] },
  { id: "x5", name: "Eve" },
];
const strict = { columns: "discard_row", dataType: "discard_row" } as const;
const rejects =
  "SELECT table_name, row_number, path, column_name, code, row_json FROM _dlt_rejects ORDER BY row_number, path";

const orders = (rows: readonly unknown[], schemaContract: "evolve" | typeof strict = strict) =>
  resource({ name: "orders", schemaContract }, () => rows);

test("discarded rows are kept, and loaded once the contract lets them in", async () => {
  const machine = await newMachine();
  const p = machine.pipeline({ rejects: "discarded" });
  await p.run(orders(given));
  const info = await p.run(orders(later));
  expect(info.rejectedRows).toBe(3);
  expect(info.rowCounts).toEqual({ orders: 1, orders__lines: 1 });
  expect(String(info)).toContain("Rejected: 3 rows, kept in _dlt_rejects");
  expect(await machine.query(rejects)).toEqual([
    {
      table_name: "orders__lines",
      row_number: 0,
      path: "$.lines[1]",
      column_name: "price",
      code: "SCHEMA_CONTRACT_COLUMN",
      row_json: '{"sku":"d","price":"1.10"}',
    },
    expect.objectContaining({ table_name: "orders", row_number: 1, path: "$", column_name: "note" }),
    expect.objectContaining({ row_number: 2, column_name: "id__v_text", code: "SCHEMA_CONTRACT_DATA_TYPE" }),
  ]);

  // Nothing has changed yet: what is rejected again stays for the next time.
  const again = await p.replayRejects();
  expect(again.rejectedRows).toBe(3);
  expect(again.rowCounts).toEqual({});

  const replayed = await p.replayRejects({ schemaContract: "evolve" });
  expect(replayed.rejectedRows).toBe(0);
  expect(replayed.rowCounts).toEqual({ orders: 2, orders__lines: 2 });
  expect(
    await machine.query(
      `SELECT orders.id, id__v_text, note, lines.sku, lines.price FROM orders
       LEFT JOIN orders__lines AS lines ON lines._dlt_parent_id = orders._dlt_id
       ORDER BY orders.id, lines._dlt_list_idx`,
    ),
  ).toEqual([
    { id: 1, id__v_text: null, note: null, sku: "a", price: null },
    { id: 2, id__v_text: null, note: null, sku: "b", price: null },
    { id: 3, id__v_text: null, note: null, sku: "c", price: null },
    { id: 3, id__v_text: null, note: null, sku: "d", price: "1.10" },
    { id: 4, id__v_text: null, note: "new", sku: "e", price: null },
    { id: null, id__v_text: "x5", note: null, sku: null, price: null },
  ]);
  expect((await p.replayRejects()).isEmpty).toBe(true);
  expect(p.schemas["shop"]?.tables["orders"]?.schemaContract).toBe("evolve");
});

test("a fresh machine knows what was replayed", async () => {
  const machine = await newMachine();
  const p = machine.pipeline({ rejects: "discarded" });
  await p.run(orders(given));
  await p.run(orders(later));
  await p.replayRejects({ schemaContract: "evolve", tables: ["orders"] });
  const other = machine.pipeline({ rejects: "discarded", pipelinesDir: `${machine.folder}/elsewhere` });
  const info = await other.replayRejects({ schemaContract: "evolve" });
  expect(info.rowCounts).toEqual({ orders__lines: 1 });
  expect(await machine.query("SELECT count(*) AS n FROM orders")).toEqual([{ n: 5 }]);
});

test("without the option rows are dropped, and there is no table for them", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  await p.run(orders(given));
  const info = await p.run(orders(later));
  expect(info.rejectedRows).toBe(0);
  expect(
    await machine.query("SELECT table_name FROM information_schema.tables WHERE table_name = '_dlt_rejects'"),
  ).toEqual([]);
  expect((await p.replayRejects()).isEmpty).toBe(true);
});

test("the table is there as soon as it is asked for, also by the configuration", async () => {
  const machine = await newMachine();
  const runtime = { ...machine.runtime, env: { PIPELINES__SHOP__REJECTS: "failing" } };
  const p = machine.pipeline({}, runtime);
  await p.run(orders(given));
  expect(await machine.query("SELECT count(*) AS n FROM _dlt_rejects")).toEqual([{ n: 0 }]);
  const wrong = { ...machine.runtime, env: { REJECTS: "some" } };
  expect(() => machine.pipeline({}, wrong)).toThrow(/rejects/i);
});

test("rows of a table that a contract refuses are kept while they are extracted", async () => {
  const machine = await newMachine();
  const p = machine.pipeline({ rejects: "discarded" });
  const refused = (rows: readonly unknown[]) =>
    resource(
      { name: "events", schemaContract: { tables: "discard_row" }, tableName: (row: { type: string }) => row.type },
      () => rows,
    );
  const info = await p.run(
    refused([
      { type: "push", n: 1, refs: [{ r: 1 }] },
      { type: "fork", n: 2 },
    ]),
  );
  expect(info.rejectedRows).toBe(2);
  expect(await machine.query(rejects)).toEqual([
    expect.objectContaining({ table_name: "push", row_number: 0, code: "SCHEMA_CONTRACT_TABLE" }),
    expect.objectContaining({ table_name: "fork", row_number: 1, row_json: '{"type":"fork","n":2}' }),
  ]);
  const replayed = await p.replayRejects({ schemaContract: "evolve", tables: ["push"] });
  expect(replayed.rowCounts).toEqual({ push: 1, push__refs: 1 });
});

test("rows that a schema of rows discards are kept", async () => {
  const machine = await newMachine();
  const p = machine.pipeline({ rejects: "discarded" });
  const users = resource(
    {
      name: "users",
      columns: userSchema,
      schemaContract: { dataType: "discard_row" },
    },
    () => [{ id: 1 }, { id: "secret" }, { id: 3, tags: ["a", 5] }, { id: 4, tags: [6] }],
  );
  const info = await p.run(users);
  expect(info.rejectedRows).toBe(3);
  expect(
    await machine.query(
      "SELECT row_number, column_name, reason, row_json FROM _dlt_rejects ORDER BY column_name, row_json",
    ),
  ).toEqual([
    expect.objectContaining({ column_name: "id", row_json: '{"id":"secret"}' }),
    {
      row_number: expect.any(Number),
      column_name: "tags.*",
      reason:
        "Table `users`: column `tags.*` does not fit the schema of its rows. The contract is `dataType: discard_row`.",
      row_json: '{"id":3,"tags":["a",5]}',
    },
    expect.objectContaining({ column_name: "tags.*", row_json: '{"id":4,"tags":[6]}' }),
  ]);
  const replayed = await p.replayRejects();
  expect(replayed.rowCounts).toEqual({ users: 2, users__tags: 3 });
  // The contract of the table goes on: a text is no id.
  expect(replayed.rejectedRows).toBe(1);
});

test("rows that no column can take end the run, or are kept", async () => {
  const machine = await newMachine();
  const typed = (rows: readonly unknown[]) =>
    resource(
      { name: "prices", columns: { price: { dataType: "decimal", precision: 4, scale: 2, nullable: false } } },
      () => rows,
    );
  const rows = [
    { id: 1, price: "9.90" },
    { id: 2, price: null },
    { id: 3, price: "1.50" },
  ];
  await expect(machine.pipeline({ rejects: "discarded" }).run(typed(rows))).rejects.toMatchObject({
    code: "COLUMN_NULL_REFUSED",
  });
  await machine.pipeline().dropPending();
  const p = machine.pipeline({ rejects: "failing" });
  const info = await p.run(typed(rows));
  expect(info.rowCounts).toEqual({ prices: 2 });
  expect(await machine.query(rejects)).toEqual([
    expect.objectContaining({
      row_number: 1,
      column_name: "price",
      code: "COLUMN_NULL_REFUSED",
      row_json: '{"id":2,"price":null}',
    }),
  ]);
});

test("replayed rows are added to a table that is replaced otherwise", async () => {
  const machine = await newMachine();
  const p = machine.pipeline({ rejects: "discarded" });
  const countries = (rows: readonly unknown[]) =>
    resource({ name: "countries", writeDisposition: "replace", schemaContract: strict }, () => rows);
  await p.run(countries([{ code: "a" }]));
  await p.run(countries([{ code: "b" }, { code: "c", size: 1 }]));
  await p.replayRejects({ schemaContract: "evolve" });
  expect(await machine.query("SELECT code, size FROM countries ORDER BY code")).toEqual([
    { code: "b", size: null },
    { code: "c", size: 1 },
  ]);
  await p.run(countries([{ code: "d" }]));
  expect(await machine.query("SELECT code FROM countries")).toEqual([{ code: "d" }]);
});

test("threads give the same rejects as one", async () => {
  const pad = "x".repeat(100);
  const rows = Array.from({ length: 20_000 }, (_, id) => ({ id, pad, ...(id % 7 === 0 && { note: id }) }));
  const found: unknown[] = [];
  for (const workers of [1, 2]) {
    const machine = await newMachine();
    const p = machine.pipeline({ rejects: "discarded" });
    await p.run(orders([{ id: 0, pad: "" }]));
    const info = await p.run(orders(rows), { workers });
    found.push(await machine.query(rejects));
    expect([workers, info.rejectedRows]).toEqual([workers, Math.ceil(20_000 / 7)]);
  }
  expect(found[1]).toEqual(found[0]);
});

test("what is rejected again is kept, whatever the option says by then", async () => {
  const machine = await newMachine();
  const p = machine.pipeline({ rejects: "discarded" });
  await p.run(orders(given));
  await p.run(orders(later));
  await p.close();
  const without = machine.pipeline();
  expect((await without.replayRejects()).rejectedRows).toBe(3);
  const replayed = await without.replayRejects({ schemaContract: "evolve" });
  expect(replayed.rowCounts).toEqual({ orders: 2, orders__lines: 2 });
});

test("more rows than are read at a time are replayed, each once", async () => {
  const machine = await newMachine();
  const p = machine.pipeline({ rejects: "discarded" });
  await p.run(orders([{ id: 0 }]));
  await p.run(orders(Array.from({ length: 1_000 }, (_, id) => ({ id, note: `note ${id}` }))));
  const replayed = await p.replayRejects({ schemaContract: "evolve" });
  expect(replayed.rowCounts).toEqual({ orders: 1_000 });
  expect(await machine.query("SELECT count(DISTINCT note) AS n FROM orders")).toEqual([{ n: 1_000 }]);
});

test("a table that nothing was rejected of is named", async () => {
  const machine = await newMachine();
  const p = machine.pipeline({ rejects: "discarded" });
  await p.run(orders(given));
  await p.run(orders(later));
  await expect(p.replayRejects({ tables: ["Orders"] })).rejects.toMatchObject({
    code: "REJECTS_NOT_FOUND",
    hint: expect.stringContaining("`orders`, `orders__lines`"),
  });
});

test("a pipeline replays its own rows only", async () => {
  const machine = await newMachine();
  const shops = ["north", "south"].map((pipelineName) => machine.pipeline({ pipelineName, rejects: "discarded" }));
  const shop = (rows: readonly unknown[]) => source({ name: "shop" }, () => [orders(rows)])();
  for (const [index, p] of shops.entries()) {
    await p.run(shop(given));
    await p.run(shop([{ id: 10 + index, note: "new" }]));
  }
  for (const p of shops) expect((await p.replayRejects({ schemaContract: "evolve" })).rowCounts).toEqual({ orders: 1 });
  expect(await machine.query("SELECT id FROM orders WHERE note IS NOT NULL ORDER BY id")).toEqual([
    { id: 10 },
    { id: 11 },
  ]);
});

test("rows that were changed are told before anything is kept, and loaded once they are restored", async () => {
  const instance = await DuckDBInstance.create();
  const machine = await newMachine({ instance });
  const connection = await instance.connect();
  onTestFinished(() => connection.closeSync());
  const p = machine.pipeline({ rejects: "discarded" });
  await p.run(orders(given));
  await p.run(orders(later));
  const changes = [
    ["orders__lines", "origin_json", "{}", "`origin_json` does not say below which row it was"],
    ["orders", "row_json", '{"secret":', "`row_json` is not JSON"],
  ] as const;
  for (const [table, column, text, problem] of changes) {
    const [{ id, kept } = {}] = await machine.query(
      `SELECT _dlt_id AS id, ${column} AS kept FROM _dlt_rejects WHERE table_name = '${table}' LIMIT 1`,
    );
    const set = `UPDATE data._dlt_rejects SET ${column} = $1 WHERE _dlt_id = $2`;
    await connection.run(set, [text, id as string]);
    await expect(p.replayRejects({ schemaContract: "evolve" })).rejects.toMatchObject({
      code: "REJECT_UNREADABLE",
      message: expect.stringContaining(`\`_dlt_id\` \`${id}\` was changed: ${problem}. No rejected row was loaded.`),
      hint: expect.stringMatching(/^Restore that row of `_dlt_rejects`, or delete it/),
    });
    expect([await p.listExtractedLoadPackages(), await p.listNormalizedLoadPackages()]).toEqual([[], []]);
    await connection.run(set, [kept as string, id as string]);
  }
  expect((await p.replayRejects({ schemaContract: "evolve" })).rowCounts).toEqual({ orders: 2, orders__lines: 2 });
});

test("rows of a history are not replayed: they would end all others", async () => {
  const machine = await newMachine();
  const p = machine.pipeline({ rejects: "discarded" });
  const prices = (rows: readonly unknown[]) =>
    resource(
      { name: "prices", schemaContract: strict, writeDisposition: { disposition: "merge", strategy: "scd2" } },
      () => rows,
    );
  await p.run(prices([{ id: 1 }]));
  await p.run(prices([{ id: 1 }, { id: 2, note: "new" }]));
  await expect(p.replayRejects({ schemaContract: "evolve" })).rejects.toMatchObject({
    code: "REJECTS_NOT_REPLAYABLE",
    message: expect.stringContaining("Rejected rows of `prices` cannot be added: it is a history (`scd2`)"),
    hint: expect.stringContaining("run the source again; to replay other tables, name them as `tables`"),
  });
  expect(await machine.query("SELECT id, _dlt_valid_to AS ended FROM prices")).toEqual([{ id: 1, ended: null }]);
});
