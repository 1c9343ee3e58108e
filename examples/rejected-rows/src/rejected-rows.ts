import { strict as assert } from "node:assert";
import { duckdb } from "@dlt/destination-duckdb";
import { pipeline, resource } from "@dlt/pipeline";

// The first orders make the tables. Later ones have to keep to them: rows that do not are left out.
const orders = (rows: readonly object[]) =>
  resource(
    { name: "orders", primaryKey: "id", schemaContract: { columns: "discard_row", dataType: "discard_row" } },
    () => rows,
  );
const first = [{ id: 1, customer: "Ada", lines: [{ sku: "A1", quantity: 2 }] }];
const later = [
  {
    id: 2,
    customer: "Bob",
    lines: [
      { sku: "B7", quantity: 1 },
      { sku: "C3", quantity: "a dozen" },
    ],
  },
  { id: 3, customer: "Cleo", coupon: "SPRING", lines: [{ sku: "A1", quantity: 5 }] },
];

const p = pipeline({
  pipelineName: "rejected_rows",
  destination: duckdb({ credentials: "rejected-rows.duckdb" }),
  datasetName: "shop",
  rejects: "discarded", // without it such rows are gone
});
await p.drop({ dataset: true }); // so that every start begins with nothing
await p.run(orders(first));

const info = await p.run(orders(later));
console.log(`${info.rowCounts["orders"]} order loaded, ${info.rejectedRows} rows rejected:\n`);
await using sql = await p.sqlClient();
const rejected = await sql.executeSql(
  "SELECT table_name, path, reason, row_json FROM _dlt_rejects ORDER BY row_number",
);
for (const [table, path, reason, json] of rejected) console.log(`${table}, ${path}\n  ${reason}\n  ${json}\n`);

// The coupon is welcome after all, and so is any quantity: from now on the tables grow again.
const replayed = await p.replayRejects({ schemaContract: "evolve" });
console.log(
  `Replayed: ${Object.entries(replayed.rowCounts)
    .map(([table, rows]) => `${rows} into ${table}`)
    .join(", ")}\n`,
);

const columns = ["id", "coupon", "sku", "quantity", "quantity__v_text"];
const rows = await sql.executeSql(`
  SELECT id, coupon, sku, quantity, quantity__v_text
  FROM orders JOIN orders__lines AS lines ON lines._dlt_parent_id = orders._dlt_id
  ORDER BY id, lines._dlt_list_idx`);
console.table(rows.map((row) => Object.fromEntries(columns.map((name, index) => [name, row[index]]))));
console.log(String(p.defaultSchema?.explain("orders__lines", "quantity__v_text")));

assert.equal(info.rejectedRows, 2);
assert.deepEqual(replayed.rowCounts, { orders: 1, orders__lines: 2 });
assert.equal((await p.replayRejects()).isEmpty, true); // nothing is left
assert.deepEqual(rows.map(String), ["1,,A1,2,", "2,,B7,1,", "2,,C3,,a dozen", "3,SPRING,A1,5,"]);
