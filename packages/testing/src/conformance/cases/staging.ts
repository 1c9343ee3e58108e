import { expect } from "vitest";
import type { ConformanceArea, ConformanceTest } from "../conformance-test.js";
import { runJobs, runLoad } from "../direct-load.js";
import { expectUsers, linkedLoad } from "./linked-load.js";
import { linkedTables, linkedUser } from "./users.js";

const tables = linkedTables({ writeDisposition: "merge" }, { id: { primaryKey: true } });
const before = [1, 2].map((id) => linkedUser({ id, name: "before" }, ["a"], `user ${id}`));
const after = [linkedUser({ id: 3, name: "after" }, ["b"], "user 3")];

const stages: ConformanceTest = {
  name: "staged rows are not in their tables before they are merged, and gone with the next load",
  async run(trial) {
    const client = await trial.connect();
    const first = await linkedLoad(trial, { number: 1, tables, loaded: before });
    await client.prepare(first.plan);
    await runJobs(client, { ...first, chains: [] });
    await expectUsers(trial, tables, []);
    expect(await trial.staged("users")).toHaveLength(before.length);
    await runLoad(client, await linkedLoad(trial, { number: 2, tables, loaded: after }));
    await expectUsers(trial, tables, after);
  },
};

const truncates: ConformanceTest = {
  name: "staged tables are emptied when they are not needed, and others may be missing",
  async run(trial) {
    const client = await trial.connect();
    await client.truncateStaging?.(["users"]);
    await runLoad(client, await linkedLoad(trial, { number: 1, tables, loaded: before }));
    await client.truncateStaging?.(["users", "users__tags", "never_there"]);
    expect(await trial.staged("users")).toEqual([]);
    expect(await trial.staged("users__tags")).toEqual([]);
    await expectUsers(trial, tables, before);
  },
};

export const staging: ConformanceArea = {
  name: "staging",
  isEssential: false,
  testsFor: ({ capabilities }, client) =>
    capabilities.mergeStrategies.length === 0
      ? []
      : [stages, ...(client.truncateStaging === undefined ? [] : [truncates])],
};
