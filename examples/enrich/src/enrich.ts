/**
 * Transformers: resources that are fed by the rows of another one.
 *
 * `shipments` asks a shop for the shipments of each order: one request per order, several at a time. `orders_in_euro` adds the
 * price in euro to each order. Both are fed by the same list of orders, which is read once, and not loaded itself.
 */
import { strict as assert } from "node:assert";
import { rm } from "node:fs/promises";
import { duckdb } from "@dlt/destination-duckdb";
import { pipeline, resource, setting, source, transformer } from "@dlt/pipeline";
import { startShop } from "./shop.js";

interface Order {
  readonly id: number;
  readonly placed_at: string;
  readonly currency: string;
  readonly total: number;
}
interface Shipment {
  readonly carrier: string;
  readonly parcels: readonly { readonly weight: number }[];
}

const shop = source({ name: "shop", config: { baseUrl: setting<string>() } }, ({ baseUrl }) => {
  const get = async <Answer>(path: string, signal: AbortSignal): Promise<Answer> => {
    const response = await fetch(`${baseUrl}${path}`, { signal });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${response.statusText}`);
    return (await response.json()) as Answer;
  };

  // `selected: false`: its rows feed the transformers and go to no table.
  const orders = resource({ name: "orders", selected: false }, async function* ({ signal }) {
    for (let page = 1; ; page++) {
      const rows = await get<Order[]>(`/orders?page=${page}`, signal);
      if (rows.length === 0) return;
      yield rows;
    }
  });

  // Called with each order. An array is any number of rows, none among them. With `parallelized` the calls do not wait for each
  // other; the rows come in the order of the orders all the same.
  const shipments = transformer({ name: "shipments", parallelized: true }, async (order: Order, { signal }) => {
    const found = await get<Shipment[]>(`/orders/${order.id}/shipments`, signal);
    return found.map((shipment) => ({ order_id: order.id, ...shipment }));
  });

  // A single object is one row. Each rate is asked for once, and shared by the orders that need it.
  const rates = new Map<string, Promise<{ readonly euro: number }>>();
  const ordersInEuro = transformer({ name: "orders_in_euro", primaryKey: "id" }, async (order: Order, { signal }) => {
    const known = rates.get(order.currency) ?? get<{ euro: number }>(`/rates/${order.currency}`, signal);
    rates.set(order.currency, known);
    const { euro } = await known;
    return { ...order, total_in_euro: Math.round(order.total * euro * 100) / 100 };
  });

  return [orders, orders.pipe(shipments), orders.pipe(ordersInEuro)];
});

await using server = await startShop();
const p = pipeline({
  pipelineName: "enrich",
  destination: duckdb({ credentials: "enrich.duckdb" }),
  datasetName: "shop",
});
await p.drop({ dataset: true }); // so that every start begins with nothing

const info = await p.run(shop({ baseUrl: server.baseUrl }));
const { orders_in_euro, shipments } = info.rowCounts;
console.log(`Loaded ${orders_in_euro} orders and ${shipments} shipments; the list of orders itself is no table.`);
console.log(
  `Requests: ${server.count("rates")} for rates, ${server.count("shipments")} for shipments, several at a time`,
);

const sql = await p.sqlClient();
const rows = await sql.executeSql(`
  SELECT o.id, o.total, o.currency, o.total_in_euro, s.carrier, sum(p.weight) AS weight
  FROM orders_in_euro AS o
  LEFT JOIN shipments AS s ON s.order_id = o.id
  LEFT JOIN shipments__parcels AS p ON p._dlt_parent_id = s._dlt_id
  GROUP BY ALL ORDER BY o.id, s.carrier LIMIT 5`);
const names = ["id", "total", "currency", "in euro", "carrier", "weight"];
console.table(rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]]))));

assert.deepEqual(info.rowCounts, { orders_in_euro: 30, shipments: 30, shipments__parcels: 40 });
assert.equal(p.defaultSchema?.tables["orders"], undefined);
assert.equal(server.count("shipments"), 30);
assert.equal(server.count("rates"), 3);
assert.ok(server.mostAtATime() > 1);

await sql.close();
await p.drop({ dataset: true });
await rm("enrich.duckdb");
