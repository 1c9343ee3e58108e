import { strict as assert } from "node:assert";
import { duckdb } from "@dlt/destination-duckdb";
import { type LoadInfo, pipeline } from "@dlt/pipeline";

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

// From now on a country that comes again takes the place of the one that is there.
const byKey = { tableName: "countries", writeDisposition: "merge", primaryKey: "id" } as const;
const second = await p.run([{ id: 3, country: "Kenya", population: 53_771_296 }], byKey);

// The next delivery knows more: capitals, and a fourth country. The table grows a column; other rows have null there.
const capitals = [
  { id: 2, country: "Germany", population: 83_783_942, capital: "Berlin" },
  { id: 4, country: "Japan", population: 125_416_877, capital: "Tokyo" },
];
const third = await p.run(capitals, byKey);
console.log(`\nWhat the last run changed:\n${newColumns(third).join("\n")}\n`);

await using sql = await p.sqlClient();
const rows = await sql.executeSql("SELECT * EXCLUDE (_dlt_load_id, _dlt_id) FROM countries ORDER BY id");
console.table(rows);

/** The columns that a run added, as the load info names them. */
function newColumns({ loadPackages }: LoadInfo): readonly string[] {
  return loadPackages.flatMap(({ schemaUpdate }) =>
    Object.entries(schemaUpdate).flatMap(([table, { columns }]) =>
      Object.values(columns).map(({ name, dataType }) => `Table ${table}: column ${name}: ${dataType}`),
    ),
  );
}

assert.deepEqual(newColumns(second), []);
assert.deepEqual(newColumns(third), ["Table countries: column capital: text"]);
assert.deepEqual(rows.map(String), [
  "1,USA,331449281,",
  "2,Germany,83783942,Berlin",
  "3,Kenya,53771296,",
  "4,Japan,125416877,Tokyo",
]);
