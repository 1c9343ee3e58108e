import { join } from "node:path";
import { isDltError } from "@dlt/core";
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, it, onTestFinished } from "vitest";
import { databasePath } from "../src/database-path.js";
import { resolved } from "./support.js";

const unset = {
  database: undefined,
  readOnly: false,
  extensions: [],
  globalConfig: {},
  localConfig: {},
  pragmas: [],
  attachOptions: {},
  encryptionKey: undefined,
};

function refusal(native: unknown): readonly [code: string, message: string] {
  try {
    resolved(native);
  } catch (error) {
    if (isDltError(error)) return [error.code, error.message];
    throw error;
  }
  throw new Error("Nothing was refused.");
}

describe("credentials", () => {
  it.each<[native: unknown, credentials: object]>([
    ["my.duckdb", { database: "my.duckdb" }],
    ["/data/my.duckdb", { database: "/data/my.duckdb" }],
    ["C:\\data\\my.duckdb", { database: "C:\\data\\my.duckdb" }],
    ["duckdb:///my.duckdb", { database: "my.duckdb" }],
    ["duckdb:////data/my.duckdb", { database: "/data/my.duckdb" }],
    ["duckdb:///my.duckdb?read_only=true", { database: "my.duckdb", readOnly: true }],
    ["duckdb:///", {}],
    ["duckdb:///?extensions=httpfs&extensions=fts&pragmas=", { extensions: ["httpfs", "fts"] }],
    [
      'duckdb:///a?extensions=["fts"]&global_config={"threads":2}',
      { database: "a", extensions: ["fts"], globalConfig: { threads: 2 } },
    ],
    ["duckdb:///a?pragmas=threads%3D2", { database: "a", pragmas: ["threads=2"] }],
    [":pipeline:", { database: ":pipeline:" }],
    ['{"database": "a", "read_only": true}', { database: "a", readOnly: true }],
    [{}, {}],
    [{ drivername: "duckdb", database: "a", read_only: "false" }, { database: "a" }],
    [{ readOnly: true, database: undefined }, { readOnly: true }],
    [
      {
        extensions: ["httpfs"],
        global_config: { threads: 2 },
        local_config: { a: true },
        pragmas: ["enable_progress_bar", "memory_limit = '1 GB'"],
        attach_options: { storage_version: "v1.2.0" },
      },
      {
        extensions: ["httpfs"],
        globalConfig: { threads: 2 },
        localConfig: { a: true },
        pragmas: ["enable_progress_bar", "memory_limit = '1 GB'"],
        attachOptions: { storage_version: "v1.2.0" },
      },
    ],
    // As variables of the environment give them.
    [
      { extensions: '["httpfs"]', global_config: '{"memory_limit": "1GB"}' },
      { extensions: ["httpfs"], globalConfig: { memory_limit: "1GB" } },
    ],
  ])("%o", (native, credentials) => {
    expect(resolved(native)).toEqual({ ...unset, ...credentials });
  });

  it.each(["postgres://loader:hunter2@db.example.com/dlt_data", '{"database": "my.duckdb", "password": "hunter2"'])(
    "refuse a text that is no path, and do not show it",
    (text) => {
      const [code, message] = refusal(text);
      expect(code).toBe("DESTINATION_CREDENTIALS_INVALID");
      expect(message).not.toContain("hunter2");
    },
  );

  it("are what is open already", async () => {
    const instance = await DuckDBInstance.create();
    const connection = await instance.connect();
    onTestFinished(() => {
      connection.closeSync();
      instance.closeSync();
    });
    expect(resolved(instance).database).toBe(instance);
    expect(resolved(connection).database).toBe(connection);
    expect(resolved({ database: instance, pragmas: ["enable_profiling"] })).toEqual({
      ...unset,
      database: instance,
      pragmas: ["enable_profiling"],
    });
  });

  it("keep the key secret", () => {
    const { encryptionKey } = resolved({ encryptionKey: "hunter2" });
    expect(`${encryptionKey}`).not.toContain("hunter2");
    expect(encryptionKey?.reveal()).toBe("hunter2");
  });

  it.each([":memory:", ":memory:shared", "duckdb:///:memory:", { database: ":memory:" }, { database: "" }])(
    "refuse %o, which would be lost",
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
    ["md:my_db?motherduck_token=hunter2", "name a MotherDuck database"],
    ["duckdb:///my.duckdb?password=hunter2", "have no setting `password`"],
    [{ path: "a" }, "have no setting `path`; there are `database`, `readOnly`"],
    [{ database: 5 }, "need text for `database`"],
    [{ readOnly: "maybe" }, "need true or false for `read_only`"],
    [{ extensions: "httpfs" }, "need a list of names for `extensions`"],
    [{ extensions: ["a; DROP SCHEMA main"] }, "other characters than letters, digits and `_` in `extensions`"],
    [{ pragmas: ["threads = 1; DROP SCHEMA main"] }, "in `pragmas`"],
    [{ pragmas: ["a = 'x'; DROP SCHEMA main'"] }, "in `pragmas`"],
    [{ globalConfig: "x" }, "need an object for `global_config`"],
    [{ globalConfig: ["x"] }, "need an object for `global_config`"],
    [{ globalConfig: { "a b": 1 } }, "in `global_config`"],
    [{ globalConfig: { threads: [2] } }, "for `threads` of `global_config`"],
    [{ attachOptions: { Encryption_Key: "hunter2" } }, "it is the setting `encryption_key`, which is kept secret"],
    [{ attachOptions: { read_only: true } }, "it is the setting `read_only`"],
  ])("refuse %o", (native, reason) => {
    const [code, message] = refusal(native);
    expect(code).toBe("DESTINATION_CREDENTIALS_INVALID");
    expect(message).toContain(reason);
    expect(message).not.toMatch(/secret(?!$|.$)/);
  });
});

describe("databasePath", () => {
  const where = { localDir: "/work", workingDir: "/data/github", defaultName: "github" };

  it("is in the folder for local files unless it is absolute", () => {
    expect(databasePath(undefined, where)).toBe(join("/work", "github.duckdb"));
    expect(databasePath("data/a.db", where)).toBe(join("/work", "data/a.db"));
    expect(databasePath("/a.db", where)).toBe("/a.db");
  });

  it("is in the working folder where that is asked for, and there is one", () => {
    expect(databasePath(":pipeline:", where)).toBe(join("/data/github", "github.duckdb"));
    expect(() => databasePath(":pipeline:", { localDir: "/work", defaultName: "github" })).toThrow(
      expect.objectContaining({ code: "DESTINATION_CREDENTIALS_INVALID" }),
    );
  });
});
