import { incremental, resource, source } from "../../src/index.js";
import type { PipelineRuntime } from "../../src/runtime.js";
import { type Machine, machineIn } from "../machine.js";

/** What the shop knows on a day: events come in addition, the catalogue changes as a whole. */
function shopOn(day: number) {
  const events = resource(
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
  const catalogue = resource({ name: "catalogue", writeDisposition: "replace" }, () => [
    { sku: "sku0", price: 10 * day, stock: [{ store: "north", count: day }] },
    ...(day > 1 ? [{ sku: "sku1", price: 20.5, stock: [] }] : []),
  ]);
  const shop = source({ name: "shop" }, () => [events, catalogue]);
  const staff = source({ name: "staff" }, () => [
    resource({ name: "people", incremental: incremental("since", { initialValue: 0 }) }, () =>
      Array.from({ length: day * 2 }, (_, n) => ({ id: n, since: n })),
    ),
  ]);
  return [shop(), staff()];
}

/**
 * Two days of two sources: nested rows, state, a table that is replaced, a column that comes later. The second day is loaded in
 * epochs.
 */
export async function runScenario(folder: string, runtime: PipelineRuntime): Promise<void> {
  for (const day of [1, 2]) {
    const epochs = day === 2 && { checkpoint: { everyRows: 4 } };
    await machineIn(folder)
      .pipeline({}, runtime)
      .run(shopOn(day), { ...epochs });
  }
}

/** Everything that was loaded, without what differs between two runs of the same: ids and times. */
export async function loadedContent(machine: Machine): Promise<unknown> {
  return {
    events: await machine.query("SELECT id, hour, channel FROM events ORDER BY ALL"),
    items: await machine.query(`
      SELECT e.id, i._dlt_list_idx AS item, i.sku, o._dlt_list_idx AS choice, o.value
      FROM events e JOIN events__items i ON i._dlt_parent_id = e._dlt_id
      LEFT JOIN events__items__options o ON o._dlt_parent_id = i._dlt_id ORDER BY ALL`),
    catalogue: await machine.query(`
      SELECT c.sku, c.price, s.store, s.count
      FROM catalogue c LEFT JOIN catalogue__stock s ON s._dlt_parent_id = c._dlt_id ORDER BY ALL`),
    people: await machine.query("SELECT id, since FROM people ORDER BY ALL"),
    counts: await machine.query(`
      SELECT (SELECT count(*) FROM events__items) AS items, (SELECT count(*) FROM events__items__options) AS options,
        (SELECT count(*) FROM catalogue__stock) AS stock`),
    columns: await machine.query(`
      SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
      WHERE table_schema = 'data' AND table_name <> '_dlt_jobs' ORDER BY ALL`),
  };
}

/** What must hold of the system tables however often a run was interrupted; empty when it does. */
export async function brokenRules(machine: Machine): Promise<readonly string[]> {
  const rules = {
    "a load is complete once": "SELECT load_id FROM _dlt_loads GROUP BY load_id HAVING count(*) > 1",
    "rows belong to complete loads": `
      SELECT DISTINCT _dlt_load_id FROM (FROM events SELECT _dlt_load_id UNION ALL FROM catalogue SELECT _dlt_load_id
      UNION ALL FROM people SELECT _dlt_load_id UNION ALL FROM _dlt_pipeline_state SELECT _dlt_load_id)
      WHERE _dlt_load_id NOT IN (SELECT load_id FROM _dlt_loads)`,
    "a schema version is stored once":
      "SELECT version_hash FROM _dlt_version GROUP BY version_hash HAVING count(*) > 1",
    "loads have their schema":
      "SELECT load_id FROM _dlt_loads WHERE schema_version_hash NOT IN (SELECT version_hash FROM _dlt_version)",
    "a state version is stored once": "SELECT version FROM _dlt_pipeline_state GROUP BY version HAVING count(*) > 1",
    "row ids are unique": `
      SELECT _dlt_id FROM (FROM events SELECT _dlt_id UNION ALL FROM events__items SELECT _dlt_id UNION ALL FROM events__items__options
      SELECT _dlt_id UNION ALL FROM catalogue SELECT _dlt_id UNION ALL FROM people SELECT _dlt_id) GROUP BY _dlt_id HAVING count(*) > 1`,
  };
  const broken: string[] = [];
  for (const [rule, sql] of Object.entries(rules)) if ((await machine.query(sql)).length > 0) broken.push(rule);
  return broken;
}
