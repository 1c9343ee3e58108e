import { expect, test } from "vitest";
import { resource } from "../src/index.js";
import { newMachine } from "./new-machine.js";

const columns = {
  count: { dataType: "bigint", precision: 16 },
  price: { dataType: "decimal", precision: 5, scale: 2 },
  seen: { dataType: "timestamp", timezone: false, precision: 3 },
} as const;

const items = (rows: readonly unknown[]) => resource({ name: "items", columns }, () => rows);
const first = [{ id: 1, count: 7, price: "9.90", seen: "2026-01-01T00:00:00.123" }];
const large = [{ id: 2, count: 5_000_000_000, price: "1234.5678", seen: "2026-01-01T00:00:00.123456" }];
const types =
  "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'items' AND column_name NOT LIKE '_dlt%' ORDER BY column_name";

test("columns become wider in place, with the rows that they have", async () => {
  const machine = await newMachine();
  const p = machine.pipeline({ widenColumns: true });
  await p.run(items(first));
  expect(await machine.query(types)).toMatchObject([
    { column_name: "count", data_type: "SMALLINT" },
    { column_name: "id" },
    { column_name: "price", data_type: "DECIMAL(5,2)" },
    { column_name: "seen", data_type: "TIMESTAMP_MS" },
  ]);
  const preview = await p.run(items(large), { dryRun: true });
  expect(preview.statements.filter((text) => text.includes("SET DATA TYPE"))).toHaveLength(3);
  const info = await p.run(items(large));
  expect(Object.keys(info.loadPackages[0]?.schemaUpdate["items"]?.columns ?? {})).toEqual(["count", "price", "seen"]);
  expect(String(info)).toContain("items (3 wider columns): count bigint(64), price decimal(8, 4), seen timestamp(6)");
  expect(await machine.query(types)).toMatchObject([
    { column_name: "count", data_type: "BIGINT" },
    { column_name: "id" },
    { column_name: "price", data_type: "DECIMAL(8,4)" },
    { column_name: "seen", data_type: "TIMESTAMP" },
  ]);
  const rows = "SELECT id, count, CAST(price AS TEXT) AS price, CAST(seen AS TEXT) AS seen FROM items ORDER BY id";
  const expected = [
    { id: 1, count: 7, price: "9.9000", seen: "2026-01-01 00:00:00.123" },
    { id: 2, count: 5_000_000_000, price: "1234.5678", seen: "2026-01-01 00:00:00.123456" },
  ];
  expect(await machine.query(rows)).toEqual(expected);

  // What the resource declares is narrower again, and nothing is lost by it.
  await p.run(items(first));
  expect(await machine.query(`SELECT count(*) AS n FROM items`)).toEqual([{ n: 3 }]);
  expect((await machine.query(types))[0]).toMatchObject({ data_type: "BIGINT" });
});

test("within one run rows before and after fit the wider column", async () => {
  const machine = await newMachine();
  await machine.pipeline({ widenColumns: true }).run(items([...first, ...large, ...first]));
  expect(await machine.query("SELECT count FROM items ORDER BY count")).toEqual([
    { count: 7 },
    { count: 7 },
    { count: 5_000_000_000 },
  ]);
});

test("without the option such values end the run, and the rows are kept", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  await p.run(items(first));
  await expect(p.run(items(large))).rejects.toMatchObject({ code: "FILE_VALUE_OUT_OF_RANGE" });
  expect(await p.listExtractedLoadPackages()).toHaveLength(1);
  const info = await machine.pipeline({ rejects: "failing" }).run();
  expect(info.rejectedRows).toBe(1);
  expect(await machine.query("SELECT column_name, code FROM _dlt_rejects")).toEqual([
    { column_name: "count", code: "COLUMN_VALUE_OUT_OF_RANGE" },
  ]);
  // Once columns may grow, the row has its place.
  await machine.pipeline({ widenColumns: true }).replayRejects();
  expect(await machine.query("SELECT count FROM items ORDER BY count")).toEqual([
    { count: 7 },
    { count: 5_000_000_000 },
  ]);
});

test("a contract that freezes data types holds columns as they are", async () => {
  const machine = await newMachine();
  const p = machine.pipeline({ widenColumns: true });
  await p.run(items(first));
  await expect(p.run(items(large), { schemaContract: { dataType: "freeze" } })).rejects.toMatchObject({
    code: "SCHEMA_CONTRACT_DATA_TYPE",
    context: { table: "items", column: "count", existingType: "bigint" },
  });
});

test("a column that is declared smaller again grows on both sides of the point", async () => {
  const machine = await newMachine();
  const p = machine.pipeline({ widenColumns: true });
  await p.run(items([{ id: 1, price: "1.2345" }]));
  await p.run(items([{ id: 2, price: "123456.7" }]));
  expect((await machine.query(types)).at(-2)).toMatchObject({ column_name: "price", data_type: "DECIMAL(10,4)" });
  await p.run(items([{ id: 3, price: "1.23456" }]));
  expect(await machine.query("SELECT CAST(price AS TEXT) AS price FROM items ORDER BY id")).toEqual([
    { price: "1.23450" },
    { price: "123456.70000" },
    { price: "1.23456" },
  ]);
});

test("what was normalized for wider columns is loaded into them, whatever the option says by then", async () => {
  const machine = await newMachine();
  const p = machine.pipeline({ widenColumns: true });
  await p.run(items(first));
  await p.extract(items(large));
  await p.normalize();
  await p.close();
  await machine.pipeline().run();
  expect(await machine.query("SELECT count FROM items ORDER BY count")).toEqual([
    { count: 7 },
    { count: 5_000_000_000 },
  ]);
});

test("what was declared larger without the option is made up for with it", async () => {
  const machine = await newMachine();
  const numbers = (precision: number, n: number) =>
    resource({ name: "numbers", columns: { n: { dataType: "bigint", precision } } }, () => [{ n }]);
  const p = machine.pipeline();
  await p.run(numbers(16, 1));
  await p.run(numbers(64, 2));
  await p.close();
  await machine.pipeline({ widenColumns: true }).run(numbers(64, 5_000_000_000));
  expect(await machine.query("SELECT n FROM numbers ORDER BY n")).toEqual([{ n: 1 }, { n: 2 }, { n: 5_000_000_000 }]);
});
