import { existsSync } from "node:fs";
import { join } from "node:path";
import { isDestination, isSecret } from "@dlt/core";
import { describe, expect, it } from "vitest";
import { duckdb } from "../src/index.js";
import { newFolder, openClient, plan, query, table } from "./support.js";

const users = table("users", [{ name: "id", dataType: "bigint" }]);

describe("duckdb", () => {
  it("is a destination with its settings", () => {
    const destination = duckdb({
      credentials: "a.duckdb",
      destinationName: "warehouse",
      capabilities: { maxParallelJobs: 1 },
    });
    expect(isDestination(destination)).toBe(true);
    expect(destination).toMatchObject({ type: "duckdb", name: "warehouse" });
    // The settings of DuckDB have a key to encrypt with, which a connection string can hold: none is printed.
    expect(destination.given["credentials"]).toSatisfy(isSecret);
    expect(destination.capabilities).toMatchObject({ preferredFileFormat: "parquet", maxParallelJobs: 1 });
    expect(Object.keys(destination.config)).toEqual(["credentials", "createIndexes"]);
    expect(duckdb().name).toBe("duckdb");
  });

  it("names its file after the pipeline, or after itself when it has a name", async () => {
    const folder = newFolder();
    const unnamed = await openClient({ localDir: folder });
    expect(unnamed.displayLocation).toBe(`duckdb:///${join(folder, "test.duckdb")}`);
    const named = await openClient({ localDir: folder, destinationName: "warehouse" });
    await named.prepare(plan([users]));
    expect(existsSync(join(folder, "warehouse.duckdb"))).toBe(true);
    expect(existsSync(join(folder, "test.duckdb"))).toBe(false);
  });

  it("leaves one file behind, without a write-ahead log", async () => {
    const folder = newFolder();
    const client = await openClient({ localDir: folder });
    await client.prepare(plan([users]));
    expect(existsSync(join(folder, "test.duckdb.wal"))).toBe(true);
    await client[Symbol.asyncDispose]();
    expect(existsSync(join(folder, "test.duckdb.wal"))).toBe(false);
  });

  it("applies settings of the database, and keeps its own threads only while a load runs", async () => {
    const setting = (name: string) => `SELECT current_setting('${name}')`;
    const plain = await openClient({ localDir: newFolder() });
    const threads = await query(plain, setting("threads"));
    await plain.prepare(plan([users]));
    const load = plan([users]);
    await plain.completeLoad({
      loadId: load.loadId,
      schemaName: "src",
      schemaHash: load.schemaHash,
      createdAt: 1n,
      state: null,
    });
    expect(await query(plain, setting("threads"))).toEqual(threads);

    const credentials = {
      globalConfig: { threads: 3, memory_limit: "500MB" },
      localConfig: { errors_as_json: true },
      pragmas: ["verify_parallelism"],
    };
    const set = await openClient({ localDir: newFolder(), credentials });
    await set.prepare(plan([users]));
    expect(await query(set, setting("threads"))).toEqual([[3]]);
    expect(await query(set, setting("memory_limit"))).toEqual([["476.8 MiB"]]);
    expect(await query(set, setting("errors_as_json"))).toEqual([[true]]);
  });
});
