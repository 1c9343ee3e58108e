import { strict as assert } from "node:assert";
import { duckdb } from "@dlt/destination-duckdb";
import { pipeline } from "@dlt/pipeline";

const p = pipeline({
  pipelineName: "countries",
  destination: duckdb({ credentials: "countries.duckdb" }),
  datasetName: "country_data",
});
await p.drop({ dataset: true }); // so that every start begins with nothing

const countries = [
  { id: 1, country: "USA", population: 331_449_281 },
  { id: 2, country: "Germany", population: 83_783_942 },
  { id: 3, country: "Kenya", population: 47_564_296 },
];
const first = await p.run(countries, { tableName: "countries" });
console.log(String(first));

// The next delivery knows more: capitals, and a fourth country. The table grows a column; rows loaded before have null there.
const capitals = [
  { id: 2, country: "Germany", population: 83_783_942, capital: "Berlin" },
  { id: 4, country: "Japan", population: 125_416_877, capital: "Tokyo" },
];
const second = await p.run(capitals, { tableName: "countries" });

const changes: string[] = [];
for (const loadPackage of second.loadPackages) {
  for (const [table, update] of Object.entries(loadPackage.schemaUpdate)) {
    for (const column of Object.values(update.columns)) {
      changes.push(`Table ${table}: column ${column.name}: ${column.dataType}`);
    }
  }
}
console.log(`\nWhat the second run changed:\n${changes.join("\n")}\n`);

await using sql = await p.sqlClient();
const rows = await sql.executeSql("SELECT id, country, capital FROM countries ORDER BY id, capital NULLS FIRST");
console.table(rows);

assert.equal(second.hasFailedJobs, false);
assert.deepEqual(changes, ["Table countries: column capital: text"]);
assert.deepEqual(rows.map(String), ["1,USA,", "2,Germany,", "2,Germany,Berlin", "3,Kenya,", "4,Japan,Tokyo"]);
