import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { completed, errorOf, loadFile, newFolder, openClient, plan, query, run, table } from "./support.js";

const users = table("users", [
  { name: "id", dataType: "bigint", nullable: false },
  { name: "name", dataType: "text" },
]);
const threeUsers = "SELECT range::BIGINT AS id, 'n' || range AS name FROM range(3)";

describe("prepare", () => {
  it("makes the system tables as specified: order, types, nulls", async () => {
    const client = await openClient({ localDir: newFolder() });
    await client.prepare(plan([users]));
    const columns = await query(
      client,
      "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns " +
        "WHERE table_name LIKE '\\_dlt%' ESCAPE '\\' ORDER BY table_name, ordinal_position",
    );
    const tz = "TIMESTAMP WITH TIME ZONE";
    expect(columns).toEqual([
      ["_dlt_jobs", "load_id", "VARCHAR", "NO"],
      ["_dlt_jobs", "job_id", "VARCHAR", "NO"],
      ["_dlt_jobs", "table_name", "VARCHAR", "YES"],
      ["_dlt_jobs", "row_count", "BIGINT", "YES"],
      ["_dlt_jobs", "inserted_at", tz, "NO"],
      ["_dlt_loads", "load_id", "VARCHAR", "NO"],
      ["_dlt_loads", "schema_name", "VARCHAR", "YES"],
      ["_dlt_loads", "status", "BIGINT", "NO"],
      ["_dlt_loads", "inserted_at", tz, "NO"],
      ["_dlt_loads", "schema_version_hash", "VARCHAR", "YES"],
      ["_dlt_pipeline_state", "version", "BIGINT", "NO"],
      ["_dlt_pipeline_state", "engine_version", "BIGINT", "NO"],
      ["_dlt_pipeline_state", "pipeline_name", "VARCHAR", "NO"],
      ["_dlt_pipeline_state", "state", "VARCHAR", "NO"],
      ["_dlt_pipeline_state", "created_at", tz, "NO"],
      ["_dlt_pipeline_state", "version_hash", "VARCHAR", "YES"],
      ["_dlt_pipeline_state", "_dlt_load_id", "VARCHAR", "NO"],
      ["_dlt_pipeline_state", "_dlt_id", "VARCHAR", "NO"],
      ["_dlt_version", "version", "BIGINT", "NO"],
      ["_dlt_version", "engine_version", "BIGINT", "NO"],
      ["_dlt_version", "inserted_at", tz, "NO"],
      ["_dlt_version", "schema_name", "VARCHAR", "NO"],
      ["_dlt_version", "version_hash", "VARCHAR", "NO"],
      ["_dlt_version", "schema", "VARCHAR", "NO"],
    ]);
  });

  it("changes nothing the second time", async () => {
    const client = await openClient({ localDir: newFolder() });
    const load = plan([users], { truncate: ["users"] });
    expect((await client.prepare(load)).map(({ name }) => name)).toContain("users");
    await run(client, await loadFile(newFolder(), users, threeUsers));
    expect(await client.prepare(load)).toEqual([]);
    expect(await client.explain(load)).toEqual([]);
    expect(await query(client, "SELECT count(*) FROM users")).toEqual([[3]]);
    expect(await query(client, "SELECT count(*) FROM _dlt_version")).toEqual([[1]]);
  });

  it("changes nothing for a load that is complete, although its marks are gone", async () => {
    const client = await openClient({ localDir: newFolder() });
    const first = plan([users], { truncate: ["users"] });
    await client.prepare(first);
    const file = await loadFile(newFolder(), users, threeUsers);
    await run(client, file);
    await client.completeLoad(completed(first));
    const second = plan([users], { loadId: "1700000002.000000" });
    await client.prepare(second);
    await client.completeLoad(completed(second));
    expect(await query(client, "SELECT load_id, job_id FROM _dlt_jobs")).toEqual([["1700000002.000000", "prepare"]]);

    expect(await client.prepare(first)).toEqual([]);
    await run(client, file);
    expect(await query(client, "SELECT count(*) FROM users")).toEqual([[3]]);
  });

  it("adds columns and tables as the schema grows, and keeps the rows", async () => {
    const folder = newFolder();
    const client = await openClient({ localDir: folder });
    await client.prepare(plan([users]));
    await run(client, await loadFile(folder, users, threeUsers));
    const grown = table("users", [
      ...users.columns.values(),
      { name: "age", dataType: "bigint", precision: 8, nullable: false },
      { name: "tags", dataType: "json" },
    ]);
    const orders = table("orders", [{ name: "id", dataType: "bigint" }]);
    const changes = await client.prepare(plan([grown, orders], { loadId: "1700000002.000000" }));
    expect(changes.map(({ name, columns }) => [name, [...columns.keys()]])).toEqual([
      ["users", ["age", "tags"]],
      ["orders", ["id"]],
    ]);
    const newUsers = "SELECT 9::BIGINT AS id, 'n9' AS name, 5::TINYINT AS age, '[1]' AS tags";
    await run(client, await loadFile(folder, grown, newUsers, { id: "b2", loadId: "1700000002.000000" }));
    // A column that is new in a table with rows has to take nulls.
    expect(await query(client, "SELECT * FROM users ORDER BY id")).toEqual([
      [0, "n0", null, null],
      [1, "n1", null, null],
      [2, "n2", null, null],
      [9, "n9", 5, "[1]"],
    ]);
    expect(await query(client, "SELECT version_hash FROM _dlt_version ORDER BY inserted_at")).toHaveLength(2);
  });

  it.each(["İd", "ÄÖ", "ẞ", "Ǆ"])("finds again what it has made under the name %s", async (name) => {
    const client = await openClient({ localDir: newFolder(), dataset: name });
    const columns = [{ name, dataType: "bigint" }] as const;
    await client.prepare(plan([table(name, columns)]));
    const other = { name: "other", dataType: "bigint" } as const;
    const [change] = await client.prepare(plan([table(name, [...columns, other])], { loadId: "1700000002.000000" }));
    expect([...(change?.columns.keys() ?? [])]).toEqual(["other"]);
  });

  it.each(["temp", "System", "main", "test"])("keeps a dataset that is called like a database, %s", async (dataset) => {
    const folder = newFolder();
    const client = await openClient({ localDir: folder, dataset });
    await client.prepare(plan([users], { staged: ["users"] }));
    await run(client, await loadFile(folder, users, threeUsers));
    expect(await query(client, "SELECT count(*) FROM users")).toEqual([[3]]);
    await client[Symbol.asyncDispose]();
    const later = await openClient({ localDir: folder, dataset });
    expect(await query(later, "SELECT count(*) FROM users")).toEqual([[3]]);
  });

  it("empties tables, also one that gets a column in the same load", async () => {
    const folder = newFolder();
    const client = await openClient({ localDir: folder });
    await client.prepare(plan([users]));
    await run(client, await loadFile(folder, users, threeUsers));
    const grown = table("users", [...users.columns.values(), { name: "age", dataType: "bigint" }]);
    await client.prepare(plan([grown], { loadId: "1700000002.000000", truncate: ["users"] }));
    expect(await query(client, "SELECT count(*) FROM users")).toEqual([[0]]);
  });

  it("drops tables with the stored versions of the schema", async () => {
    const client = await openClient({ localDir: newFolder() });
    const orders = table("orders", [{ name: "id", dataType: "bigint" }]);
    await client.prepare(plan([users, orders]));
    const changes = await client.prepare(plan([users], { loadId: "1700000002.000000", drop: ["users", "orders"] }));
    expect(changes.map(({ name }) => name)).toEqual(["users"]);
    expect(
      await query(
        client,
        "SELECT table_name FROM information_schema.tables WHERE table_name NOT LIKE '\\_%' ESCAPE '\\'",
      ),
    ).toEqual([["users"]]);
    expect(await query(client, "SELECT count(*) FROM _dlt_version")).toEqual([[1]]);
  });

  it("prepares the staging dataset, empty for each load", async () => {
    const folder = newFolder();
    const client = await openClient({ localDir: folder });
    await client.prepare(plan([users], { staged: ["users"] }));
    await run(client, await loadFile(folder, users, threeUsers, { target: "staging" }));
    const count = "SELECT (SELECT count(*) FROM ds_staging.users), (SELECT count(*) FROM ds.users)";
    expect(await query(client, count)).toEqual([[3, 0]]);
    await client.prepare(plan([users], { loadId: "1700000002.000000", staged: ["users"] }));
    expect(await query(client, count)).toEqual([[0, 0]]);
    expect(await query(client, "SELECT count(*) FROM ds_staging._dlt_version")).toEqual([[1]]);
  });

  it("does all or nothing", async () => {
    const client = await openClient({ localDir: newFolder() });
    const broken = table("broken", [{ name: "n", dataType: "decimal", precision: 39, scale: 0 }]);
    const error = await errorOf(client.prepare(plan([users, broken])));
    expect(error.code).toBe("DESTINATION_TYPE_UNSUPPORTED");
    expect(await client.state?.datasetExists()).toBe(false);
  });

  it("makes unique columns unique only when asked", async () => {
    const folder = newFolder();
    const keyed = table("keyed", [{ name: "id", dataType: "text", unique: true, nullable: false }]);
    const plain = await openClient({ localDir: folder, dataset: "plain" });
    const indexed = await openClient({ localDir: folder, dataset: "indexed", createIndexes: true });
    expect((await plain.explain(plan([keyed]))).join()).not.toContain("UNIQUE");
    expect((await indexed.explain(plan([keyed]))).join()).toContain('"id" VARCHAR UNIQUE NOT NULL');
    await indexed.prepare(plan([keyed]));
    const error = await errorOf(run(indexed, await loadFile(folder, keyed, "SELECT 'same' AS id FROM range(2)")));
    expect(error.code).toBe("DESTINATION_VALUE_REFUSED");
  });
});

describe("explain", () => {
  it("gives the statements, makes no file, and prepare runs just these", async () => {
    const folder = newFolder();
    const client = await openClient({ localDir: folder });
    const statements = await client.explain(plan([users]));
    expect(existsSync(join(folder, "test.duckdb"))).toBe(false);
    expect(statements.slice(0, 2)).toEqual([
      'CREATE SCHEMA "ds"',
      'CREATE TABLE "ds"."users" (\n"id" BIGINT NOT NULL,\n"name" VARCHAR\n)',
    ]);
    await client.prepare(plan([users], { loadId: "1" }));
    const grown = table("users", [...users.columns.values(), { name: "age", dataType: "bigint" }]);
    expect((await client.explain(plan([grown])))[0]).toBe('ALTER TABLE "ds"."users"\nADD COLUMN "age" BIGINT');
    expect(await query(client, "SELECT * FROM users")).toEqual([]);
  });
});

describe("completeLoad", () => {
  it("marks the load once and removes the marks of completed loads alone", async () => {
    const client = await openClient({ localDir: newFolder() });
    const [first, second, pending] = ["1700000001.000000", "1700000002.000000", "1600000000.000000"].map((loadId) =>
      plan([users], { loadId }),
    );
    if (!first || !second || !pending) throw new Error("There are three loads.");
    await client.prepare(first);
    await client.prepare(pending);
    await client.completeLoad(completed(first));
    await client.completeLoad(completed(first));
    await client.prepare(second);
    await client.completeLoad(completed(second));
    expect(
      await query(client, "SELECT load_id, schema_name, status, schema_version_hash FROM _dlt_loads ORDER BY load_id"),
    ).toEqual([
      ["1700000001.000000", "src", 0, first.schemaHash],
      ["1700000002.000000", "src", 0, second.schemaHash],
    ]);
    // The load of another pipeline that is not complete keeps its marks.
    expect(await query(client, "SELECT load_id FROM _dlt_jobs ORDER BY load_id")).toEqual([
      ["1600000000.000000"],
      ["1700000002.000000"],
    ]);
    const [[seconds]] = (await query(client, "SELECT epoch(now() - min(inserted_at)) FROM _dlt_loads")) as [[number]];
    expect(seconds).toBeGreaterThanOrEqual(0);
    expect(seconds).toBeLessThan(60);
  });
});

describe("truncateStaging", () => {
  const merged = { ...users, writeDisposition: "merge", mergeStrategy: "delete-insert" } as const;

  it("empties staged tables, and leaves out those that are not there", async () => {
    const client = await openClient({ localDir: newFolder() });
    await client.truncateStaging?.(["users"]);
    await client.prepare(plan([merged], { staged: ["users"] }));
    await run(client, await loadFile(newFolder(), merged, threeUsers, { target: "staging" }));
    await run(client, await loadFile(newFolder(), merged, threeUsers, { id: "b2" }));
    await client.truncateStaging?.(["users", "never_there"]);
    expect(await query(client, "SELECT count(*) FROM ds_staging.users")).toEqual([[0]]);
    expect(await query(client, "SELECT count(*) FROM users")).toEqual([[3]]);
    expect(await query(client, "SELECT count(*) FROM ds_staging._dlt_version")).toEqual([[1]]);
  });
});
