import { isDltError } from "@dlt/core";
import { expect, test } from "vitest";
import { type ConnectionParts, displayConnection, parseConnectionString } from "./connection-string.js";

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
