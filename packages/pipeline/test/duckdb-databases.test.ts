import { existsSync } from "node:fs";
import { join } from "node:path";
import { duckdb } from "@dlt/destination-duckdb";
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Pipeline } from "../src/index.js";
import { newMachine } from "./new-machine.js";

const merge = { tableName: "users", writeDisposition: "merge", primaryKey: "id" } as const;

async function settingOf(p: Pipeline, name: string): Promise<unknown> {
  await using sql = await p.sqlClient();
  return (await sql.executeSql(`SELECT current_setting('${name}')`))[0]?.[0];
}

describe("a database in memory", () => {
  test("holds what one step after another brings, as long as its instance is open", async () => {
    const instance = await DuckDBInstance.create();
    onTestFinished(() => instance.closeSync());
    const machine = await newMachine({ instance });
    const p = machine.pipeline();
    await p.extract([{ id: 1, name: "Ada", tags: ["a"] }], merge);
    await p.normalize();
    await p.load();
    await p.run(
      [
        { id: 1, name: "Ada L." },
        { id: 2, name: "Ben", tags: ["b", "c"] },
      ],
      merge,
    );
    expect(await machine.query("SELECT id, name FROM users ORDER BY id")).toEqual([
      { id: 1, name: "Ada L." },
      { id: 2, name: "Ben" },
    ]);

    // Another pipeline object, as in another part of the application, and one that has lost its folder.
    const again = machine.pipeline({ pipelinesDir: join(machine.folder, "elsewhere") });
    await again.run([{ id: 3, name: "Cleo" }], merge);
    await using sql = await again.sqlClient();
    expect(await sql.executeSql("SELECT count(*), (SELECT count(*) FROM users__tags) FROM users")).toEqual([[3, 2]]);
  });

  test("may be given as one connection, whose settings are applied", async () => {
    const instance = await DuckDBInstance.create();
    const connection = await instance.connect();
    onTestFinished(() => {
      connection.closeSync();
      instance.closeSync();
    });
    const machine = await newMachine({ instance });
    const destination = duckdb({ credentials: { database: connection, localConfig: { errors_as_json: true } } });
    const p = machine.pipeline({ destination });
    await p.run([{ id: 1 }], merge);
    await p.run([{ id: 1 }, { id: 2 }], merge);
    expect(await machine.query("SELECT id FROM users ORDER BY id")).toEqual([{ id: 1 }, { id: 2 }]);
    expect(await settingOf(p, "errors_as_json")).toBe(true);
    expect((await connection.runAndReadAll("SELECT count(*) FROM users")).getRows()).toEqual([[2n]]);
  });

  test("is refused where nothing would keep it", async () => {
    const machine = await newMachine();
    const env = { DESTINATION__DUCKDB__CREDENTIALS: ":memory:" };
    const p = machine.pipeline({ destination: duckdb() }, { ...machine.runtime, env });
    await expect(p.run([{ id: 1 }], merge)).rejects.toMatchObject({ code: "DESTINATION_IN_MEMORY" });
  });
});

describe("credentials", () => {
  test("are looked up one by one, beside what is given", async () => {
    const machine = await newMachine();
    const env = {
      DESTINATION__DUCKDB__CREDENTIALS__GLOBAL_CONFIG: '{"memory_limit": "500MB"}',
      DESTINATION__DUCKDB__CREDENTIALS__LOCAL_CONFIG__ERRORS_AS_JSON: "true",
      DESTINATION__DUCKDB__CREDENTIALS__PRAGMAS: '["threads = 3"]',
      DESTINATION__DUCKDB__CREDENTIALS__EXTENSIONS: '["json"]',
    };
    const p = machine.pipeline({}, { ...machine.runtime, env });
    await p.run([{ id: 1 }], merge);
    expect(await machine.query("SELECT id FROM users")).toEqual([{ id: 1 }]);
    expect(await settingOf(p, "memory_limit")).toBe("476.8 MiB");
    expect(await settingOf(p, "errors_as_json")).toBe(true);
    expect(await settingOf(p, "threads")).toBe(3);
  });

  test("can say in a connection string that a file is only read", async () => {
    const machine = await newMachine();
    await machine.pipeline().run([{ id: 1 }], merge);
    const env = { DESTINATION__DUCKDB__CREDENTIALS: `duckdb:///${machine.database}?read_only=true` };
    const p = machine.pipeline({ destination: duckdb() }, { ...machine.runtime, env });
    await using sql = await p.sqlClient();
    expect(await sql.executeSql("SELECT id FROM users")).toEqual([[1]]);
    await sql.close();
    await expect(p.run([{ id: 2 }], merge)).rejects.toMatchObject({ code: "DESTINATION_READ_ONLY" });
  });

  test("name a file in the working folder of the pipeline, which goes with it", async () => {
    const machine = await newMachine();
    const p = machine.pipeline({ destination: duckdb({ credentials: ":pipeline:" }) });
    await p.run([{ id: 1 }], merge);
    const file = join(machine.pipelinesDir, "shop", "shop.duckdb");
    expect(existsSync(file)).toBe(true);
    await p.run([{ id: 2 }], merge);
    await using sql = await p.sqlClient();
    expect(await sql.executeSql("SELECT id FROM users ORDER BY id")).toEqual([[1], [2]]);
    await sql.close();
    await p.drop();
    expect(existsSync(file)).toBe(false);
  });
});
