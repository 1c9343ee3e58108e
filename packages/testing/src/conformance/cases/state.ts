import { join } from "node:path";
import type { DestinationClient, StateRecord, StateStore } from "@dlt/core";
import { incremental, resource } from "@dlt/pipeline";
import { expect } from "vitest";
import type { ConformanceArea, ConformanceTest } from "../conformance-test.js";
import { directLoad, loadIdOf, runJobs, runLoad } from "../direct-load.js";
import { expectRows, tableOf } from "../stored-rows.js";
import { pipelineName } from "../trial.js";
import { linkedTables, userRows, users } from "./users.js";

const tests: readonly ConformanceTest[] = [
  {
    name: "nothing is found where there is no dataset",
    async run(trial) {
      const store = storeOf(await trial.connect());
      expect(await store.readState(pipelineName)).toBe(null);
      expect(await store.readSchema("conformance")).toBe(null);
      expect(await store.readSchemaByHash("aGFzaA==")).toBe(null);
      expect(await store.readLastLoadId()).toBe(null);
      expect(await store.datasetExists()).toBe(false);
      await store.dropDataset();
      expect(await store.datasetExists()).toBe(false);
    },
  },
  {
    name: "the newest state of a completed load is found",
    async run(trial) {
      const client = await trial.connect();
      const store = storeOf(client);
      const loadOf = (number: number) =>
        directLoad(trial, { number, tables: [users], files: [], state: stateOf(number) });
      const first = await loadOf(1);
      await client.prepare(first.plan);
      await runJobs(client, first);
      expect(await store.readState(pipelineName)).toBe(null);
      await client.completeLoad(first.completed);
      expect(await store.readState(pipelineName)).toMatchObject(comparable(stateOf(1)));
      for (const number of [2, 9, 10]) await runLoad(client, await loadOf(number));
      const pending = await loadOf(11);
      await client.prepare(pending.plan);
      await runJobs(client, pending);
      expect(await store.readState(pipelineName)).toMatchObject(comparable(stateOf(10)));
      expect(await storeOf(await trial.connect()).readState(pipelineName)).toMatchObject(comparable(stateOf(10)));
      expect(await store.readState("another")).toBe(null);
    },
  },
  {
    name: "the greatest id of a completed load is found",
    async run(trial) {
      const client = await trial.connect();
      const store = storeOf(client);
      for (const number of [1, 2, 10]) {
        await runLoad(client, await directLoad(trial, { number, tables: [users], files: [] }));
        expect(await store.readLastLoadId()).toBe(loadIdOf(number));
      }
      await client.prepare((await directLoad(trial, { number: 11, tables: [users], files: [] })).plan);
      expect(await store.readLastLoadId()).toBe(loadIdOf(10));
      expect(await store.hasLoad(loadIdOf(2))).toBe(true);
      expect(await store.hasLoad(loadIdOf(11))).toBe(false);
    },
  },
  {
    name: "schemas are found by name, the newest, and by hash",
    async run(trial) {
      const client = await trial.connect();
      const store = storeOf(client);
      const loads = [
        await directLoad(trial, { number: 1, tables: [users], files: [] }),
        await directLoad(trial, { number: 2, tables: [tableOf("users", { id: "bigint", é: "text" })], files: [] }),
        await directLoad(trial, { number: 3, tables: [users], files: [], schemaName: "another" }),
      ];
      for (const load of loads) await runLoad(client, load);
      const [first, second, other] = loads.map(({ plan }) => ({
        schemaName: plan.schemaName,
        version: plan.schemaVersion,
        versionHash: plan.schemaHash,
        schema: plan.schema,
      }));
      expect(await store.readSchema("conformance")).toMatchObject(second ?? {});
      expect(await store.readSchema("another")).toMatchObject(other ?? {});
      expect(await store.readSchema("none")).toBe(null);
      expect(await store.readSchemaByHash(first?.versionHash ?? "")).toMatchObject(first ?? {});
      expect(await store.readSchemaByHash("bm9uZQ==")).toBe(null);
    },
  },
  {
    name: "another machine goes on with the state and the schema of the last load",
    async run(trial) {
      const events = (count: number) =>
        resource({ name: "events", incremental: incremental("id", { initialValue: 0 }) }, () =>
          Array.from({ length: count }, (_, n) => ({ id: n + 1, tags: [`t${n + 1}`] })),
        );
      for (const [machine, count] of [
        ["one", 2],
        ["other", 4],
      ] as const) {
        await using pipeline = trial.pipeline({ pipelinesDir: join(trial.folder, machine) });
        await pipeline.run(events(count));
      }
      const sorted = async (table: string, column: string) =>
        (await trial.stored(table)).map((row) => String(row[column])).sort();
      expect(await sorted("events", "id")).toEqual(["1", "2", "3", "4"]);
      expect(await sorted("events__tags", "value")).toEqual(["t1", "t2", "t3", "t4"]);
      expect(await trial.stored("_dlt_version")).toHaveLength(1);
    },
  },
  {
    name: "a schema that is loaded again is stored once",
    async run(trial) {
      const client = await trial.connect();
      for (const number of [1, 2])
        await runLoad(client, await directLoad(trial, { number, tables: [users], files: [] }));
      expect(await trial.stored("_dlt_version")).toHaveLength(1);
    },
  },
  {
    name: "a long state is kept",
    async run(trial) {
      const client = await trial.connect();
      const state = { ...stateOf(1), state: "s".repeat(500_000) };
      await runLoad(client, await directLoad(trial, { number: 1, tables: [users], files: [], state }));
      expect((await storeOf(client).readState(pipelineName))?.state).toBe(state.state);
    },
  },
  {
    name: "a dataset is dropped with all that is in it, and can be made anew",
    async run(trial) {
      const client = await trial.connect();
      const store = storeOf(client);
      const files = [{ table: "users", rows: userRows(3) }];
      await runLoad(client, await directLoad(trial, { number: 1, tables: [users], files, state: stateOf(1) }));
      expect(await store.datasetExists()).toBe(true);
      await store.dropDataset();
      expect(await store.datasetExists()).toBe(false);
      expect(await store.readState(pipelineName)).toBe(null);
      expect(await store.readSchema("conformance")).toBe(null);
      expect(await store.readLastLoadId()).toBe(null);
      await store.dropDataset();
      await runLoad(client, await directLoad(trial, { number: 2, tables: [users], files }));
      await expectRows(trial, users, userRows(3));
      expect(await store.readLastLoadId()).toBe(loadIdOf(2));
    },
  },
];

const dropsStaging: ConformanceTest = {
  name: "a staging dataset is dropped with its dataset",
  async run(trial) {
    const client = await trial.connect();
    const tables = linkedTables({ writeDisposition: "merge" }, { id: { primaryKey: true } });
    const files = [{ table: "users", rows: [{ id: 1, _dlt_id: "1" }] }];
    const load = await directLoad(trial, { number: 1, tables, files });
    await client.prepare(load.plan);
    await runJobs(client, { ...load, chains: [] });
    expect(await trial.staged("users")).toHaveLength(1);
    await storeOf(client).dropDataset();
    const renewed = await directLoad(trial, { number: 2, tables, files: [] });
    await client.prepare(renewed.plan);
    expect(await trial.staged("users")).toEqual([]);
  },
};

export const state: ConformanceArea = {
  name: "state",
  isEssential: false,
  testsFor({ capabilities }, client) {
    if (client.state === undefined) return [];
    return [...tests, ...(capabilities.mergeStrategies.length > 0 ? [dropsStaging] : [])];
  },
};

function storeOf({ state: store }: DestinationClient): StateStore {
  if (store === undefined) throw new TypeError("The destination keeps no state.");
  return store;
}

function stateOf(number: number): StateRecord {
  return {
    version: number,
    engineVersion: 4,
    pipelineName,
    state: `{"number":${number},"text":"é'\\""}`,
    createdAt: 1_704_164_645_123_456n,
    versionHash: "aGFzaA==",
    loadId: loadIdOf(number),
  };
}

/** What is kept of a state; its hash is kept by some. */
function comparable({ versionHash: _, ...kept }: StateRecord): Omit<StateRecord, "versionHash"> {
  return kept;
}
