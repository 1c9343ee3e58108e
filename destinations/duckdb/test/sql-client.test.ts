import { CalendarDate, Decimal, float, TimeOfDay, Timestamp, Wei } from "@dlt/core";
import { DuckDBInstance, intervalValue } from "@duckdb/node-api";
import { describe, expect, it } from "vitest";
import { errorOf, newFolder, openClient, plan, query, table } from "./support.js";

const users = table("users", [
  { name: "id", dataType: "bigint" },
  { name: "name", dataType: "text" },
]);

async function openSql() {
  const client = await openClient({ localDir: newFolder() });
  await client.prepare(plan([users]));
  if (client.sql === undefined) throw new Error("DuckDB speaks SQL.");
  return client.sql;
}

describe("executeSql", () => {
  it("takes %s, the driver's own parameters, or names", async () => {
    const sql = await openSql();
    await sql.executeSql("INSERT INTO users VALUES (%s, %s)", 1, "100%s");
    await sql.executeSql("INSERT INTO users VALUES (?, ?)", 2, "b");
    await sql.executeSql("INSERT INTO users VALUES ($2, $1)", "c", 3);
    await sql.executeSql("INSERT INTO users VALUES ($id, $name)", { id: 4, name: "d" });
    expect(await sql.executeSql("SELECT * FROM users WHERE id %% 2 = %s ORDER BY id", 1)).toEqual([
      [1, "100%s"],
      [3, "c"],
    ]);
    expect(await sql.executeSql("SELECT 7 % 4")).toEqual([[3]]);
  });

  it("refuses another number of values", async () => {
    const sql = await openSql();
    expect((await errorOf(sql.executeSql("SELECT %s, %s", 1))).code).toBe("DESTINATION_PARAMETERS_MISMATCH");
  });

  it("says what DuckDB says of a wrong statement", async () => {
    const sql = await openSql();
    const error = await errorOf(sql.executeSql("SELEC 1"));
    expect([error.code, error.retryable]).toEqual(["DESTINATION_STATEMENT_INVALID", false]);
    expect(error.message).toContain('Parser Error: syntax error at or near "SELEC"');
    expect((await errorOf(sql.executeSql("SELECT * FROM nothing"))).code).toBe("DESTINATION_TABLE_MISSING");
  });

  it("keeps transactions and settings from call to call", async () => {
    const sql = await openSql();
    await sql.executeSql("BEGIN");
    await sql.executeSql("INSERT INTO users VALUES (1, 'a')");
    await sql.executeSql("ROLLBACK");
    expect(await sql.executeSql("SELECT count(*) FROM users")).toEqual([[0]]);
  });

  it("gives the names of columns", async () => {
    const sql = await openSql();
    expect(await sql.query("SELECT 1 AS a, 'x' AS \"A b\"")).toEqual({ columns: ["a", "A b"], rows: [[1, "x"]] });
    expect(sql.qualified("users")).toBe('"ds"."users"');
    expect(sql.dataset).toBe("ds");
  });
});

describe("values", () => {
  it.each<[sql: string, value: unknown]>([
    ["NULL", null],
    ["true", true],
    ["9007199254740991", 9007199254740991],
    ["9007199254740993", 9007199254740993n],
    ["-170141183460469231731687303715884105727", -170141183460469231731687303715884105727n],
    ["2.5::DOUBLE", 2.5],
    ["'nan'::DOUBLE", Number.NaN],
    ["1.10::DECIMAL(38,9)", new Decimal("1.100000000")],
    ["-0.001::DECIMAL(3,3)", new Decimal("-0.001")],
    ["0::DECIMAL(3,0)", new Decimal("0")],
    ["TIMESTAMPTZ '2024-01-02 03:04:05.123456+02'", new Timestamp({ seconds: 1704157445, microseconds: 123456 })],
    ["TIMESTAMPTZ '1969-12-31 23:59:59.5Z'", new Timestamp({ seconds: -1, microseconds: 500000 })],
    ["TIMESTAMP '2024-01-02 03:04:05'", new Timestamp({ seconds: 1704164645, offsetMinutes: null })],
    ["TIMESTAMP_S '2024-01-02 03:04:05'", new Timestamp({ seconds: 1704164645, offsetMinutes: null })],
    [
      "TIMESTAMP_MS '2024-01-02 03:04:05.25'",
      new Timestamp({ seconds: 1704164645, microseconds: 250000, offsetMinutes: null }),
    ],
    ["TIMESTAMP_NS '2024-01-02 03:04:05.123456789'", "2024-01-02 03:04:05.123456789"],
    ["TIMESTAMPTZ 'infinity'", "infinity"],
    ["DATE '2024-01-02'", CalendarDate.of(2024, 1, 2)],
    ["TIME '03:04:05.5'", new TimeOfDay(11045500000)],
    ["'\\x00\\xFF'::BLOB", new Uint8Array([0, 255])],
    ["[1, NULL]", [1, null]],
    ["{'a': 1.5::DECIMAL(2,1), 'b': [DATE '2024-01-02']}", { a: new Decimal("1.5"), b: [CalendarDate.of(2024, 1, 2)] }],
    ["MAP {'a': 1}", [{ key: "a", value: 1 }]],
    ["'{\"a\":1}'::JSON", '{"a":1}'],
    ["INTERVAL 1 DAY", "1 day"],
    ["'6b6e8202-aaaa-4083-9680-4b7408ba2863'::UUID", "6b6e8202-aaaa-4083-9680-4b7408ba2863"],
  ])("%s", async (expression, value) => {
    const sql = await openSql();
    const [[actual] = []] = await sql.executeSql(`SELECT ${expression}`);
    expect(actual instanceof Uint8Array ? new Uint8Array(actual) : actual).toEqual(value);
  });

  it.each<[value: unknown, type: string, shown: string]>([
    [5, "INTEGER", "5"],
    [2 ** 40, "BIGINT", "1099511627776"],
    [9007199254740993n, "HUGEINT", "9007199254740993"],
    [2.5, "DOUBLE", "2.5"],
    [float(2.5), "DOUBLE", "2.5"],
    ["x", "VARCHAR", "x"],
    [true, "BOOLEAN", "true"],
    [null, '"NULL"', "null"],
    [undefined, '"NULL"', "null"],
    [new Date("2024-01-02T03:04:05.678Z"), "TIMESTAMP WITH TIME ZONE", "2024-01-02 03:04:05.678+00"],
    [new Timestamp({ seconds: 0, microseconds: 1 }), "TIMESTAMP WITH TIME ZONE", "1970-01-01 00:00:00.000001+00"],
    [new Timestamp({ seconds: 0, offsetMinutes: null }), "TIMESTAMP", "1970-01-01 00:00:00"],
    [CalendarDate.of(2024, 1, 2), "DATE", "2024-01-02"],
    [new TimeOfDay(1), "TIME", "00:00:00.000001"],
    [new Decimal("-1.10"), "DECIMAL(3,2)", "-1.10"],
    [new Decimal("1E+3"), "DECIMAL(4,0)", "1000"],
    [new Decimal("0.001"), "DECIMAL(3,3)", ".001"],
    [new Wei(5n), "DECIMAL(1,0)", "5"],
    [new Decimal("1E+40"), "VARCHAR", "1E+40"],
    [new Uint8Array([0, 65]), "BLOB", "\\x00A"],
    [intervalValue(0, 1, 0n), "INTERVAL", "1 day"],
  ])("%o as a parameter", async (value, type, shown) => {
    const sql = await openSql();
    expect(await sql.executeSql("SELECT typeof(%s), coalesce(%s::VARCHAR, 'null')", value, value)).toEqual([
      [type, shown],
    ]);
  });
});

describe("the dataset", () => {
  it("is where names are looked up, as soon as it is there", async () => {
    const client = await openClient({ localDir: newFolder() });
    expect(await query(client, "SELECT current_schema()")).toEqual([["main"]]);
    await client.prepare(plan([users]));
    expect(await query(client, "SELECT current_schema()")).toEqual([["ds"]]);
  });

  it("may be called as the file is", async () => {
    const client = await openClient({ localDir: newFolder(), credentials: "Shop.duckdb", dataset: "shop" });
    await client.prepare(plan([users], { staged: ["users"] }));
    expect(client.sql?.qualified("users")).toBe('"Shop"."shop"."users"');
    expect(await query(client, "SELECT * FROM users")).toEqual([]);
    expect(await client.prepare(plan([users]))).toEqual([]);
    expect(await client.state?.datasetExists()).toBe(true);
  });

  it("has times in UTC, whatever the zone of the machine", async () => {
    const client = await openClient({ localDir: newFolder() });
    expect(await query(client, "SELECT current_setting('TimeZone')")).toEqual([["UTC"]]);
  });

  it("can be in memory, in an instance or on a connection that the application keeps", async () => {
    const instance = await DuckDBInstance.create();
    const connection = await instance.connect();
    for (const [credentials, dataset] of [
      [instance, "one"],
      [connection, "memory"],
    ] as const) {
      const client = await openClient({ localDir: newFolder(), credentials, dataset });
      expect(client.displayLocation).toBe("duckdb:///:external:");
      await client.prepare(plan([users]));
      await Promise.all([
        query(client, "INSERT INTO users VALUES (1, 'a')"),
        query(client, "SELECT 1"),
        client.state?.readState("p"),
      ]);
      await client[Symbol.asyncDispose]();
      expect((await errorOf(query(client, "SELECT 1"))).code).toBe("DESTINATION_CLOSED");
      const result = await connection.runAndReadAll(`SELECT name FROM memory.${dataset}.users`);
      expect(result.getRows()).toEqual([["a"]]);
    }
    connection.closeSync();
    instance.closeSync();
  });
});
