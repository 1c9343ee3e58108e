import { strict as assert } from "node:assert";
import { duckdb } from "@dlt/destination-duckdb";
import { pipeline } from "@dlt/pipeline";

const p = pipeline({
  pipelineName: "dry_run",
  destination: duckdb({ credentials: "dry-run.duckdb" }),
  datasetName: "shop",
});
await p.drop({ dataset: true }); // so that every start begins with nothing
await p.run([{ id: 1, name: "Ada" }], { tableName: "customers" });

// What would happen to rows that have more to them?
const rows = [
  { id: 2, name: "John", born: "1990-05-06T00:00:00Z", orders: [{ sku: "A1", price: 9.5 }, { sku: "B7" }] },
];
const info = await p.run(rows, { tableName: "customers", dryRun: true });
console.log(String(info));

await using sql = await p.sqlClient();
assert.deepEqual(await sql.executeSql("SELECT id, name FROM customers"), [[1, "Ada"]]);
assert.deepEqual(Object.keys(info.schemaUpdate), ["customers", "customers__orders"]);
assert.deepEqual(Object.keys(info.schemaUpdate["customers"]?.columns ?? {}), ["born"]);
assert.equal(p.defaultSchema?.tables["customers__orders"], undefined);
