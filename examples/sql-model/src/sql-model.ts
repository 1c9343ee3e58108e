import { strict as assert } from "node:assert";
import { duckdb } from "@dlt/destination-duckdb";
import { pipeline, resource, sqlModel } from "@dlt/pipeline";

const destination = duckdb({ credentials: "sql-model.duckdb" });
const shop = pipeline({ pipelineName: "shop_orders", destination, datasetName: "shop" });
const reports = pipeline({ pipelineName: "shop_reports", destination, datasetName: "shop" });
await shop.drop({ dataset: true }); // so that every start begins with nothing
await reports.drop();

await shop.run(
  [
    { id: 1, customer: "Ada", price: 12.5, day: "2026-01-30" },
    { id: 2, customer: "Bob", price: 7, day: "2026-01-30" },
    { id: 3, customer: "Ada", price: 30, day: "2026-01-31" },
  ],
  { tableName: "orders", columns: { day: { dataType: "date" } } },
);

// Nothing of these rows passes through this process: the database makes them, and they are merged by their key.
const customers = resource(
  { name: "customers", primaryKey: "customer", writeDisposition: "merge" },
  function* (_, { since = "2000-01-01" }: { since?: string } = {}) {
    yield sqlModel(
      `SELECT customer, count(*) AS orders, sum(price) AS "Total Price", max(day) AS last_order
       FROM orders
       WHERE customer IN (SELECT customer FROM orders WHERE day >= DATE '${since}')
       GROUP BY customer`,
      { dialect: "duckdb" },
    );
  },
);
const first = await reports.run(customers);
console.log(String(first));

await shop.run([{ id: 4, customer: "Bob", price: 3, day: "2026-02-01" }], { tableName: "orders" });
const second = await reports.run(customers({ since: "2026-02-01" }));
console.log(`${second.rowCounts["customers"]} customer was made anew:\n`);

await using sql = await reports.sqlClient();
const rows = await sql.executeSql("SELECT customer, orders, total_price, last_order FROM customers ORDER BY customer");
console.table(rows.map(([customer, orders, total, last]) => ({ customer, orders, total, last: String(last) })));

assert.deepEqual(rows.map(String), ["Ada,2,42.5,2026-01-31", "Bob,2,10,2026-02-01"]);
assert.equal(first.rowCounts["customers"], 2);
