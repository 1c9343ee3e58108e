import { strict as assert } from "node:assert";
import { duckdb } from "@dlt/destination-duckdb";
import { pipeline, resource, source } from "@dlt/pipeline";

const shop = source({ name: "shop" }, () => [
  resource({ name: "orders" }, async function* () {
    yield [
      { id: 1, customer: "Ada", lines: [{ sku: "A1", discounts: [{ code: "SPRING", percent: 10 }] }, { sku: "B7" }] },
      { id: 2, customer: "John", lines: [{ sku: "A1" }] },
    ];
  }),
]);

const p = pipeline({
  pipelineName: "run_options",
  destination: duckdb({ credentials: "run-options.duckdb" }),
  datasetName: "shop",
});
await p.drop({ dataset: true }); // so that every start begins with nothing

const info = await p.run(shop(), {
  tableName: "orders_2026", //        instead of the name of the resource
  maxTableNesting: 1, //              lists in a row become tables, lists in these stay JSON
  loaderFileFormat: "parquet", //     format of the load files
  workers: 5, //                      threads that normalize, and load jobs at the same time
});
console.log(String(info));

await using sql = await p.sqlClient();
const lines = await sql.executeSql("SELECT sku, CAST(discounts AS TEXT) FROM orders_2026__lines ORDER BY sku, 2");
console.table(lines);

const jobs = info.loadPackages.flatMap((loadPackage) => loadPackage.jobs.completedJobs);
assert.deepEqual([...new Set(jobs.map((job) => job.fileFormat))], ["parquet"]);
assert.deepEqual(info.rowCounts, { orders_2026: 2, orders_2026__lines: 3 });
assert.equal(p.defaultSchema?.tables["orders_2026__lines"]?.columns["discounts"]?.dataType, "json");
assert.deepEqual(lines, [
  ["A1", '[{"code":"SPRING","percent":10}]'],
  ["A1", null],
  ["B7", null],
]);
