import { strict as assert } from "node:assert";
import { pipeline } from "@dlt/pipeline";

const p = pipeline({ destination: "duckdb", datasetName: "mydata" });
await p.drop({ dataset: true }); // so that every start begins with nothing

const rows = [
  { id: 1, name: "John", pets: [{ name: "Rex", born: "2021-04-01" }, { name: "Tom" }] },
  { id: 2, name: "Ada", address: { city: "London" }, tags: ["admin", "beta"] },
];
const info = await p.run(rows, { tableName: "users" });

console.log(String(info));

// Nested objects became columns, lists became tables of their own.
assert.deepEqual(info.loadPackages[0]?.tableRows, [
  { name: "users", parent: null, rowCount: 2 },
  { name: "users__pets", parent: "users", rowCount: 2 },
  { name: "users__tags", parent: "users", rowCount: 2 },
]);
await using sql = await p.sqlClient();
assert.deepEqual(
  await sql.executeSql(
    "SELECT users.name, users.address__city, pets.name, CAST(pets.born AS TEXT) FROM users LEFT JOIN users__pets AS pets ON pets._dlt_parent_id = users._dlt_id ORDER BY users.id, pets._dlt_list_idx",
  ),
  [
    ["John", null, "Rex", "2021-04-01"],
    ["John", null, "Tom", null],
    ["Ada", "London", null, null],
  ],
);
