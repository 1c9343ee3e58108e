import { namingConvention } from "@dlt/core";
import { newDatabase, untilOneWaits } from "@dlt/test-servers";
import { describe, expect, it, vi } from "vitest";
import {
  completed,
  errorOf,
  firstLoad,
  loadFile,
  newFolder,
  openClient,
  plan,
  query,
  run,
  table,
  threeUsers,
  users,
} from "./support.js";

const secondLoad = "1700000002.000000";

describe("prepare", () => {
  it("makes the system tables as specified: order, types, nulls", async () => {
    const client = await openClient();
    await client.prepare(plan([users]));
    const columns = await query(
      client,
      "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns " +
        "WHERE table_schema = 'ds' AND table_name LIKE '\\_dlt%' ORDER BY table_name, ordinal_position",
    );
    const [tz, text] = ["timestamp with time zone", "character varying"];
    expect(columns).toEqual([
      ["_dlt_jobs", "load_id", text, "NO"],
      ["_dlt_jobs", "job_id", text, "NO"],
      ["_dlt_jobs", "table_name", text, "YES"],
      ["_dlt_jobs", "row_count", "bigint", "YES"],
      ["_dlt_jobs", "inserted_at", tz, "NO"],
      ["_dlt_loads", "load_id", text, "NO"],
      ["_dlt_loads", "schema_name", text, "YES"],
      ["_dlt_loads", "status", "bigint", "NO"],
      ["_dlt_loads", "inserted_at", tz, "NO"],
      ["_dlt_loads", "schema_version_hash", text, "YES"],
      ["_dlt_pipeline_state", "version", "bigint", "NO"],
      ["_dlt_pipeline_state", "engine_version", "bigint", "NO"],
      ["_dlt_pipeline_state", "pipeline_name", text, "NO"],
      ["_dlt_pipeline_state", "state", text, "NO"],
      ["_dlt_pipeline_state", "created_at", tz, "NO"],
      ["_dlt_pipeline_state", "version_hash", text, "YES"],
      ["_dlt_pipeline_state", "_dlt_load_id", text, "NO"],
      ["_dlt_pipeline_state", "_dlt_id", text, "NO"],
      ["_dlt_version", "version", "bigint", "NO"],
      ["_dlt_version", "engine_version", "bigint", "NO"],
      ["_dlt_version", "inserted_at", tz, "NO"],
      ["_dlt_version", "schema_name", text, "NO"],
      ["_dlt_version", "version_hash", text, "NO"],
      ["_dlt_version", "schema", text, "NO"],
    ]);
    expect(await query(client, "SELECT indexdef FROM pg_indexes WHERE schemaname = 'ds'")).toEqual([
      [expect.stringMatching(/^CREATE UNIQUE INDEX .* ON ds\._dlt_jobs USING btree \(load_id, job_id\)$/)],
    ]);
  });

  it("changes nothing the second time", async () => {
    const client = await openClient();
    const load = plan([users], { truncate: ["users"] });
    expect((await client.prepare(load)).map(({ name }) => name)).toContain("users");
    await run(client, await loadFile(newFolder(), users, threeUsers));
    expect(await client.prepare(load)).toEqual([]);
    expect(await client.explain(load)).toEqual([]);
    expect(await query(client, "SELECT count(*) FROM ds.users")).toEqual([[3]]);
    expect(await query(client, "SELECT count(*) FROM ds._dlt_version")).toEqual([[1]]);
  });

  it("of a dataset by several at a time happens once", async () => {
    const database = await newDatabase();
    const clients = await Promise.all([1, 2, 3, 4].map(() => openClient({ database })));
    const changes = await Promise.all(clients.map((client) => client.prepare(plan([users]))));
    expect(changes.filter((tables) => tables.length > 0)).toHaveLength(1);
    const [client] = clients;
    if (client === undefined) throw new Error("There are four.");
    expect(await query(client, "SELECT count(*) FROM ds._dlt_version")).toEqual([[1]]);
    expect(await query(client, "SELECT job_id FROM ds._dlt_jobs")).toEqual([["prepare"]]);
  });

  it("waits for another one of the same dataset, and for none of another", async () => {
    const database = await newDatabase();
    const [client, other] = [await openClient({ database }), await openClient({ database, dataset: "other" })];
    await query(client, "BEGIN");
    await query(client, "SELECT pg_advisory_xact_lock(hashtextextended('dlt dataset ds', 0))");
    await other.prepare(plan([users]));
    const preparing = (await openClient({ database })).prepare(plan([users]));
    await untilOneWaits();
    await query(client, "COMMIT");
    expect((await preparing).map(({ name }) => name)).toContain("users");
  });

  it("changes nothing for a load that is complete, although its marks are gone", async () => {
    const client = await openClient();
    const first = plan([users], { truncate: ["users"] });
    await client.prepare(first);
    const file = await loadFile(newFolder(), users, threeUsers);
    await run(client, file);
    await client.completeLoad(completed(first));
    const second = plan([users], { loadId: secondLoad });
    await client.prepare(second);
    await client.completeLoad(completed(second));
    expect(await query(client, "SELECT load_id, job_id FROM ds._dlt_jobs")).toEqual([[secondLoad, "prepare"]]);

    expect(await client.prepare(first)).toEqual([]);
    expect(await run(client, file)).toEqual({ rowCount: 3, bytes: 1 });
    expect(await query(client, "SELECT count(*) FROM ds.users")).toEqual([[3]]);
    expect(await query(client, "SELECT load_id FROM ds._dlt_jobs")).toEqual([[secondLoad]]);
  });

  it("adds columns and tables as the schema grows, and keeps the rows", async () => {
    const client = await openClient();
    await client.prepare(plan([users]));
    await run(client, await loadFile(newFolder(), users, threeUsers));
    const grown = table("users", [
      ...users.columns.values(),
      { name: "age", dataType: "bigint", precision: 16 },
      { name: "tags", dataType: "json" },
    ]);
    const orders = table("orders", [{ name: "id", dataType: "bigint" }]);
    const changes = await client.prepare(plan([grown, orders], { loadId: secondLoad }));
    expect(changes.map(({ name, columns }) => [name, [...columns.keys()]])).toEqual([
      ["users", ["age", "tags"]],
      ["orders", ["id"]],
    ]);
    const row = { id: 9, name: "n9", age: 5, tags: "[1]" };
    await run(client, await loadFile(newFolder(), grown, [row], { loadId: secondLoad }));
    expect(await query(client, "SELECT * FROM ds.users ORDER BY id")).toEqual([
      [0, "n0", null, null],
      [1, "n1", null, null],
      [2, "n2", null, null],
      [9, "n9", 5, "[1]"],
    ]);
  });

  it("widens columns in place, where the load asks for it", async () => {
    const client = await openClient();
    const narrow = table("t", [
      { name: "i", dataType: "bigint", precision: 16 },
      { name: "s", dataType: "text", precision: 3 },
      { name: "d", dataType: "decimal", precision: 5, scale: 2 },
      { name: "at", dataType: "timestamp", precision: 3 },
    ]);
    await client.prepare(plan([narrow]));
    await run(client, await loadFile(newFolder(), narrow, [{ i: 1, s: "abc", d: "1.50", at: 0 }]));
    const wide = table("t", [
      { name: "i", dataType: "bigint" },
      { name: "s", dataType: "text", precision: 5 },
      { name: "d", dataType: "decimal", precision: 9, scale: 4 },
      { name: "at", dataType: "timestamp" },
    ]);
    await client.prepare(plan([wide], { loadId: secondLoad, schemaHash: "wide", widensColumns: true }));
    const row = { i: 2n ** 40n, s: "abcde", d: "10000.1234", at: 1 };
    await run(client, await loadFile(newFolder(), wide, [row], { id: "b2", loadId: secondLoad }));
    expect(
      await query(client, "SELECT i, s, d::text, extract(microseconds FROM at)::bigint FROM ds.t ORDER BY i"),
    ).toEqual([
      [1, "abc", "1.5000", 0],
      [2 ** 40, "abcde", "10000.1234", 1],
    ]);
    expect(await client.explain(plan([wide], { loadId: secondLoad, schemaHash: "wide", widensColumns: true }))).toEqual(
      [],
    );
  });

  it("does not narrow a column that somebody made wider", async () => {
    const client = await openClient();
    const priced = table("t", [{ name: "price", dataType: "decimal", precision: 5, scale: 2 }]);
    await client.prepare(plan([priced]));
    await query(client, "ALTER TABLE ds.t ALTER COLUMN price TYPE numeric");
    await query(client, "INSERT INTO ds.t VALUES (1234.56789)");
    await client.prepare(plan([priced], { loadId: secondLoad, widensColumns: true }));
    expect(await query(client, "SELECT price::text FROM ds.t")).toEqual([["1234.56789"]]);
  });

  it("empties tables, also one that gets a column in the same load", async () => {
    const client = await openClient();
    await client.prepare(plan([users]));
    await run(client, await loadFile(newFolder(), users, threeUsers));
    const grown = table("users", [...users.columns.values(), { name: "age", dataType: "bigint" }]);
    await client.prepare(plan([grown], { loadId: secondLoad, truncate: ["users"] }));
    expect(await query(client, "SELECT count(*) FROM ds.users")).toEqual([[0]]);
  });

  it("adds a column that takes no null to a table without rows, and to staged ones, and warns", async () => {
    const client = await openClient();
    const warn = vi.spyOn(process, "emitWarning").mockReturnValue(undefined);
    await client.prepare(plan([users], { staged: ["users"] }));
    await run(client, await loadFile(newFolder(), users, threeUsers, { target: "staging" }));
    const grown = table("users", [...users.columns.values(), { name: "code", dataType: "text", nullable: false }]);
    const second = { loadId: secondLoad, schemaHash: "grown", staged: ["users"] };
    expect(await client.prepare(plan([grown], second))).toMatchObject([{ name: "users" }]);
    expect(warn.mock.calls).toEqual([
      [
        "Table `users`, which is there, gets `code`, which may not be null. Where it has rows, the database refuses this.",
        expect.objectContaining({ code: "REQUIRED_COLUMN_ADDED" }),
      ],
    ]);
  });

  it("refuses a column that takes no null for a table with rows, and leaves it as it was", async () => {
    const client = await openClient();
    vi.spyOn(process, "emitWarning").mockReturnValue(undefined);
    await client.prepare(plan([users]));
    await run(client, await loadFile(newFolder(), users, threeUsers));
    const columns = [...users.columns.values(), { name: "code", dataType: "text", nullable: false } as const];
    const grown = plan([table("users", columns)], { loadId: secondLoad, schemaHash: "grown", truncate: ["users"] });
    const error = await errorOf(client.prepare(grown));
    expect(error).toMatchObject({ code: "DESTINATION_COLUMN_REQUIRED", retryable: false });
    expect(error.message).toContain("column `code`, which takes no null, cannot be added to a table that has rows");
    expect(await query(client, "SELECT count(*) FROM ds.users")).toEqual([[3]]);
    expect(await query(client, "SELECT version_hash FROM ds._dlt_version")).not.toContainEqual(["grown"]);
  });

  it("drops tables with the stored versions of the schema", async () => {
    const client = await openClient();
    const orders = table("orders", [{ name: "id", dataType: "bigint" }]);
    await client.prepare(plan([users, orders]));
    const changes = await client.prepare(plan([users], { loadId: secondLoad, drop: ["users", "orders"] }));
    expect(changes.map(({ name }) => name)).toEqual(["users"]);
    const left = "SELECT tablename FROM pg_tables WHERE schemaname = 'ds' AND tablename NOT LIKE '\\_%'";
    expect(await query(client, left)).toEqual([["users"]]);
    expect(await query(client, "SELECT count(*) FROM ds._dlt_version")).toEqual([[1]]);
  });

  it("prepares the staging dataset, empty for each load", async () => {
    const client = await openClient();
    await client.prepare(plan([users], { staged: ["users"] }));
    await run(client, await loadFile(newFolder(), users, threeUsers, { target: "staging" }));
    const count = "SELECT (SELECT count(*) FROM ds_staging.users), (SELECT count(*) FROM ds.users)";
    expect(await query(client, count)).toEqual([[3, 0]]);
    await client.prepare(plan([users], { loadId: secondLoad, staged: ["users"] }));
    expect(await query(client, count)).toEqual([[0, 0]]);
    expect(await query(client, "SELECT count(*) FROM ds_staging._dlt_version")).toEqual([[1]]);
  });

  it("does all or nothing", async () => {
    const client = await openClient();
    const broken = table("broken", [{ name: "n", dataType: "bigint", precision: 128 }]);
    expect((await errorOf(client.prepare(plan([users, broken])))).code).toBe("DESTINATION_TYPE_UNSUPPORTED");
    expect(await client.state?.datasetExists()).toBe(false);
    await query(client, "CREATE SCHEMA ds");
    await query(client, "CREATE VIEW ds._dlt_loads AS SELECT 1 AS load_id");
    await errorOf(client.prepare(plan([users])));
    expect(await query(client, "SELECT count(*) FROM pg_tables WHERE schemaname = 'ds'")).toEqual([[0]]);
  });

  it("makes unique columns unique unless told not to", async () => {
    const database = await newDatabase();
    const keyed = table("keyed", [{ name: "id", dataType: "text", unique: true, nullable: false }]);
    const plain = await openClient({ database, dataset: "plain", createIndexes: false });
    const indexed = await openClient({ database, dataset: "indexed" });
    expect((await plain.explain(plan([keyed]))).join()).not.toContain("UNIQUE NOT NULL");
    expect((await indexed.explain(plan([keyed]))).join()).toContain('"id" varchar UNIQUE NOT NULL');
    await indexed.prepare(plan([keyed]));
    const file = await loadFile(newFolder(), keyed, [{ id: "secret" }, { id: "secret" }]);
    const error = await errorOf(run(indexed, file));
    expect(error.code).toBe("DESTINATION_VALUE_REFUSED");
    expect(error.message).toContain("two rows have the same value where `keyed_id_key` allows one");
    expect(JSON.stringify([error.message, error.hint, error.context, String(error.cause)])).not.toContain("secret");
    const [, statement = ""] = /run `(ALTER TABLE .*?)`/.exec(error.hint ?? "") ?? [];
    await query(indexed, statement);
    expect(await run(indexed, file)).toMatchObject({ rowCount: 2 });
  });

  it("lets a column have repeated values where the schema says so by now, also while they are staged", async () => {
    const client = await openClient();
    const keyed = (unique: boolean) => table("keyed", [{ name: "Id", dataType: "text", unique }]);
    const rows = [{ Id: "a" }, { Id: "a" }];
    await client.prepare(plan([keyed(true)]));
    await query(client, "CREATE SCHEMA ds_staging");
    await query(client, "CREATE TABLE ds_staging.keyed (LIKE ds.keyed INCLUDING ALL)");
    await client.prepare(plan([keyed(false)], { loadId: secondLoad, schemaHash: "repeated", staged: ["keyed"] }));
    for (const target of ["final", "staging"] as const) {
      const file = await loadFile(newFolder(), keyed(false), rows, { id: target, target, loadId: secondLoad });
      expect(await run(client, file)).toMatchObject({ rowCount: 2 });
    }
  });

  it.each(["ä".repeat(32), "😀".repeat(16)])("refuses the name %s, which the server would cut", async (name) => {
    const client = await openClient();
    for (const tables of [[table(name, [{ name: "a", dataType: "text" }])], [table("t", [{ name, dataType: "text" }])]])
      expect((await errorOf(client.prepare(plan(tables)))).code).toBe("DESTINATION_NAME_TOO_LONG");
    expect(await client.state?.datasetExists()).toBe(false);
  });
});

describe("names", () => {
  const mixed = table("Users", [{ name: "Id", dataType: "bigint" }]);

  it("of datasets that the server would cut are refused: the staging dataset could be the dataset itself", async () => {
    const database = await newDatabase();
    const dataset = "ü".repeat(31);
    const client = await openClient({ database, dataset });
    await client.prepare(plan([users]));
    const staged = plan([users], { loadId: secondLoad, staged: ["users"] });
    expect((await errorOf(client.prepare(staged))).code).toBe("DESTINATION_NAME_TOO_LONG");
    const long = await openClient({ database, dataset: `${dataset}ü` });
    expect((await errorOf(long.prepare(plan([users])))).code).toBe("DESTINATION_NAME_TOO_LONG");
  });

  it("that differ in case stay apart where the naming convention keeps them apart", async () => {
    const client = await openClient({ dataset: "DS" });
    const lower = table("users", [
      { name: "id", dataType: "bigint" },
      { name: "ID", dataType: "bigint" },
    ]);
    await client.prepare(plan([mixed, lower]));
    await run(client, await loadFile(newFolder(), mixed, [{ Id: 1 }]));
    expect(await query(client, 'SELECT "Id" FROM "DS"."Users"')).toEqual([[1]]);
    expect(await client.prepare(plan([mixed, lower]))).toEqual([]);
  });

  it("are lower case otherwise", async () => {
    const client = await openClient({ dataset: "DS", naming: namingConvention("snake_case", null) });
    await client.prepare(plan([mixed]));
    for (const format of ["pgcopy", "csv", "insert_values"])
      await run(client, await loadFile(newFolder(), mixed, [{ Id: 1 }], { format }));
    expect(await query(client, "SELECT id FROM ds.users")).toEqual([[1], [1], [1]]);
    expect(await client.explain(plan([mixed], { schemaHash: "again" }))).toHaveLength(1);
    expect(await client.state?.datasetExists()).toBe(true);
  });
});

describe("explain", () => {
  it("gives the statements, and prepare runs just these", async () => {
    const client = await openClient();
    const statements = await client.explain(plan([users]));
    expect(statements.slice(0, 2)).toEqual([
      'CREATE SCHEMA "ds"',
      'CREATE TABLE "ds"."users" (\n"id" bigint NOT NULL,\n"name" varchar\n)',
    ]);
    expect(await client.state?.datasetExists()).toBe(false);
    await client.prepare(plan([users], { loadId: "1" }));
    const grown = table("users", [...users.columns.values(), { name: "age", dataType: "bigint" }]);
    expect((await client.explain(plan([grown])))[0]).toBe('ALTER TABLE "ds"."users"\nADD COLUMN "age" bigint');
  });
});

it("empties tables of the staging dataset, also when they are not there", async () => {
  const client = await openClient();
  await client.truncateStaging?.(["users"]);
  await client.prepare(plan([users], { staged: ["users"] }));
  await run(client, await loadFile(newFolder(), users, threeUsers, { target: "staging" }));
  await client.truncateStaging?.(["users", "others"]);
  expect(await query(client, "SELECT count(*) FROM ds_staging.users")).toEqual([[0]]);
});

describe("completeLoad", () => {
  it("marks the load once and removes the marks of completed loads alone", async () => {
    const client = await openClient();
    const [first, second, pending] = [firstLoad, secondLoad, "1600000000.000000"].map((loadId) =>
      plan([users], { loadId }),
    );
    if (!first || !second || !pending) throw new Error("There are three loads.");
    await client.prepare(first);
    await client.prepare(pending);
    await client.completeLoad(completed(first));
    await client.completeLoad(completed(first));
    await client.prepare(second);
    await Promise.all([client.completeLoad(completed(second)), client.completeLoad(completed(second))]);
    const loads = "SELECT load_id, schema_name, status, schema_version_hash FROM ds._dlt_loads ORDER BY load_id";
    expect(await query(client, loads)).toEqual([
      [firstLoad, "src", 0, first.schemaHash],
      [secondLoad, "src", 0, second.schemaHash],
    ]);
    // The load of another pipeline that is not complete keeps its marks.
    expect(await query(client, "SELECT load_id FROM ds._dlt_jobs ORDER BY load_id")).toEqual([
      ["1600000000.000000"],
      [secondLoad],
    ]);
    const [[seconds] = []] = await query(
      client,
      "SELECT extract(epoch FROM now() - min(inserted_at))::float8 FROM ds._dlt_loads",
    );
    expect(Number(seconds)).toBeGreaterThanOrEqual(0);
    expect(Number(seconds)).toBeLessThan(60);
  });
});
