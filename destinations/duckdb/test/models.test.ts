import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LoadFile } from "@dlt/core";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import { errorOf, newFolder, openClient, plan, query, run, table } from "./support.js";

const users = table("users", [
  { name: "id", dataType: "bigint" },
  { name: "name", dataType: "text" },
  { name: "_dlt_load_id", dataType: "text", nullable: false },
  { name: "_dlt_id", dataType: "text", nullable: false },
]);

async function openModels(options: Partial<Parameters<typeof openClient>[0]> = {}) {
  const client = await openClient({ localDir: newFolder(), ...options });
  if (client.models === undefined) throw new Error("DuckDB runs queries.");
  return { client, models: client.models };
}

function modelFile(text: string, changes: Partial<LoadFile> = {}): LoadFile {
  const jobId = "users.a1.model";
  const path = join(newFolder(), jobId);
  writeFileSync(path, text);
  const shared = { loadId: "1700000001.000000", table: users, target: "final", format: "model" } as const;
  return { ...shared, jobId, at: { path }, rowCount: null, bytes: 1, ...changes };
}

test.each([
  ["1::TINYINT", { dataType: "bigint", precision: 8 }],
  ["1", { dataType: "bigint", precision: 32 }],
  ["1::BIGINT", { dataType: "bigint" }],
  ["1::HUGEINT", { dataType: "bigint", precision: 128 }],
  ["1::USMALLINT", { dataType: "bigint", precision: 32 }],
  ["1::UINTEGER", { dataType: "bigint" }],
  ["1::UBIGINT", { dataType: "bigint", precision: 128 }],
  ["1::UHUGEINT", { dataType: "text" }],
  ["1.5", { dataType: "decimal", precision: 2, scale: 1 }],
  ["1::DECIMAL(38, 0)", { dataType: "wei", precision: 38, scale: 0 }],
  ["1::FLOAT", { dataType: "double" }],
  ["'a'", { dataType: "text" }],
  ["uuid()", { dataType: "text" }],
  ["INTERVAL 1 DAY", { dataType: "text" }],
  ["'a'::BLOB", { dataType: "binary" }],
  ["true", { dataType: "bool" }],
  ["DATE '2024-01-01'", { dataType: "date" }],
  ["TIME '12:00'", { dataType: "time" }],
  ["now()", { dataType: "timestamp" }],
  ["TIMESTAMP '2024-01-01'", { dataType: "timestamp", timezone: false }],
  ["TIMESTAMP_MS '2024-01-01'", { dataType: "timestamp", timezone: false, precision: 3 }],
  ["TIMESTAMP_NS '2024-01-01'", { dataType: "timestamp", timezone: false, precision: 9 }],
  ["'{}'::JSON", { dataType: "json" }],
  ["[1]", { dataType: "json" }],
  ["{'a': 1}", { dataType: "json" }],
  ["MAP {'a': 1}", { dataType: "json" }],
])("a column of %s is %o", async (expression, type) => {
  const { models } = await openModels();
  expect(await models.describe(`SELECT ${expression} AS x`)).toEqual([{ name: "x", ...type }]);
});

test("a query sees the tables of the dataset first, and a borrowed connection is as before", async () => {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  await connection.run("CREATE TABLE users (other INTEGER); CREATE TABLE more (x INTEGER)");
  const { client, models } = await openModels({ credentials: connection });
  expect((await models.describe("SELECT * FROM users")).map(({ name }) => name)).toEqual(["other"]);
  await client.prepare(plan([users]));
  expect((await models.describe("SELECT * FROM users")).map(({ name }) => name)).toEqual([...users.columns.keys()]);
  expect((await models.describe("SELECT * FROM main.more")).map(({ name }) => name)).toEqual(["x"]);
  await run(client, modelFile("dialect: duckdb\nSELECT 1 AS id, 'a' AS name\n"));
  await errorOf(run(client, modelFile("dialect: duckdb\nSELECT error('x') AS id", { jobId: "users.a2.model" })));
  const { length } = await (await connection.runAndReadAll("SELECT other FROM users")).getRows();
  expect(length).toBe(0);
});

test("a job fills the columns of the library", async () => {
  const { client } = await openModels();
  await client.prepare(plan([users]));
  const result = await run(client, modelFile("dialect: duckdb\nSELECT range AS id FROM range(3);\n"));
  expect(result.rowCount).toBe(3);
  expect(
    await query(client, "SELECT count(*), count(name), count(DISTINCT _dlt_id), any_value(_dlt_load_id) FROM users"),
  ).toEqual([[3, 0, 3, "1700000001.000000"]]);
});

test.each([
  ["dialect: postgres\nSELECT 1 AS id", "MODEL_DIALECT_UNSUPPORTED"],
  ["SELECT 's3cret' AS id", "DESTINATION_LOAD_FILE_UNREADABLE"],
  ["dialect: duckdb\nSELECT 's3cret' AS id; DROP TABLE users", "MODEL_QUERY_INVALID"],
  ["dialect: duckdb\nSELECT 's3cret' AS id", "DESTINATION_VALUE_REFUSED"],
  ["dialect: duckdb\nSELECT 's3cret' AS nothing", "DESTINATION_COLUMN_MISSING"],
  ["dialect: duckdb\nSELECT error('s3cret') AS name", "DESTINATION_STATEMENT_INVALID"],
  ["dialect: duckdb\nSELECT * FROM read_csv('s3cret.csv')", "DESTINATION_STATEMENT_FAILED"],
])("a job is refused and shows nothing of its query: %j", async (text, code) => {
  const { client } = await openModels();
  await client.prepare(plan([users]));
  const error = await errorOf(run(client, modelFile(text)));
  expect(error.code).toBe(code);
  expect(`${error.message} ${error.hint} ${String(error.cause)}`).not.toContain("s3cret");
  expect(await query(client, "SELECT count(*) FROM users")).toEqual([[0]]);
});
