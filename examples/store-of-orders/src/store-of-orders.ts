import { strict as assert } from "node:assert";
import { duckdb } from "@dlt/destination-duckdb";
import { incremental, pipeline, resource } from "@dlt/pipeline";

// A small table that always comes as a whole.
const countries = (rows: readonly object[]) => resource({ name: "countries", writeDisposition: "replace" }, () => rows);

// Events that are only ever added. The greatest time that was seen, seconds since 1970, is where the next run starts.
const events = (rows: readonly { readonly second: number; readonly kind: string }[]) =>
  resource(
    {
      name: "events",
      writeDisposition: "append",
      incremental: incremental("second", { initialValue: 0, lastValueFunc: "max" }),
    },
    () => rows,
  );

// Orders that change: the newest row of each id is kept.
const orders = (rows: readonly object[]) =>
  resource({ name: "orders", writeDisposition: "merge", primaryKey: "id" }, () => rows);

// Sales that are delivered day by day, and again when a day was corrected: all rows of a day give way to those that come for it.
const sales = (rows: readonly object[]) =>
  resource({ name: "sales", writeDisposition: "merge", mergeKey: "day" }, () => rows);

// Visits whose cursor is not unique: those of the last second come again, and are told apart by their id.
const visits = (rows: readonly { readonly id: number; readonly second: number }[]) =>
  resource({ name: "visits", incremental: incremental("second", { initialValue: 0, primaryKey: "id" }) }, () => rows);

const p = pipeline({
  pipelineName: "store_of_orders",
  destination: duckdb({ credentials: "store-of-orders.duckdb" }),
  datasetName: "store",
});
await p.drop({ dataset: true }); // so that every start begins with nothing
await p.run([
  countries([{ code: "DE" }, { code: "KE" }, { code: "US" }]),
  events([
    { second: 100, kind: "open" },
    { second: 160, kind: "sale" },
  ]),
  orders([
    { id: 1, status: "new" },
    { id: 2, status: "new" },
  ]),
  sales([
    { day: "2026-03-01", amount: 10 },
    { day: "2026-03-01", amount: 20 },
    { day: "2026-03-02", amount: 5 },
  ]),
  visits([
    { id: 1, second: 100 },
    { id: 2, second: 160 },
  ]),
]);
await p.run([
  countries([{ code: "DE" }, { code: "JP" }]),
  events([
    { second: 100, kind: "open" },
    { second: 160, kind: "sale" },
    { second: 220, kind: "close" },
  ]),
  orders([
    { id: 2, status: "paid" },
    { id: 3, status: "new" },
  ]),
  sales([{ day: "2026-03-01", amount: 31 }]),
  visits([
    { id: 2, second: 160 },
    { id: 3, second: 160 },
  ]),
]);

await using sql = await p.sqlClient();
async function rowsOf(query: string): Promise<readonly string[]> {
  return (await sql.executeSql(query)).map((row) => row.join(" "));
}
const stored = {
  countries: await rowsOf("SELECT code FROM countries ORDER BY code"),
  events: await rowsOf("SELECT second, kind FROM events ORDER BY second"),
  orders: await rowsOf("SELECT id, status FROM orders ORDER BY id"),
  sales: await rowsOf("SELECT day, amount FROM sales ORDER BY day, amount"),
  visits: await rowsOf("SELECT id, second FROM visits ORDER BY id"),
};
console.log(stored);

assert.deepEqual(stored, {
  countries: ["DE", "JP"],
  events: ["100 open", "160 sale", "220 close"],
  orders: ["1 new", "2 paid", "3 new"],
  sales: ["2026-03-01 31", "2026-03-02 5"],
  visits: ["1 100", "2 160", "3 160"],
});
