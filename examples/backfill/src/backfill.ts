import { strict as assert } from "node:assert";
import { duckdb } from "@dlt/destination-duckdb";
import { incremental, pipeline, resource, source } from "@dlt/pipeline";

// Stands for an API with four orders a month, which can be asked for a range of time.
const everyOrder = Array.from({ length: 28 }, (_, n) => ({
  id: n + 1,
  placedAt: new Date(Date.UTC(2026, Math.floor(n / 4), 1 + (n % 4) * 7)),
}));
const ask = (from: Date, until: Date) => everyOrder.filter(({ placedAt }) => placedAt >= from && placedAt < until);
let today = new Date("2026-06-15");

// The orders of June on: what came before is too much for one run.
const shop = source({ name: "shop" }, () => [
  resource(
    {
      name: "orders",
      primaryKey: "id",
      incremental: incremental("placedAt", { initialValue: new Date("2026-06-01") }),
    },
    ({ incremental }) => ask(incremental.startValue, incremental.endValue ?? today),
  ),
]);

/** A pipeline of its own for each task, as if it ran on a machine of its own. All load into the same tables. */
const task = (pipelineName: string) =>
  pipeline({ pipelineName, destination: duckdb({ credentials: "backfill.duckdb" }), datasetName: "shop_data" });

const daily = task("orders_daily");
await daily.drop({ dataset: true }); // so that every start begins with nothing
const first = await daily.run(shop());
console.log(`daily run: ${first.rowCounts["orders"]} orders`);

// The months before, one by one: each can be run on any machine, at any time, and again if it fails.
for (const month of [0, 1, 2, 3, 4]) {
  const [initialValue, endValue] = [new Date(Date.UTC(2026, month)), new Date(Date.UTC(2026, month + 1))];
  await using p = task(`orders_${initialValue.toISOString().slice(0, 7).replace("-", "_")}`);
  const info = await p.run(shop(), { incremental: { initialValue, endValue } });
  console.log(`${p.pipelineName}: ${info.rowCounts["orders"]} orders`);
  assert.deepEqual(p.state.sources, {}); // a range leaves no state
}

// The daily run goes on where it was.
today = new Date("2026-07-10");
const next = await daily.run(shop());
console.log(`daily run: ${next.rowCounts["orders"]} orders\n`);

await using sql = await daily.sqlClient();
const months = await sql.executeSql(
  "SELECT strftime(placed_at AT TIME ZONE 'UTC', '%Y-%m') AS month, count(*), count(DISTINCT id) FROM orders GROUP BY 1 ORDER BY 1",
);
console.table(months.map(([month, orders, different]) => ({ month, orders, different })));

assert.deepEqual(months.map(String), [
  ...["01", "02", "03", "04", "05", "06"].map((month) => `2026-${month},4,4`),
  "2026-07,2,2",
]);
