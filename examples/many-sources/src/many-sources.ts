import { strict as assert } from "node:assert";
import { duckdb } from "@dlt/destination-duckdb";
import { pipeline, resource, source } from "@dlt/pipeline";

// Each source has a schema and state of its own. Their tables lie side by side in one dataset.
const shop = source({ name: "shop" }, () => [
  resource({ name: "orders", primaryKey: "id", writeDisposition: "merge" }, () => [
    { id: 1, customer: 7, total: 20.5 },
    { id: 2, customer: 9, total: 5 },
  ]),
]);
const crm = source({ name: "crm" }, () => [
  resource({ name: "crm_customers", primaryKey: "id", writeDisposition: "merge" }, () => [
    { id: 7, name: "Ada" },
    { id: 9, name: "Alan" },
  ]),
]);
const tickets = source({ name: "tickets" }, () => [
  // The table need not be named after the resource.
  resource({ name: "open", tableName: "tickets_open" }, () => [{ id: 100, customer: 9 }]),
]);

const p = pipeline({
  pipelineName: "many_sources",
  destination: duckdb({ credentials: "many-sources.duckdb" }),
  datasetName: "company",
});
await p.drop({ dataset: true }); // so that every start begins with nothing
const info = await p.run([shop(), crm(), tickets()]);
console.log(String(info));

await using sql = await p.sqlClient();
const report = await sql.executeSql(`
  SELECT name, total, count(tickets_open.id) FROM crm_customers
  JOIN orders ON orders.customer = crm_customers.id
  LEFT JOIN tickets_open ON tickets_open.customer = crm_customers.id
  GROUP BY ALL ORDER BY name`);
console.table(report);
const loads = await sql.executeSql("SELECT schema_name FROM _dlt_loads WHERE status = 0 ORDER BY schema_name");

assert.deepEqual(report.map(String), ["Ada,20.5,0", "Alan,5,1"]);
assert.deepEqual(loads.map(String), ["crm", "shop", "tickets"]);
assert.equal(info.loadPackages.length, 3);
