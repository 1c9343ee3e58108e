import { incremental, resource, source } from "../../src/index.js";
import type { PipelineRuntime } from "../../src/runtime.js";
import { type Machine, machineIn } from "../machine.js";

/** Orders come in addition and have nested rows, customers are counted in the state of their own. */
function shopOf(count: number) {
  const orders = resource({ name: "orders", incremental: incremental("id", { initialValue: 0 }) }, () =>
    Array.from({ length: count }, (_, id) => ({ id, lines: [{ sku: `sku${id}` }, { sku: "bag" }] })),
  );
  const customers = resource({ name: "customers" }, ({ state, sourceState }) => {
    const known = Number(state["known"] ?? 0);
    state["known"] = count;
    sourceState["runs"] = Number(sourceState["runs"] ?? 0) + 1;
    return Array.from({ length: count - known }, (_, n) => ({ id: known + n }));
  });
  const stock = source({ name: "stock" }, () => [
    resource({ name: "places", incremental: incremental("id", { initialValue: 0 }) }, () =>
      Array.from({ length: count }, (_, id) => ({ id, shelves: [id] })),
    ),
  ]);
  return [source({ name: "shop" }, () => [orders, customers])(), stock()];
}

/** A plain run, then one that forgets each source, one that forgets resources, and one that truncates; each has more rows. */
export async function runRefreshScenario(folder: string, runtime: PipelineRuntime): Promise<void> {
  const run = (count: number, refresh?: "drop_sources" | "drop_resources" | "drop_data") =>
    machineIn(folder)
      .pipeline({}, runtime)
      .run(shopOf(count), refresh === undefined ? {} : { refresh });
  await run(2);
  await run(3, "drop_sources");
  await run(4, "drop_resources");
  await run(5, "drop_data");
}

/** Everything that was loaded, without ids and times. */
export async function refreshedContent(machine: Machine): Promise<unknown> {
  return {
    orders: await machine.query(
      "SELECT o.id, l.sku FROM orders o JOIN orders__lines l ON l._dlt_parent_id = o._dlt_id ORDER BY ALL",
    ),
    customers: await machine.query("SELECT id FROM customers ORDER BY ALL"),
    places: await machine.query(
      "SELECT p.id, s.value FROM places p JOIN places__shelves s ON s._dlt_parent_id = p._dlt_id ORDER BY ALL",
    ),
    counts: await machine.query(
      "SELECT (SELECT count(*) FROM orders__lines) AS lines, (SELECT count(*) FROM places__shelves) AS shelves",
    ),
    versions: await machine.query("SELECT schema_name FROM _dlt_version ORDER BY ALL"),
  };
}

/** What must hold of the system tables however often a run was interrupted; empty when it does. */
export async function brokenRefreshRules(machine: Machine): Promise<readonly string[]> {
  const rules = {
    "a load is complete once": "SELECT load_id FROM _dlt_loads GROUP BY load_id HAVING count(*) > 1",
    "rows belong to complete loads": `
      SELECT DISTINCT _dlt_load_id FROM (FROM orders SELECT _dlt_load_id UNION ALL FROM customers SELECT _dlt_load_id
      UNION ALL FROM places SELECT _dlt_load_id UNION ALL FROM _dlt_pipeline_state SELECT _dlt_load_id)
      WHERE _dlt_load_id NOT IN (SELECT load_id FROM _dlt_loads)`,
    "the schema of the last load is stored": `
      SELECT schema_name FROM _dlt_loads GROUP BY schema_name HAVING max_by(schema_version_hash, load_id) NOT IN
      (SELECT version_hash FROM _dlt_version)`,
    "a state version is stored once": "SELECT version FROM _dlt_pipeline_state GROUP BY version HAVING count(*) > 1",
  };
  const broken: string[] = [];
  for (const [rule, sql] of Object.entries(rules)) if ((await machine.query(sql)).length > 0) broken.push(rule);
  return broken;
}
