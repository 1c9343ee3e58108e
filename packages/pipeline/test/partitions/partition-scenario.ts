import { incremental, type Resource, resource, source, transformer } from "../../src/index.js";
import type { Machine } from "../machine.js";

interface Sale {
  readonly id: number;
  readonly hour: number;
  readonly amount: number;
  readonly note: number | string;
  readonly channel?: string;
  readonly items: readonly { readonly sku: string; readonly options: readonly string[] }[];
}

/** Sales of one hour. What comes later has fractions, texts and columns that the hours before do not have. */
function salesOf(hour: number): readonly Sale[] {
  return [0, 1].map((part) => ({
    id: hour * 2 + part,
    hour,
    amount: hour < 4 ? hour : hour + 0.5,
    note: hour % 3 === 2 ? "late" : hour,
    ...(hour > 2 && { channel: "web" }),
    items: Array.from({ length: (hour + part) % 3 }, (_, n) => ({ sku: `sku${n}`, options: [`size ${hour}`, "blue"] })),
  }));
}

const hoursPerDay = 6;

/** The hours of a part, or of all days up to this one. */
function hoursOf(day: number, part: { readonly from: number; readonly to: number } | undefined): readonly number[] {
  const { from, to } = part ?? { from: 0, to: day * hoursPerDay };
  return Array.from({ length: to - from }, (_, n) => from + n);
}

/** What the shop knows on a day. Sales come in addition, the catalogue changes as a whole, both read in parts; visits are counted. */
export function shopOn(day: number) {
  const sales = resource(
    {
      name: "sales",
      primaryKey: "id",
      incremental: incremental("hour", { initialValue: 0 }),
      partitions: ({ incremental: { startValue } }) =>
        Array.from({ length: 3 }, (_, n) => {
          const step = Math.ceil((day * hoursPerDay - startValue) / 3);
          return { from: startValue + n * step, to: Math.min(startValue + (n + 1) * step, day * hoursPerDay) };
        }),
    },
    async function* ({ partition }) {
      for (const hour of hoursOf(day, partition)) yield salesOf(hour);
    },
  );
  const baskets = sales.pipe(
    transformer({ name: "baskets", by: "page" }, (page: readonly Sale[]) =>
      page.map(({ id, items }) => ({ sale: id, size: items.length })),
    ),
  );
  const catalogue = resource(
    { name: "catalogue", writeDisposition: "replace", partitions: () => ["north", "south"] },
    ({ partition }) =>
      (partition === undefined ? ["north", "south"] : [partition]).map((store) => ({
        store,
        price: store === "north" ? 10 * day : 20.5,
        stock: [{ sku: "sku0", count: day }],
      })),
  );
  const visits = resource({ name: "visits" }, ({ state }) => {
    state["days"] = day;
    return [{ day, count: 1 }];
  });
  const nothing = resource({ name: "nothing", writeDisposition: "replace" }, () => (day === 1 ? [{ id: 1 }] : []));
  return source({ name: "shop" }, () => [sales, baskets, catalogue, visits, nothing] as readonly Resource[])();
}

/** Everything that was loaded, without what differs between two loads of the same: ids and times. */
export async function loadedContent(machine: Machine): Promise<unknown> {
  return {
    sales: await machine.query("SELECT * EXCLUDE (_dlt_id, _dlt_load_id) FROM sales ORDER BY ALL"),
    items: await machine.query(`
      SELECT s.id, i._dlt_list_idx AS item, i.sku, o._dlt_list_idx AS choice, o.value
      FROM sales s JOIN sales__items i ON i._dlt_parent_id = s._dlt_id
      LEFT JOIN sales__items__options o ON o._dlt_parent_id = i._dlt_id ORDER BY ALL`),
    baskets: await machine.query("SELECT sale, size FROM baskets ORDER BY ALL"),
    catalogue: await machine.query(`
      SELECT c.store, c.price, s.sku, s.count
      FROM catalogue c LEFT JOIN catalogue__stock s ON s._dlt_parent_id = c._dlt_id ORDER BY ALL`),
    visits: await machine.query("SELECT day, count FROM visits ORDER BY ALL"),
    nothing: await machine.query("SELECT id FROM nothing"),
    loads: await machine.query(`
      SELECT l.schema_name, l.status, l.schema_version_hash, (SELECT count(*) FROM sales WHERE _dlt_load_id = l.load_id) AS sales
      FROM _dlt_loads l ORDER BY l.load_id`),
    versions: await machine.query("SELECT version, version_hash FROM _dlt_version ORDER BY ALL"),
    states: await machine.query("SELECT version, version_hash FROM _dlt_pipeline_state ORDER BY ALL"),
    columns: await machine.query(`
      SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
      WHERE table_schema = 'data' AND table_name <> '_dlt_jobs' ORDER BY table_name, ordinal_position`),
  };
}

/** What must hold however often a commit was interrupted; empty when it does. */
export async function brokenRules(machine: Machine): Promise<readonly string[]> {
  const rules = {
    "a load is complete once": "SELECT load_id FROM _dlt_loads GROUP BY load_id HAVING count(*) > 1",
    "row ids are unique": `
      SELECT _dlt_id FROM (FROM sales SELECT _dlt_id UNION ALL FROM sales__items SELECT _dlt_id UNION ALL FROM sales__items__options
      SELECT _dlt_id UNION ALL FROM catalogue SELECT _dlt_id UNION ALL FROM baskets SELECT _dlt_id) GROUP BY _dlt_id HAVING count(*) > 1`,
    "rows belong to complete loads":
      "SELECT _dlt_load_id FROM sales WHERE _dlt_load_id NOT IN (SELECT load_id FROM _dlt_loads)",
  };
  const broken: string[] = [];
  for (const [rule, sql] of Object.entries(rules)) if ((await machine.query(sql)).length > 0) broken.push(rule);
  return broken;
}
