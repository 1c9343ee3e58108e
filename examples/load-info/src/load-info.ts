import { strict as assert } from "node:assert";
import { duckdb } from "@dlt/destination-duckdb";
import { pipeline } from "@dlt/pipeline";

const p = pipeline({
  pipelineName: "load_info",
  destination: duckdb({ credentials: "load-info.duckdb" }),
  datasetName: "shop",
});
await p.drop({ dataset: true }); // so that every start begins with nothing

/** Loads orders, then what the run tells of itself, as rows of the same dataset. */
async function loadOrders(orders: readonly object[]): Promise<string> {
  const info = await p.run(orders, { tableName: "orders" });
  const trace = p.lastTrace; // of the run above; the next one has a trace of its own
  await p.run([info], { tableName: "_load_info" });
  await p.run([trace], { tableName: "_trace" });
  return info.loadsIds[0] ?? "";
}

const monday = await loadOrders([
  { id: 1, total: 9.5 },
  { id: 2, total: 12 },
]);
const tuesday = await loadOrders([{ id: 3, total: 7.25, coupon: "SPRING" }]);

await using sql = await p.sqlClient();

// Each row names the load that brought it, and the load info says when that was and where it went.
const rows = await sql.executeSql(`
  SELECT orders.id, orders._dlt_load_id, info.destination_name, info.dataset_name, info.finished_at < now() AS is_over
  FROM orders
  JOIN _load_info__loads_ids AS loads ON loads.value = orders._dlt_load_id
  JOIN _load_info AS info ON info._dlt_id = loads._dlt_parent_id
  ORDER BY orders.id`);
console.table(rows);

// So does each column, and each table.
const columns = await sql.executeSql(`
  SELECT name, data_type, load_id FROM _load_info__load_packages__tables__columns
  WHERE table_name = 'orders' AND name NOT LIKE '\\_dlt%' ESCAPE '\\'
  ORDER BY load_id, name`);
console.table(columns);

// How many rows each load brought, and how many bytes that took.
const jobs = await sql.executeSql(`
  SELECT load_id, items_count, file_size > 0 AS has_bytes, retry_count FROM _load_info__job_metrics
  WHERE table_name = 'orders' ORDER BY load_id`);

// The trace has all steps with their times, and the error of one that failed.
const steps = await sql.executeSql(`
  SELECT step, count(*) AS runs, bool_and(finished_at >= started_at) AS in_order FROM _trace__steps GROUP BY step ORDER BY step`);
const extracted = await sql.executeSql(`
  SELECT table_name, items_count FROM _trace__steps__extract_info__table_metrics ORDER BY load_id`);
console.table(extracted);

assert.deepEqual(rows, [
  [1, monday, "duckdb", "shop", true],
  [2, monday, "duckdb", "shop", true],
  [3, tuesday, "duckdb", "shop", true],
]);
assert.deepEqual(columns, [
  ["id", "bigint", monday],
  ["total", "double", monday],
  ["coupon", "text", tuesday],
]);
assert.deepEqual(jobs, [
  [monday, 2, true, 0],
  [tuesday, 1, true, 0],
]);
assert.deepEqual(steps, [
  ["extract", 2, true],
  ["load", 2, true],
  ["normalize", 2, true],
  ["sync", 1, true],
]);
assert.deepEqual(extracted, [
  ["orders", 2],
  ["orders", 1],
]);
