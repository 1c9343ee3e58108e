import type { DestinationClient, StateStore } from "@dlt/core";
import { describe, expect, it } from "vitest";
import { completed, loadFile, newFolder, openClient, plan, query, run, systemTables } from "./support.js";

async function openStore(): Promise<{ readonly client: DestinationClient; readonly store: StateStore }> {
  const client = await openClient();
  if (client.state === undefined) throw new Error("PostgreSQL keeps state.");
  return { client, store: client.state };
}

describe("a state store", () => {
  it("finds nothing where there is no dataset, or none of its tables", async () => {
    const { client, store } = await openStore();
    for (const exists of [false, true]) {
      expect(await store.readState("p")).toBe(null);
      expect(await store.readSchema("src")).toBe(null);
      expect(await store.readSchemaByHash("hash")).toBe(null);
      expect(await store.readLastLoadId()).toBe(null);
      expect(await store.rejects?.tables("p")).toEqual([]);
      expect(await store.datasetExists()).toBe(exists);
      if (!exists) await query(client, "CREATE SCHEMA ds");
    }
  });

  it("reads the newest state of a completed load", async () => {
    const { client, store } = await openStore();
    const stateTable = systemTables.find(({ name }) => name === "_dlt_pipeline_state");
    if (stateTable === undefined) throw new Error("There is a state table.");
    const load = async (version: number, loadId: string) => {
      const prepared = plan([], { loadId });
      await client.prepare(prepared);
      const row = {
        version,
        engine_version: 4,
        pipeline_name: "p",
        state: `state ${version}`,
        created_at: 1704164645123456n,
        version_hash: "hash",
        _dlt_load_id: loadId,
        _dlt_id: `id ${version}`,
      };
      await run(client, await loadFile(newFolder(), stateTable, [row], { id: loadId, loadId }));
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

  it.each([-1n, 0n, 999_999n, 1_000_000n, -62_135_596_800_000_000n, 253_402_300_799_999_999n])(
    "reads the time %d to the microsecond",
    async (createdAt) => {
      const { client, store } = await openStore();
      const stateTable = systemTables.find(({ name }) => name === "_dlt_pipeline_state");
      if (stateTable === undefined) throw new Error("There is a state table.");
      const prepared = plan([]);
      await client.prepare(prepared);
      const texts = { pipeline_name: "p", state: "s", version_hash: "h", _dlt_load_id: prepared.loadId, _dlt_id: "i" };
      const row = { version: 1, engine_version: 4, created_at: createdAt, ...texts };
      await run(client, await loadFile(newFolder(), stateTable, [row]));
      await client.completeLoad(completed(prepared));
      expect((await store.readState("p"))?.createdAt).toBe(createdAt);
    },
  );

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
    const schemas = (await query(client, "SELECT nspname FROM pg_namespace")).flat();
    expect(schemas).toContain("keep");
    expect(schemas).not.toContain("ds_staging");
    await store.dropDataset();
    expect((await client.prepare(plan([]))).length).toBe(3);
  });
});
