import { CalendarDate, Decimal, float, TimeOfDay, Timestamp, Wei } from "@dlt/core";
import { newDatabase } from "@dlt/test-servers";
import { describe, expect, it } from "vitest";
import { errorOf, openClient, plan, query, users } from "./support.js";

const database = newDatabase();

async function openSql() {
  const client = await openClient({ database: await database });
  if (client.sql === undefined) throw new Error("PostgreSQL speaks SQL.");
  return client.sql;
}

describe("executeSql", () => {
  it("takes %s, or the driver's own parameters", async () => {
    const client = await openClient();
    await client.prepare(plan([users]));
    await query(client, "INSERT INTO ds.users VALUES (%s, %s)", 1, "100%s");
    await query(client, "INSERT INTO ds.users VALUES ($2, $1)", "c", 3);
    expect(await query(client, "SELECT * FROM ds.users WHERE id %% 2 = %s ORDER BY id", 1)).toEqual([
      [1, "100%s"],
      [3, "c"],
    ]);
    expect(await query(client, "SELECT 7 % 4")).toEqual([[3]]);
    expect(await query(client, "SELECT 1; SELECT 2, 3")).toEqual([[2, 3]]);
  });

  it("refuses another number of values", async () => {
    const sql = await openSql();
    expect((await errorOf(sql.executeSql("SELECT %s, %s", 1))).code).toBe("DESTINATION_PARAMETERS_MISMATCH");
  });

  it("says what the server says of a wrong statement", async () => {
    const sql = await openSql();
    const error = await errorOf(sql.executeSql("SELEC 1"));
    expect([error.code, error.retryable]).toEqual(["DESTINATION_STATEMENT_INVALID", false]);
    expect(error.message).toContain('syntax error at or near "SELEC"');
    expect((await errorOf(sql.executeSql("SELECT * FROM nothing"))).code).toBe("DESTINATION_TABLE_MISSING");
  });

  it("keeps transactions from call to call", async () => {
    const client = await openClient();
    await client.prepare(plan([users]));
    await query(client, "BEGIN");
    await query(client, "INSERT INTO ds.users VALUES (1, 'a')");
    await query(client, "ROLLBACK");
    expect(await query(client, "SELECT count(*) FROM ds.users")).toEqual([[0]]);
  });

  it("gives the names of columns", async () => {
    const sql = await openSql();
    expect(await sql.query("SELECT 1 AS a, 'x' AS \"A b\"")).toEqual({ columns: ["a", "A b"], rows: [[1, "x"]] });
    expect(sql.qualified("users")).toBe('"ds"."users"');
    expect(sql.dataset).toBe("ds");
  });

  it("finds tables of the dataset without its name, before others, also after a connection was lost", async () => {
    const dataset = 'A "b"';
    const client = await openClient({ dataset });
    await client.prepare(plan([users]));
    const sql = client.sql;
    expect(await sql?.executeSql("SELECT count(*) FROM users")).toEqual([[0]]);
    expect(await sql?.executeSql("SHOW search_path")).toEqual([['"A ""b""", "$user", public']]);
    await errorOf(query(client, "SELECT pg_terminate_backend(pg_backend_pid())"));
    await query(client, "CREATE TABLE public.users AS SELECT 1 AS id");
    expect(await sql?.executeSql("SELECT count(*) FROM users")).toEqual([[0]]);
  });
});

describe("values", () => {
  it.each<[sql: string, value: unknown]>([
    ["NULL", null],
    ["true", true],
    ["7::smallint", 7],
    ["7::integer", 7],
    ["9007199254740991", 9007199254740991],
    ["9007199254740993", 9007199254740993n],
    ["2.5::float8", 2.5],
    ["2.5::float4", 2.5],
    ["'nan'::float8", Number.NaN],
    ["'-infinity'::float8", Number.NEGATIVE_INFINITY],
    ["1.10::numeric(38,9)", new Decimal("1.100000000")],
    ["'NaN'::numeric", new Decimal("NaN")],
    ["'2024-01-02 03:04:05.123456+02'::timestamptz", new Timestamp({ seconds: 1704157445, microseconds: 123456 })],
    ["'1969-12-31 23:59:59.5Z'::timestamptz", new Timestamp({ seconds: -1, microseconds: 500000 })],
    ["'2024-01-02 03:04:05'::timestamp", new Timestamp({ seconds: 1704164645, offsetMinutes: null })],
    ["'infinity'::timestamptz", "infinity"],
    ["'0044-03-15 BC'::date", "0044-03-15 BC"],
    ["'12345-01-01'::timestamp", "12345-01-01 00:00:00"],
    ["'2024-01-02'::date", CalendarDate.of(2024, 1, 2)],
    ["'03:04:05.5'::time", new TimeOfDay(11045500000)],
    ["'\\x00ff'::bytea", new Uint8Array([0, 255])],
    ["'{\"a\":1}'::jsonb", '{"a": 1}'],
    ["'{1,2}'::int[]", "{1,2}"],
    ["'6b6e8202-aaaa-4083-9680-4b7408ba2863'::uuid", "6b6e8202-aaaa-4083-9680-4b7408ba2863"],
  ])("%s", async (expression, value) => {
    const sql = await openSql();
    for (const zone of ["UTC", "Asia/Kolkata"]) {
      await sql.executeSql(`SET TIME ZONE '${zone}'`);
      const [[actual] = []] = await sql.executeSql(`SELECT ${expression}`);
      expect(actual).toEqual(value);
    }
  });

  it.each<[value: unknown, type: string, shown: string]>([
    [5, "integer", "5"],
    [9007199254740993n, "bigint", "9007199254740993"],
    [2.5, "float8", "2.5"],
    [float(2.5), "float8", "2.5"],
    ["it's", "text", "it's"],
    [true, "boolean", "true"],
    [null, "text", "null"],
    [undefined, "text", "null"],
    [new Date("2024-01-02T03:04:05.678Z"), "timestamptz", "2024-01-02 03:04:05.678+00"],
    [new Timestamp({ seconds: 0, microseconds: 1 }), "timestamptz", "1970-01-01 00:00:00.000001+00"],
    [new Timestamp({ seconds: 0, offsetMinutes: null }), "timestamp", "1970-01-01 00:00:00"],
    [CalendarDate.of(2024, 1, 2), "date", "2024-01-02"],
    [new TimeOfDay(1), "time", "00:00:00.000001"],
    [new Decimal("-1.10"), "numeric", "-1.10"],
    [new Wei(5n), "numeric", "5"],
    [new Uint8Array([0, 65]), "bytea", "\\x0041"],
    [{ a: [1] }, "jsonb", '{"a": [1]}'],
    [[1, 2], "int[]", "{1,2}"],
  ])("%o as a parameter", async (value, type, shown) => {
    const sql = await openSql();
    await sql.executeSql("SET TIME ZONE 'UTC'");
    expect(await sql.executeSql(`SELECT coalesce(%s::${type}::text, 'null')`, value)).toEqual([[shown]]);
  });
});
