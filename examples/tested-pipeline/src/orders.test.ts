/**
 * Tests of the pipeline in `orders.ts`: they need no network, no server, and leave no file behind. Each has a database in memory of
 * its own, which lives as long as the test holds it, and a working folder of its own.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { duckdb } from "@dlt/destination-duckdb";
import type { Pipeline } from "@dlt/pipeline";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FetchOrders, type Order, shop, shopPipeline } from "./orders.js";

let database: DuckDBInstance;
let folder: string;
let p: Pipeline;

beforeEach(async () => {
  database = await DuckDBInstance.create(":memory:");
  folder = await mkdtemp(join(tmpdir(), "shop-test-"));
  p = shopPipeline(duckdb({ credentials: database }), folder);
});
afterEach(async () => {
  await p.close();
  database.closeSync();
  await rm(folder, { recursive: true });
});

const ada: Order = {
  id: 1,
  placed_at: "2026-03-01T08:00:00Z",
  customer: "Ada",
  lines: [
    { sku: "A1", quantity: 2 },
    { sku: "B7", quantity: 1 },
  ],
};
const john: Order = { id: 2, placed_at: "2026-03-02T09:30:00Z", customer: "John", lines: [] };

/** Gives these orders, and notes since when it was asked for them. */
function orders(...rows: readonly object[]) {
  const asked: string[] = [];
  const fetchOrders: FetchOrders = async function* (since) {
    asked.push(since);
    yield rows as readonly Order[];
  };
  return { asked, source: shop({ fetchOrders }) };
}

/** What a statement finds in the loaded tables: the same database, through the pipeline. */
async function select(statement: string): Promise<readonly (readonly unknown[])[]> {
  await using sql = await p.sqlClient();
  return await sql.executeSql(statement);
}

test("orders and their lines are loaded", async () => {
  const info = await p.run(orders(ada, john).source);

  expect(info.rowCounts).toEqual({ orders: 2, orders__lines: 2 });
  expect(
    await select(`
      SELECT customer, sum(quantity) FROM orders
      LEFT JOIN orders__lines AS lines ON lines._dlt_parent_id = orders._dlt_id
      GROUP BY customer ORDER BY customer`),
  ).toEqual([
    ["Ada", 3],
    ["John", null],
  ]);
});

test("the second run asks for what is new, and loads only that", async () => {
  await p.run(orders(ada).source);
  const { asked, source } = orders(ada, john); // the order at the boundary comes again

  const info = await p.run(source);

  expect(asked).toEqual(["2026-03-01T08:00:00Z"]);
  expect(info.rowCounts).toEqual({ orders: 1 });
  expect(await select("SELECT id FROM orders ORDER BY id")).toEqual([[1], [2]]);
});

test("a field that nobody expected fails the run, and nothing is loaded", async () => {
  await p.run(orders(ada).source);

  await expect(p.run(orders({ ...john, coupon: "SPRING" }).source)).rejects.toMatchObject({
    code: "SCHEMA_CONTRACT_COLUMN",
    step: "normalize",
    message: expect.stringContaining("coupon"),
  });

  expect(await select("SELECT count(*) FROM orders")).toEqual([[1]]);
});

// Steps need no pipeline and no database: a resource can be read as it is.
test("orders of tests are left out", async () => {
  const names: string[] = [];
  for await (const order of orders(ada, { ...john, customer: "test" }).source.resources.orders)
    names.push(order.customer);
  expect(names).toEqual(["Ada"]);
});
