import { strict as assert } from "node:assert";
import { duckdb } from "@dlt/destination-duckdb";
import { pipeline, resource } from "@dlt/pipeline";

// Orders come again when they change, and say when they were cancelled. The newest state of each is kept.
const orders = (rows: readonly object[]) =>
  resource(
    {
      name: "orders",
      primaryKey: "id",
      writeDisposition: "merge",
      columns: { version: { dedupSort: "desc" }, cancelled: { dataType: "bool", hardDelete: true } },
    },
    () => rows,
  );

// Prices come as a whole each day. What they were before is kept, with the time from which and until which it was true.
const prices = (day: string, rows: readonly object[]) =>
  resource(
    {
      name: "prices",
      writeDisposition: {
        disposition: "merge",
        strategy: "scd2",
        boundaryTimestamp: day,
        activeColumnName: "is_active",
      },
    },
    () => rows,
  );

const p = pipeline({
  pipelineName: "write_dispositions",
  destination: duckdb({ credentials: "write-dispositions.duckdb" }),
  datasetName: "shop",
});
await p.drop({ dataset: true }); // so that every start begins with nothing
await p.run([
  orders([
    { id: 1, version: 1, lines: [{ sku: "A1" }, { sku: "B7" }] },
    { id: 2, version: 1, lines: [{ sku: "A1" }] },
  ]),
  prices("2026-03-01", [
    { sku: "A1", price: 10 },
    { sku: "B7", price: 4.5 },
  ]),
]);
await p.run([
  orders([
    { id: 1, version: 2, lines: [{ sku: "A1" }] },
    { id: 1, version: 3, lines: [{ sku: "C3" }] },
    { id: 2, version: 2, cancelled: true },
    { id: 3, version: 1, lines: [{ sku: "B7" }] },
  ]),
  prices("2026-03-02", [
    { sku: "A1", price: 11 },
    { sku: "C3", price: 7 },
  ]),
]);

await using sql = await p.sqlClient();
async function show(query: string): Promise<readonly (readonly unknown[])[]> {
  const { columns, rows } = await sql.query(query);
  console.table(rows.map((row) => Object.fromEntries(columns.map((name, index) => [name, row[index]]))));
  return rows;
}
const merged = await show(`
  SELECT id, version, sku FROM orders JOIN orders__lines AS lines ON lines._dlt_parent_id = orders._dlt_id ORDER BY id`);
const history = await show(`
  SELECT sku, price, strftime(_dlt_valid_from AT TIME ZONE 'UTC', '%d %b') AS since,
    strftime(_dlt_valid_to AT TIME ZONE 'UTC', '%d %b') AS until, is_active
  FROM prices ORDER BY sku, since`);

assert.deepEqual(merged.map(String), ["1,3,C3", "3,1,B7"]);
assert.deepEqual(history.map(String), [
  "A1,10,01 Mar,02 Mar,false",
  "A1,11,02 Mar,,true",
  "B7,4.5,01 Mar,02 Mar,false",
  "C3,7,02 Mar,,true",
]);
