import { strict as assert } from "node:assert";
import { duckdb } from "@dlt/destination-duckdb";
import { incremental, pipeline, resource } from "@dlt/pipeline";
import { type Table, tableFromArrays } from "apache-arrow";

const p = pipeline({
  pipelineName: "arrow_tables",
  destination: duckdb({ credentials: "arrow-tables.duckdb" }),
  datasetName: "weather",
});
await p.drop({ dataset: true }); // so that every start begins with nothing

// Any table, from tableFromIPC, DuckDB-Wasm, Arquero …
const monday = tableFromArrays({
  Station: ["Oslo", "Bergen"],
  takenAt: [new Date("2026-01-05T06:00:00Z"), new Date("2026-01-05T06:00:00Z")],
  celsius: Float32Array.of(-4.5, 3),
});
const tuesday = tableFromArrays({
  Station: ["Bergen", "Oslo"],
  takenAt: [new Date("2026-01-05T06:00:00Z"), new Date("2026-01-06T06:00:00Z")], // the first was there on Monday
  celsius: Float32Array.of(3, -7.25),
  humidity: Uint8Array.of(60, 80), //                                               a new column
});

const readings = (table: Table) =>
  resource({ name: "readings", primaryKey: "Station", incremental: incremental("takenAt") }, function* () {
    yield table;
  });
await p.run(readings(monday));
const info = await p.run(readings(tuesday)); // compares timestamps where they are: no row becomes an object
console.log(String(info));

await using sql = await p.sqlClient();
const stored = await sql.query("SELECT station, celsius, humidity FROM readings ORDER BY taken_at, station");
console.table(stored.rows);
assert.deepEqual(stored.rows, [
  ["Bergen", 3, null],
  ["Oslo", -4.5, null],
  ["Oslo", -7.25, 80],
]);
