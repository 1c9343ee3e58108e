import { strict as assert } from "node:assert";
import { duckdb } from "@dlt/destination-duckdb";
import { pipeline, resource } from "@dlt/pipeline";

// All customers come each time. A version of a customer begins with the run that brings it, and ends with the one that brings another, or none.
const customers = (day: string, rows: readonly object[]) =>
  resource(
    {
      name: "customers",
      primaryKey: "id",
      writeDisposition: {
        disposition: "merge",
        strategy: "scd2",
        validityColumnNames: ["valid_from", "valid_to"],
        activeRecordTimestamp: "9999-12-31",
        boundaryTimestamp: day,
        activeColumnName: "_is_active",
      },
    },
    () => rows,
  );

const p = pipeline({
  pipelineName: "customer_history",
  destination: duckdb({ credentials: "customer-history.duckdb" }),
  datasetName: "crm",
});
await p.drop({ dataset: true }); // so that every start begins with nothing
await p.run(
  customers("2026-01-01", [
    { id: 1, name: "Ada", city: "London" },
    { id: 2, name: "Alan", city: "Wilmslow" },
  ]),
);
await p.run(
  customers("2026-02-01", [
    { id: 1, name: "Ada", city: "Paris" },
    { id: 2, name: "Alan", city: "Wilmslow" },
    { id: 3, name: "Grace", city: "New York" },
  ]),
);
await p.run(
  customers("2026-03-01", [
    { id: 1, name: "Ada", city: "Paris" },
    { id: 3, name: "Grace", city: "New York" },
  ]),
);

await using sql = await p.sqlClient();
const day = (column: string) => `strftime(${column} AT TIME ZONE 'UTC', '%Y-%m-%d')`;
const history = await sql.executeSql(
  `SELECT name, city, ${day("valid_from")}, ${day("valid_to")}, _is_active FROM customers ORDER BY id, valid_from`,
);
console.table(history);
// Where everyone was in the middle of February.
const then = await sql.executeSql(
  "SELECT name, city FROM customers WHERE valid_from <= %s::TIMESTAMPTZ AND valid_to > %s::TIMESTAMPTZ ORDER BY id",
  "2026-02-15T00:00:00Z",
  "2026-02-15T00:00:00Z",
);
console.table(then);

assert.deepEqual(history.map(String), [
  "Ada,London,2026-01-01,2026-02-01,false",
  "Ada,Paris,2026-02-01,9999-12-31,true",
  "Alan,Wilmslow,2026-01-01,2026-03-01,false",
  "Grace,New York,2026-02-01,9999-12-31,true",
]);
assert.deepEqual(then.map(String), ["Ada,Paris", "Alan,Wilmslow", "Grace,New York"]);
