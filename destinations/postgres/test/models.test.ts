import { sameNames } from "@dlt/test-loads";
import { expect, test } from "vitest";
import { errorOf, newFolder, openClient, plan, query, run, table, writtenFile } from "./support.js";

const users = table("users", [
  { name: "id", dataType: "bigint" },
  { name: "name", dataType: "text" },
  { name: "_dlt_load_id", dataType: "text", nullable: false },
  { name: "_dlt_id", dataType: "text", nullable: false },
]);

async function openModels() {
  const client = await openClient();
  if (client.models === undefined) throw new Error("PostgreSQL runs queries.");
  return { client, models: client.models };
}

const modelFile = (text: string) => writtenFile(newFolder(), users, text, { format: "model" });

test("columns have the types of the query", async () => {
  const { models } = await openModels();
  const expected = {
    "1::smallint": { dataType: "bigint", precision: 16 },
    "1": { dataType: "bigint", precision: 32 },
    "1::bigint": { dataType: "bigint" },
    "1.5": { dataType: "decimal" },
    "1.5::numeric(10, 2)": { dataType: "decimal", precision: 10, scale: 2 },
    "1::numeric(156, 78)": { dataType: "wei", precision: 156, scale: 78 },
    "1::real": { dataType: "double" },
    "'a'": { dataType: "text" },
    "'a'::varchar(20)": { dataType: "text", precision: 20 },
    "gen_random_uuid()": { dataType: "text" },
    "ARRAY[1]": { dataType: "text" },
    "'\\x00'::bytea": { dataType: "binary" },
    true: { dataType: "bool" },
    current_date: { dataType: "date" },
    localtime: { dataType: "time" },
    "now()": { dataType: "timestamp" },
    localtimestamp: { dataType: "timestamp", timezone: false },
    "now()::timestamp(3)": { dataType: "timestamp", timezone: false, precision: 3 },
    "now()::timestamp(3) with time zone": { dataType: "timestamp", precision: 3 },
    "'{}'::json": { dataType: "json" },
    "'{}'::jsonb": { dataType: "json" },
  };
  const described = await models.describe(
    `SELECT ${Object.keys(expected)
      .map((expression, index) => `${expression} AS c${index}`)
      .join(", ")}`,
  );
  expect(described).toEqual(Object.values(expected).map((type, index) => ({ name: `c${index}`, ...type })));
});

test("a query sees the tables of the dataset first, and sessions are as before", async () => {
  const { client, models } = await openModels();
  await query(client, "CREATE TABLE public.users (other int)");
  await query(client, "CREATE TABLE public.more (x int)");
  const names = async (text: string) => (await models.describe(text)).map(({ name }) => name);
  expect(await names("SELECT * FROM users")).toEqual(["other"]);
  await client.prepare(plan([users]));
  expect(await names("SELECT * FROM users")).toEqual([...users.columns.keys()]);
  expect(await names("SELECT * FROM more")).toEqual(["x"]);
  expect(await query(client, "SELECT * FROM users")).toEqual([]);
  expect(await query(client, "SHOW search_path")).toEqual([['ds, "$user", public']]);
});

test("a query sees the tables of a dataset whose name is stored in another case", async () => {
  const client = await openClient({ dataset: "Mixed", naming: { ...sameNames, caseSensitive: false } });
  await client.prepare(plan([users]));
  const described = await client.models?.describe("SELECT id FROM users");
  expect(described).toEqual([{ name: "id", dataType: "bigint" }]);
});

test("a job fills the columns of the library", async () => {
  const { client } = await openModels();
  await client.prepare(plan([users]));
  const result = await run(client, modelFile("dialect: postgres\nSELECT generate_series(1, 3) AS id;\n"));
  expect(result.rowCount).toBe(3);
  expect(
    await query(
      client,
      "SELECT count(*)::int, count(name)::int, count(DISTINCT _dlt_id)::int, max(_dlt_load_id) FROM ds.users",
    ),
  ).toEqual([[3, 0, 3, "1700000001.000000"]]);
});

test.each([
  ["SELECT 's3cret' AS id FROM\n  nothing", "table `nothing`, which is not there (line 2 of the query)"],
  ["SELECT 's3cret' AS id,\n\n nothing FROM pg_class", "a column that is not there (line 3 of the query)"],
  ["SELECT 'a' 's3cret'", "no valid SELECT (line 1 of the query)"],
  ["SELECT 1; SELECT 's3cret'", "several statements"],
  ["WITH gone AS (DELETE FROM pg_class RETURNING 1) SELECT 's3cret' AS id", "it changes something"],
  ["SELECT 's3cret' AS id INTO copied", "no valid SELECT"],
  ["SELECT $1 AS id, 's3cret' AS name", "it has parameters"],
  ["SELECT 's3cret'::int AS id", "PostgreSQL refuses it (SQLSTATE 22P02)"],
])("a query is refused and not shown: %j", async (text, reason) => {
  const { models } = await openModels();
  const error = await errorOf(models.describe(text));
  expect(error.code).toBe("MODEL_QUERY_INVALID");
  expect(error.message).toContain(reason);
  expect(`${error.message} ${error.hint} ${String(error.cause)}`).not.toContain("s3cret");
});

test.each([
  ["dialect: duckdb\nSELECT 1 AS id", "MODEL_DIALECT_UNSUPPORTED"],
  ["SELECT 's3cret' AS id", "DESTINATION_LOAD_FILE_UNREADABLE"],
  ["dialect: postgres\nSELECT 1 AS id; DROP TABLE users", "MODEL_QUERY_INVALID"],
  ["dialect: postgres\nSELECT 's3cret' AS id", "DESTINATION_STATEMENT_INVALID"],
  ["dialect: postgres\nSELECT 's3cret' AS nothing", "DESTINATION_COLUMN_MISSING"],
  [
    "dialect: postgres\nSELECT name::int AS id FROM (SELECT 's3cret' || random() AS name) AS x",
    "DESTINATION_VALUE_REFUSED",
  ],
])("a job is refused and shows nothing of its query: %j", async (text, code) => {
  const { client } = await openModels();
  await client.prepare(plan([users]));
  const error = await errorOf(run(client, modelFile(text)));
  expect(error.code).toBe(code);
  expect(`${error.message} ${error.hint} ${String(error.cause)}`).not.toContain("s3cret");
  expect(await query(client, "SELECT count(*)::int FROM ds.users")).toEqual([[0]]);
});
