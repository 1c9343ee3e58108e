import { incremental, resource, source } from "../../src/index.js";
import { both, type Days } from "./days-scenario.js";
import { merged } from "./merge-scenario.js";

/** Rows that come in addition, with lists in lists, a cursor, and a column that comes later. */
const eventsOn = (day: number) =>
  resource(
    { name: "events", primaryKey: "id", incremental: incremental("hour", { initialValue: 0, rowOrder: "asc" }) },
    async function* () {
      for (let hour = 0; hour < day * 3; hour++) {
        yield [0, 1].map((part) => ({
          id: hour * 2 + part,
          hour,
          items: Array.from({ length: (hour + part) % 3 }, (_, n) => ({
            sku: `sku${n}`,
            options: [`size ${hour}`, "blue"],
          })),
          ...(day > 1 && { channel: "web" }),
        }));
      }
    },
  );
const eventTables: Omit<Days, "sourcesOn"> = {
  rootTables: ["events"],
  nestedTables: ["events__items", "events__items__options"],
  content: {
    events: "SELECT id, hour, channel FROM events ORDER BY ALL",
    items: `
      SELECT e.id, i._dlt_list_idx AS item, i.sku, o._dlt_list_idx AS choice, o.value
      FROM events e JOIN events__items i ON i._dlt_parent_id = e._dlt_id
      LEFT JOIN events__items__options o ON o._dlt_parent_id = i._dlt_id ORDER BY ALL`,
    itemCounts: `
      SELECT (SELECT count(*) FROM events__items) AS items, (SELECT count(*) FROM events__items__options) AS options`,
  },
};

/** Rows that change as a whole. */
const catalogueOn = (day: number) =>
  resource({ name: "catalogue", writeDisposition: "replace" }, () => [
    { sku: "sku0", price: 10 * day, stock: [{ store: "north", count: day }] },
    ...(day > 1 ? [{ sku: "sku1", price: 20.5, stock: [] }] : []),
  ]);
const catalogueTables: Omit<Days, "sourcesOn"> = {
  rootTables: ["catalogue"],
  nestedTables: ["catalogue__stock"],
  content: {
    catalogue: `
      SELECT c.sku, c.price, s.store, s.count
      FROM catalogue c LEFT JOIN catalogue__stock s ON s._dlt_parent_id = c._dlt_id ORDER BY ALL`,
    stockCount: "SELECT count(*) AS stock FROM catalogue__stock",
  },
};

const events: Days = {
  sourcesOn: (day) => [source({ name: "shop" }, () => [eventsOn(day)])()],
  ...eventTables,
};

const catalogue: Days = {
  sourcesOn: (day) => [source({ name: "shop" }, () => [catalogueOn(day)])()],
  ...catalogueTables,
};

/** Rows with a cursor and little else. */
const staff: Days = {
  sourcesOn: (day) => [
    source({ name: "staff" }, () => [
      resource({ name: "people", incremental: incremental("since", { initialValue: 0 }) }, () =>
        Array.from({ length: day * 2 }, (_, n) => ({ id: n, since: n })),
      ),
    ])(),
  ],
  rootTables: ["people"],
  nestedTables: [],
  content: { people: "SELECT id, since FROM people ORDER BY ALL" },
};

/** Two days of three sources: nested rows, state, tables that are replaced and merged, a column that comes later. */
export const threeSources: Days = [merged, staff].reduce(both, {
  ...both(events, catalogue),
  sourcesOn: (day) => [source({ name: "shop" }, () => [eventsOn(day), catalogueOn(day)])()],
});
