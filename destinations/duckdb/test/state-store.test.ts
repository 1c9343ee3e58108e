import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { completed, loadFile, newFolder, openClient, plan, query, run, systemTables } from "./support.js";

async function openStore(folder = newFolder()) {
  const client = await openClient({ localDir: folder });
  if (client.state === undefined) throw new Error("DuckDB keeps state.");
  return { client, store: client.state, folder };
}

describe("a state store", () => {
  it("finds nothing where there is no file, and makes none", async () => {
    const { store, folder } = await openStore();
    expect(await store.readState("p")).toBe(null);
    expect(await store.readSchema("src")).toBe(null);
    expect(await store.readSchemaByHash("hash")).toBe(null);
    expect(await store.readLastLoadId()).toBe(null);
    expect(await store.datasetExists()).toBe(false);
    await store.dropDataset();
    expect(existsSync(join(folder, "test.duckdb"))).toBe(false);
  });

  it("finds nothing in a file without the dataset, or without the tables", async () => {
    const { client, store } = await openStore();
    await query(client, "CREATE TABLE other (id INTEGER)");
    expect(await store.readState("p")).toBe(null);
    expect(await store.datasetExists()).toBe(false);
    await query(client, "CREATE SCHEMA ds");
    expect(await store.readState("p")).toBe(null);
    expect(await store.readSchema("src")).toBe(null);
    expect(await store.readLastLoadId()).toBe(null);
    expect(await store.datasetExists()).toBe(true);
  });

  it("reads the newest state of a completed load", async () => {
    const { client, store, folder } = await openStore();
    const stateTable = systemTables.find(({ name }) => name === "_dlt_pipeline_state");
    if (stateTable === undefined) throw new Error("There is a state table.");
    const load = async (version: number, loadId: string) => {
      const prepared = plan([], { loadId });
      await client.prepare(prepared);
      const row =
        `SELECT ${version}::BIGINT AS version, 4::BIGINT AS engine_version, 'p' AS pipeline_name, 'state ${version}' AS state, ` +
        `TIMESTAMPTZ '2024-01-02 03:04:05.123456+00' AS created_at, 'hash' AS version_hash, '${loadId}' AS _dlt_load_id, 'id ${version}' AS _dlt_id`;
      await run(client, await loadFile(folder, stateTable, row, { id: loadId, loadId }));
      return prepared;
    };
    const first = await load(1, "1700000001.000000");
    expect(await store.readState("p")).toBe(null);
    await client.completeLoad(completed(first));
    await client.completeLoad(completed(await load(2, "1700000002.000000")));
    await load(3, "1700000003.000000");
    expect(await store.readState("p")).toEqual({
      version: 2,
      engineVersion: 4,
      pipelineName: "p",
      state: "state 2",
      createdAt: 1704164645123456n,
      versionHash: null,
      loadId: "1700000002.000000",
    });
    expect(await store.readState("another")).toBe(null);
    expect(await store.readLastLoadId()).toBe("1700000002.000000");
  });

  it("reads schemas by name and by hash", async () => {
    const { client, store } = await openStore();
    const before = BigInt(Date.now()) * 1000n;
    await client.prepare(plan([], { schemaHash: "one", schemaVersion: 1 }));
    await client.prepare(plan([], { schemaHash: "two", schemaVersion: 2, loadId: "2", schema: '{"a":"é"}' }));
    await client.prepare(plan([], { schemaHash: "other", schemaName: "other", loadId: "3" }));
    const newest = await store.readSchema("src");
    expect(newest).toMatchObject({
      schemaName: "src",
      version: 2,
      engineVersion: 11,
      versionHash: "two",
      schema: '{"a":"é"}',
    });
    expect(newest?.insertedAt).toBeGreaterThanOrEqual(before);
    expect(await store.readSchemaByHash("one")).toMatchObject({ version: 1, versionHash: "one" });
    expect(await store.readSchemaByHash("none")).toBe(null);
    expect(await store.readSchema("none")).toBe(null);
  });

  it("drops the dataset with its staging dataset, and nothing else", async () => {
    const { client, store } = await openStore();
    await client.prepare(plan([], { staged: ["_dlt_loads"] }));
    await query(client, "CREATE SCHEMA keep");
    await store.dropDataset();
    expect(await store.datasetExists()).toBe(false);
    const schemas = await query(
      client,
      "SELECT schema_name FROM information_schema.schemata WHERE catalog_name = current_database()",
    );
    expect(schemas.flat()).toContain("keep");
    expect(schemas.flat()).not.toContain("ds_staging");
    await store.dropDataset();
    expect((await client.prepare(plan([]))).length).toBe(3);
  });
});
