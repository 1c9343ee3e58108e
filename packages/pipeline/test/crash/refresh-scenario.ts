import { incremental, resource, source } from "../../src/index.js";
import { brokenOf, type Scenario } from "./scenario.js";

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
export const refreshScenario: Scenario = {
  // Before there is a manifest nothing of a refresh is kept; how chunks and files are written is the same without one.
  reaches: (point) =>
    /^extract\.(?:manifest|package|schema|state)|^normalize\.(?:package\.committed|schema)|^load\.(?!step)/.test(point),
  run: async (machine, runtime) => {
    const run = (count: number, refresh?: "drop_sources" | "drop_resources" | "drop_data") =>
      machine.pipeline({}, runtime).run(shopOf(count), refresh === undefined ? {} : { refresh });
    await run(2);
    await run(3, "drop_sources");
    await run(4, "drop_resources");
    await run(5, "drop_data");
  },
  content: (machine) => machine.queryAll(content),
  broken: (machine) => brokenOf(rules, machine),
};

/** Everything that was loaded, without ids and times. */
const content = {
  orders: "SELECT o.id, l.sku FROM orders o JOIN orders__lines l ON l._dlt_parent_id = o._dlt_id ORDER BY ALL",
  customers: "SELECT id FROM customers ORDER BY ALL",
  places: "SELECT p.id, s.value FROM places p JOIN places__shelves s ON s._dlt_parent_id = p._dlt_id ORDER BY ALL",
  counts: "SELECT (SELECT count(*) FROM orders__lines) AS lines, (SELECT count(*) FROM places__shelves) AS shelves",
  versions: "SELECT schema_name FROM _dlt_version ORDER BY ALL",
};

/** What must hold of the system tables however often a run was interrupted. */
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
