import { duckdb } from "@dlt/destination-duckdb";
import { expect, test } from "vitest";
import { type Hints, resource, sqlModel } from "../src/index.js";
import type { Machine } from "./machine.js";
import { newMachine } from "./new-machine.js";

const rows = (name: string, hints: Hints, data: readonly object[]) => resource({ name, ...hints }, () => data);

const history = (options: object = {}) =>
  ({ writeDisposition: { disposition: "merge", strategy: "scd2", ...options } }) as const;

test("a flag tells which versions are in force, also of rows that were there before it", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  const flagged = history({ activeColumnName: "is_active" });
  const versions = async (flag: string) =>
    (
      await machine.query(`SELECT id, v, _dlt_valid_to IS NULL AS is_open, ${flag} AS flag FROM prices ORDER BY id, v`)
    ).map((row) => Object.values(row));
  await p.run(
    rows("prices", history(), [
      { id: 1, v: 1 },
      { id: 2, v: 1 },
    ]),
  );
  await p.run(
    rows("prices", history(), [
      { id: 1, v: 2 },
      { id: 2, v: 1 },
    ]),
  );
  await p.run(
    rows("prices", flagged, [
      { id: 1, v: 2 },
      { id: 2, v: 2 },
    ]),
  );
  expect(await versions("is_active")).toEqual([
    [1, 1, false, false],
    [1, 2, true, true],
    [2, 1, false, false],
    [2, 2, true, true],
  ]);
  await p.run(rows("prices", flagged, [{ id: 1, v: 2 }]));
  expect(await versions("is_active")).toEqual([
    [1, 1, false, false],
    [1, 2, true, true],
    [2, 1, false, false],
    [2, 2, false, false],
  ]);
});

test("a boundary is the same instant in every time zone of the session", async () => {
  const machine = await newMachine();
  const credentials = { database: machine.database, localConfig: { TimeZone: "America/New_York" } };
  const p = machine.pipeline({ destination: duckdb({ credentials }) });
  await p.run(rows("prices", history({ boundaryTimestamp: "2024-01-01" }), [{ id: 1 }]));
  await p.run(rows("prices", history({ boundaryTimestamp: new Date("2024-02-01T12:00:00Z") }), [{ id: 2 }]));
  const micros = "epoch_us(_dlt_valid_from) // 1000000 AS began, epoch_us(_dlt_valid_to) // 1000000 AS ended";
  expect(await machine.query(`SELECT id, ${micros} FROM prices ORDER BY id`)).toEqual([
    { id: 1, began: Date.UTC(2024, 0, 1) / 1000, ended: Date.UTC(2024, 1, 1, 12) / 1000 },
    { id: 2, began: Date.UTC(2024, 1, 1, 12) / 1000, ended: null },
  ]);
});

test("rows that were appended are merged later, with all that is nested in them", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  const order = (id: number, mark: string) => ({ id, lines: [{ sku: mark, parts: [mark, mark] }] });
  const merge = { primaryKey: "id", writeDisposition: "merge" } as const;
  await p.run(rows("orders", {}, [order(1, "a"), order(2, "a")]));
  await p.run(rows("orders", merge, [order(1, "b"), order(3, "b")]));
  const content = `
    SELECT o.id, l.sku, count(*) AS parts, bool_and(p._dlt_root_id = o._dlt_id AND l._dlt_root_id = o._dlt_id) AS linked
    FROM orders o JOIN orders__lines l ON l._dlt_parent_id = o._dlt_id
    JOIN orders__lines__parts p ON p._dlt_parent_id = l._dlt_id GROUP BY ALL ORDER BY ALL`;
  expect(await machine.query(content)).toEqual([
    { id: 1, sku: "b", parts: 2, linked: true },
    { id: 2, sku: "a", parts: 2, linked: true },
    { id: 3, sku: "b", parts: 2, linked: true },
  ]);
  const counts = "(SELECT count(*) FROM orders__lines) AS lines, (SELECT count(*) FROM orders__lines__parts) AS parts";
  expect(await machine.query(`SELECT ${counts}`)).toEqual([{ lines: 3, parts: 6 }]);
});

test.each([
  ["append", "upsert"],
  ["delete-insert", "upsert"],
  ["append", "insert-only"],
  ["scd2", "delete-insert"],
  ["scd2", "upsert"],
] as const)(
  "rows keep what is nested in them, and nothing else is there, when %s becomes %s",
  async (before, after) => {
    const machine = await newMachine();
    const p = machine.pipeline();
    const order = (id: number, mark: string) => ({ id, lines: [{ sku: mark, parts: [mark] }, { sku: mark }] });
    const orders = (strategy: typeof before | typeof after, mark: string, ids: readonly number[]) =>
      rows(
        "orders",
        { primaryKey: "id", writeDisposition: strategy === "append" ? strategy : { disposition: "merge", strategy } },
        ids.map((id) => order(id, mark)),
      );
    await p.run(orders(before, "a", [1, 2]));
    await p.run(orders(after, "b", [1, 3]));
    await p.run(orders(after, "c", [1]));
    const linked = `
    SELECT o.id, l.sku, count(*) AS parts FROM orders o JOIN orders__lines l ON l._dlt_parent_id = o._dlt_id
    JOIN orders__lines__parts p ON p._dlt_parent_id = l._dlt_id GROUP BY ALL ORDER BY ALL`;
    expect(await machine.query(linked)).toEqual([
      { id: 1, sku: after === "insert-only" ? "a" : "c", parts: 1 },
      { id: 2, sku: "a", parts: 1 },
      { id: 3, sku: "b", parts: 1 },
    ]);
    const counts =
      "(SELECT count(*) FROM orders__lines) AS lines, (SELECT count(*) FROM orders__lines__parts) AS parts";
    expect(await machine.query(`SELECT ${counts}`)).toEqual([{ lines: 6, parts: 3 }]);
  },
);

test.each([
  ["delete-insert", "c"],
  ["upsert", "c"],
  ["insert-only", "a"],
] as const)(
  "rows two levels below are found by %s that have not come since they were appended",
  async (strategy, left) => {
    const machine = await newMachine();
    const p = machine.pipeline();
    const merge: Hints = { primaryKey: "id", writeDisposition: { disposition: "merge", strategy } };
    const order = (mark: string) => ({ id: 1, lines: [{ sku: mark, parts: [mark] }] });
    await p.run(rows("orders", {}, [order("a"), { ...order("a"), id: 2 }]));
    await p.run(rows("orders", merge, [{ id: 1 }, { id: 3 }]));
    const counts =
      "(SELECT count(*) FROM orders__lines) AS lines, (SELECT count(*) FROM orders__lines__parts) AS parts";
    const isKept = strategy === "insert-only" ? 2 : 1;
    expect(await machine.query(`SELECT ${counts}`)).toEqual([{ lines: isKept, parts: isKept }]);
    await p.run(rows("orders", merge, [order("c")]));
    const linked = `
    SELECT o.id, p.value FROM orders o JOIN orders__lines l ON l._dlt_parent_id = o._dlt_id
    JOIN orders__lines__parts p ON p._dlt_parent_id = l._dlt_id AND p._dlt_root_id = o._dlt_id ORDER BY ALL`;
    expect(await machine.query(linked)).toEqual([
      { id: 1, value: left },
      { id: 2, value: "a" },
    ]);
  },
);

test.each([{}, { columns: { gone: { hardDelete: true, dataType: "bool" } } }] as const)(
  "upsert leaves one row where several with its key were appended, with %j",
  async (hints) => {
    const machine = await newMachine();
    const p = machine.pipeline();
    const order = (id: number, mark: string, gone = false) => ({ id, mark, lines: [mark], ...(gone && { gone }) });
    const orders = (data: readonly object[]) =>
      p.run(
        rows(
          "orders",
          { ...hints, primaryKey: "id", writeDisposition: { disposition: "merge", strategy: "upsert" } },
          data,
        ),
      );
    await p.run(rows("orders", hints, [order(1, "a"), order(1, "b"), order(2, "a"), order(3, "a"), order(3, "b")]));
    await orders([order(1, "c"), ...("columns" in hints ? [order(3, "c", true)] : [])]);
    const linked = `
      SELECT o.id, o.mark, l.value FROM orders o FULL JOIN orders__lines l ON l._dlt_parent_id = o._dlt_id ORDER BY ALL`;
    expect(await machine.query(linked)).toEqual([
      { id: 1, mark: "c", value: "c" },
      { id: 2, mark: "a", value: "a" },
      ...("columns" in hints ? [] : ["a", "b"].map((mark) => ({ id: 3, mark, value: mark }))),
    ]);
  },
);

test("upsert leaves one row of those that a query gave, which have no ids", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  const query = "SELECT 1 AS id, 'a' AS mark UNION ALL SELECT 1, 'b' UNION ALL SELECT 2, 'a'";
  await p.run(resource({ name: "orders" }, () => [sqlModel(query, { dialect: "duckdb" })]));
  const upsert: Hints = { primaryKey: "id", writeDisposition: { disposition: "merge", strategy: "upsert" } };
  await p.run(rows("orders", upsert, [{ id: 1, mark: "c" }]));
  expect(await machine.query("SELECT id, mark FROM orders ORDER BY ALL")).toEqual([
    { id: 1, mark: "c" },
    { id: 2, mark: "a" },
  ]);
});

test("a column with the name of a row id of the database is a column like any other", async () => {
  const machine = await newMachine();
  const hints: Hints = { primaryKey: "id", writeDisposition: "merge" };
  const data = [1, 2, 3, 3].map((id) => ({ id, rowid: 7 }));
  await machine.pipeline().run(rows("orders", hints, data));
  expect(await machine.query('SELECT id, "rowid" AS r FROM orders ORDER BY id')).toEqual([
    { id: 1, r: 7 },
    { id: 2, r: 7 },
    { id: 3, r: 7 },
  ]);
});

test("insert-only leaves out what is nested in deleted rows", async () => {
  const machine = await newMachine();
  const hints: Hints = {
    primaryKey: "id",
    writeDisposition: { disposition: "merge", strategy: "insert-only" },
    columns: { gone: { hardDelete: true } },
  };
  await machine.pipeline().run(
    rows("orders", hints, [
      { id: 1, gone: false, tags: ["a"] },
      { id: 2, gone: true, tags: ["b"] },
    ]),
  );
  expect(await machine.query("SELECT id FROM orders")).toEqual([{ id: 1 }]);
  expect(await machine.query("SELECT value FROM orders__tags")).toEqual([{ value: "a" }]);
});

test("rows that were merged are staged no longer", async () => {
  const machine = await newMachine();
  const hints: Hints = { primaryKey: "id", writeDisposition: "merge" };
  await machine.pipeline().run(rows("orders", hints, [{ id: 1 }, { id: 2 }]));
  expect(await machine.query("SELECT count(*) AS n FROM orders")).toEqual([{ n: 2 }]);
  expect(await staged(machine)).toEqual([{ n: 0 }]);
});

function staged(machine: Machine) {
  return machine.query("SELECT count(*) AS n FROM data_staging.orders");
}
