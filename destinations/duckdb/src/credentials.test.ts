import { join } from "node:path";
import { isDltError } from "@dlt/core";
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, it } from "vitest";
import { databasePath, parseCredentials } from "./credentials.js";

function refusal(native: unknown): readonly [code: string, message: string] {
  try {
    parseCredentials(native);
  } catch (error) {
    if (isDltError(error)) return [error.code, error.message];
    throw error;
  }
  throw new Error("Nothing was refused.");
}

describe("parseCredentials", () => {
  it.each<[native: unknown, credentials: object]>([
    ["my.duckdb", { database: "my.duckdb" }],
    ["/data/my.duckdb", { database: "/data/my.duckdb" }],
    ["C:\\data\\my.duckdb", { database: "C:\\data\\my.duckdb" }],
    ["duckdb:///my.duckdb", { database: "my.duckdb" }],
    ["duckdb:////data/my.duckdb", { database: "/data/my.duckdb" }],
    ["duckdb:///my.duckdb?read_only=true", { database: "my.duckdb", readOnly: true }],
    ["duckdb:///", {}],
    [{}, {}],
    [
      { drivername: "duckdb", database: "a", read_only: "false" },
      { database: "a", readOnly: false },
    ],
    [{ readOnly: true, database: undefined }, { readOnly: true }],
    [
      {
        extensions: ["httpfs"],
        global_config: { threads: 2 },
        local_config: { a: true },
        pragmas: ["enable_progress_bar"],
      },
      {
        extensions: ["httpfs"],
        globalConfig: { threads: 2 },
        localConfig: { a: true },
        pragmas: ["enable_progress_bar"],
      },
    ],
    // As variables of the environment give them.
    [
      { extensions: '["httpfs"]', global_config: '{"memory_limit": "1GB"}' },
      { extensions: ["httpfs"], globalConfig: { memory_limit: "1GB" } },
    ],
  ])("%o", (native, credentials) => {
    expect(parseCredentials(native)).toEqual({ kind: "file", credentials });
  });

  it.each(["postgres://loader:hunter2@db.example.com/dlt_data", '{"database": "my.duckdb", "password": "hunter2"'])(
    "refuses a text that is no path, and does not show it",
    (text) => {
      const [code, message] = refusal(text);
      expect(code).toBe("DESTINATION_CREDENTIALS_INVALID");
      expect(message).not.toContain("hunter2");
    },
  );

  it("takes what is open already", async () => {
    const instance = await DuckDBInstance.create();
    const connection = await instance.connect();
    expect(parseCredentials(instance)).toEqual({ kind: "instance", instance });
    expect(parseCredentials(connection)).toEqual({ kind: "connection", connection });
    connection.closeSync();
    instance.closeSync();
  });

  it.each([":memory:", "duckdb:///:memory:", { database: ":memory:" }, ""])(
    "refuses %o, which would be lost",
    (native) => {
      expect(refusal(native)).toEqual([
        "DESTINATION_IN_MEMORY",
        "The credentials of `duckdb` name a database in memory, whose rows would be lost.",
      ]);
    },
  );

  it.each<[native: unknown, reason: string]>([
    [5, "are of the type `number`"],
    [null, "are of the type `object`"],
    ["md:my_db?motherduck_token=secret", "name a MotherDuck database"],
    ["duckdb:///my.duckdb?password=secret", "have no setting `password`"],
    [":pipeline:", "ask for `:pipeline:`"],
    [{ path: "a" }, "have no setting `path`; there are `database`, `readOnly`"],
    [{ database: 5 }, "need text for `database`"],
    [{ readOnly: "maybe" }, "need true or false for `readOnly`"],
    [{ extensions: "httpfs" }, "need a list of names for `extensions`"],
    [{ extensions: ["a; DROP SCHEMA main"] }, "other characters than letters, digits and `_` in `extensions`"],
    [{ globalConfig: "x" }, "need an object for `globalConfig`"],
    [{ globalConfig: { "a b": 1 } }, "in `globalConfig`"],
    [{ globalConfig: { threads: [2] } }, "for `threads` of `globalConfig`"],
  ])("refuses %o", (native, reason) => {
    const [code, message] = refusal(native);
    expect(code).toBe("DESTINATION_CREDENTIALS_INVALID");
    expect(message).toContain(reason);
    expect(message).not.toContain("secret");
  });
});

describe("databasePath", () => {
  const where = { localDir: "/work", defaultName: "github" };

  it("is in the folder for local files unless it is absolute", () => {
    expect(databasePath({}, where)).toBe(join("/work", "github.duckdb"));
    expect(databasePath({ database: "data/a.db" }, where)).toBe(join("/work", "data/a.db"));
    expect(databasePath({ database: "/a.db" }, where)).toBe("/a.db");
  });
});
