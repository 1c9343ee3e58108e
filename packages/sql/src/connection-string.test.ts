import { type ConfigField, isDltError, type Secret } from "@dlt/core";
import { expect, expectTypeOf, test } from "vitest";
import { type ConnectionParts, connection, displayConnection, parseConnectionString } from "./connection-string.js";

test.each<[text: string, parts: ConnectionParts, shown: string]>([
  [
    "postgresql://loader:pa%40ss@localhost:5432/dlt_data?connect_timeout=15",
    {
      drivername: "postgresql",
      username: "loader",
      password: "pa@ss",
      host: "localhost",
      port: 5432,
      database: "dlt_data",
      query: { connect_timeout: "15" },
    },
    "postgresql://loader:***@localhost:5432/dlt_data",
  ],
  [
    "mysql+pymysql://u@h/d%20e",
    { drivername: "mysql+pymysql", username: "u", host: "h", database: "d%20e" },
    "mysql+pymysql://u@h/d%20e",
  ],
  ["mssql://h", { drivername: "mssql", host: "h" }, "mssql://h"],
  ["sqlite:///a/b.db", { drivername: "sqlite", database: "a/b.db" }, "sqlite:///a/b.db"],
  [
    "clickhouse://u:a:b@[::1]:9440/d?secure=1&x=&y=1&y=2",
    {
      drivername: "clickhouse",
      username: "u",
      password: "a:b",
      host: "::1",
      port: 9440,
      database: "d",
      query: { secure: "1", y: ["1", "2"] },
    },
    "clickhouse://u:***@[::1]:9440/d",
  ],
  [
    "snowflake://u:p@account/db?warehouse=WH&role=ROLE",
    {
      drivername: "snowflake",
      username: "u",
      password: "p",
      host: "account",
      database: "db",
      query: { warehouse: "WH", role: "ROLE" },
    },
    "snowflake://u:***@account/db",
  ],
])("%s", (text, parts, shown) => {
  expect(parseConnectionString(text)).toEqual(parts);
  expect(displayConnection(parts)).toBe(shown);
});

test.each(["hidden", "://u:hidden@h", "a://u:hidden%@h", "a://u:hidden@h:port/d", "a://u:hid@den@h/d"])(
  "%s is refused without being shown",
  (text) => {
    try {
      parseConnectionString(text);
    } catch (error) {
      if (!isDltError(error)) throw error;
      expect(error.code).toBe("CONNECTION_STRING_INVALID");
      expect(`${error.message} ${error.hint}`).not.toMatch(/hid/);
      expect(error.hint).toContain("driver://username:password@host:port/database");
      return;
    }
    throw new Error("it was taken");
  },
);

test("credentials are a string of a known driver, or parts, of which some are needed", () => {
  const mysql = connection({ drivers: ["mysql", "mariadb"], port: 3306, required: ["host", "password"] });
  type Value = typeof mysql extends ConfigField<infer Of> ? Of : never;
  expectTypeOf<Value["host"]>().toEqualTypeOf<string>();
  expectTypeOf<Value["password"]>().toEqualTypeOf<Secret>();
  expectTypeOf<Value["username"]>().toEqualTypeOf<string | undefined>();
  const { fields } = mysql;
  const needed = Object.keys(fields).filter(
    (name) => fields[name]?.optional !== true && fields[name]?.default === undefined,
  );
  expect(needed).toEqual(["password", "host"]);
  expect([mysql.secret, fields["password"]?.secret, fields["port"]?.default]).toEqual([true, true, 3306]);
  expect(mysql.parse?.("mariadb+driver://u: p @h/d")).toMatchObject({ drivername: "mariadb+driver", password: "p" });
  expect(mysql.parse?.({ host: "h" })).toEqual({ host: "h" });
  for (const wrong of ["oracle://u:hidden@h/d", 7]) {
    expect(() => mysql.parse?.(wrong)).toThrow(expect.objectContaining({ code: "CONNECTION_STRING_INVALID" }));
    expect(() => mysql.parse?.(wrong)).not.toThrow(/hidden/);
  }
});
