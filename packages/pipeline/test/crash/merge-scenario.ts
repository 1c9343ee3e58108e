import { resource, source } from "../../src/index.js";
import type { Days } from "./days-scenario.js";

/** Orders with lines: the second day some are gone, some have other lines, some are new, and one comes twice. */
const ordersOn = (day: number) =>
  resource(
    { name: "orders", primaryKey: "id", writeDisposition: "merge", columns: { gone: { hardDelete: true } } },
    () =>
      [...Array(4 * day).keys(), 0].map((id) => ({
        id,
        gone: day > 1 && id === 2,
        lines: Array.from({ length: (id + day) % 3 }, (_, n) => ({ sku: `${day}-${n}` })),
      })),
  );

/** Customers whose rows have ids made from their key. */
const customersOn = (day: number) =>
  resource(
    { name: "customers", primaryKey: "id", writeDisposition: { disposition: "merge", strategy: "upsert" } },
    () => Array.from({ length: 3 * day }, (_, id) => ({ id, day, tags: id === 0 ? [] : [`tag ${day}`] })),
  );

/** Prices whose former versions are kept. A day that is run again has the prices of the last day that was loaded. */
const pricesOn = (day: number) =>
  resource(
    { name: "prices", writeDisposition: { disposition: "merge", strategy: "scd2", activeColumnName: "is_active" } },
    ({ state }) => {
      const latest = Math.max(day, Number(state["day"] ?? 0));
      state["day"] = latest;
      return [
        { sku: "a", price: 1 },
        { sku: "b", price: latest },
      ];
    },
  );

/** Rows that are merged by each way there is to tell them apart. */
export const merged: Days = {
  sourcesOn: (day) => [source({ name: "crm" }, () => [ordersOn(day), customersOn(day), pricesOn(day)])()],
  rootTables: ["orders", "customers", "prices"],
  nestedTables: ["orders__lines", "customers__tags"],
  content: {
    orders: "SELECT o.id, l.sku FROM orders o LEFT JOIN orders__lines l ON l._dlt_parent_id = o._dlt_id ORDER BY ALL",
    customers: `
      SELECT c.id, c.day, t.value FROM customers c LEFT JOIN customers__tags t ON t._dlt_root_id = c._dlt_id ORDER BY ALL`,
    prices: "SELECT sku, price, _dlt_valid_to IS NULL AS is_open, is_active FROM prices ORDER BY ALL",
    nestedCounts:
      "SELECT (SELECT count(*) FROM orders__lines) AS lines, (SELECT count(*) FROM customers__tags) AS tags",
  },
};
