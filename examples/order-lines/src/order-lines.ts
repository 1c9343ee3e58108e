import { strict as assert } from "node:assert";
import { duckdb } from "@dlt/destination-duckdb";
import { pipeline, resource } from "@dlt/pipeline";

const orders = (rows: readonly object[]) =>
  resource({ name: "orders", primaryKey: "id", writeDisposition: "merge" }, () => rows);

const p = pipeline({
  pipelineName: "order_lines",
  destination: duckdb({ credentials: "order-lines.duckdb" }),
  datasetName: "shop",
});
await p.drop({ dataset: true }); // so that every start begins with nothing
await p.run(
  orders([
    {
      id: 1,
      line_items: [
        { sku: "A1", quantity: 2, discounts: [5] },
        { sku: "B7", quantity: 1 },
      ],
    },
    { id: 2, line_items: [{ sku: "A1", quantity: 1 }] },
  ]),
);
// Order 1 has other lines now, order 2 is not mentioned, and order 3 is new.
await p.run(
  orders([
    {
      id: 1,
      line_items: [
        { sku: "A1", quantity: 3 },
        { sku: "C3", quantity: 4 },
      ],
    },
    { id: 3, line_items: [{ sku: "B7", quantity: 9, discounts: [10, 20] }] },
  ]),
);

await using sql = await p.sqlClient();
const lines = await sql.executeSql(`
  SELECT orders.id, sku, quantity FROM orders JOIN orders__line_items AS lines ON lines._dlt_parent_id = orders._dlt_id
  ORDER BY orders.id, lines._dlt_list_idx`);
const discounts = await sql.executeSql(`
  SELECT sku, discounts.value FROM orders__line_items AS lines
  JOIN orders__line_items__discounts AS discounts ON discounts._dlt_parent_id = lines._dlt_id ORDER BY discounts.value`);
console.table(lines);
console.table(discounts);

assert.deepEqual(lines.map(String), ["1,A1,3", "1,C3,4", "2,A1,1", "3,B7,9"]);
assert.deepEqual(discounts.map(String), ["B7,10", "B7,20"]);
