import type { ReplaceStrategy } from "@dlt/core";
import type { ConformanceArea, ConformanceTest } from "../conformance-test.js";
import { runJobs, runLoad } from "../direct-load.js";
import type { Trial } from "../trial.js";
import { cutOffEverywhere } from "./cut-off.js";
import { expectUsers, linkedLoad, prepareAndRun } from "./linked-load.js";
import { type LinkedUser, linkedTables, linkedUser } from "./users.js";

export const replace: ConformanceArea = {
  name: "replace",
  isEssential: true,
  testsFor: ({ capabilities }) => capabilities.replaceStrategies.flatMap(testsOf),
};

const tables = linkedTables({ writeDisposition: "replace" });
const before = [1, 2, 3].map((id) => linkedUser({ id, name: "before" }, ["x", "y"], `before ${id}`));
const after = [2, 4].map((id) => linkedUser({ id, name: "after" }, ["z"], `after ${id}`));
const untagged = [5].map((id) => linkedUser({ id, name: "untagged" }, [], `untagged ${id}`));

function testsOf(strategy: ReplaceStrategy): readonly ConformanceTest[] {
  const load = (trial: Trial, number: number, loaded: readonly LinkedUser[]) =>
    linkedLoad(trial, { number, tables, loaded, replaceStrategy: strategy });
  return [
    {
      name: `${strategy} leaves the rows of the last load`,
      async run(trial) {
        const client = await trial.connect();
        await runLoad(client, await load(trial, 1, before));
        await runLoad(client, await load(trial, 2, after));
        await expectUsers(trial, tables, after);
      },
    },
    {
      name: `${strategy} empties nested tables that have no rows any more`,
      async run(trial) {
        const client = await trial.connect();
        await runLoad(client, await load(trial, 1, before));
        await runLoad(client, await load(trial, 2, untagged));
        await expectUsers(trial, tables, untagged);
      },
    },
    {
      name: `${strategy} empties tables that get no rows`,
      async run(trial) {
        const client = await trial.connect();
        await runLoad(client, await load(trial, 1, before));
        await runLoad(client, await load(trial, 2, []));
        await expectUsers(trial, tables, []);
      },
    },
    {
      name: `${strategy} by steps that are repeated leaves each row once`,
      async run(trial) {
        await runLoad(await trial.connect(), await load(trial, 1, before));
        const second = await load(trial, 2, after);
        for (let time = 0; time < 2; time++) await prepareAndRun(await trial.connect(), second);
        const client = await trial.connect();
        await client.completeLoad(second.completed);
        await prepareAndRun(client, second);
        await expectUsers(trial, tables, after);
      },
    },
    {
      name: `${strategy} that is cut off anywhere can be run again`,
      async run(trial) {
        const calm = await trial.connect();
        const version = (number: number) =>
          [1, number].map((id) => linkedUser({ id }, [`v${number}`], `v${number} ${id}`));
        await cutOffEverywhere(trial, {
          call: async (client, attempt) => prepareAndRun(client, await load(trial, attempt + 1, version(attempt + 1))),
          async check(attempt) {
            await runLoad(calm, await load(trial, attempt + 1, version(attempt + 1)));
            await expectUsers(trial, tables, version(attempt + 1));
          },
        });
      },
    },
    ...(strategy === "truncate-and-insert" ? [] : [keepsFormerRows(strategy)]),
  ];
}

function keepsFormerRows(strategy: ReplaceStrategy): ConformanceTest {
  return {
    name: `${strategy} keeps the former rows until all others are there`,
    async run(trial) {
      const client = await trial.connect();
      await runLoad(client, await linkedLoad(trial, { number: 1, tables, loaded: before, replaceStrategy: strategy }));
      const second = await linkedLoad(trial, { number: 2, tables, loaded: after, replaceStrategy: strategy });
      await client.prepare(second.plan);
      await runJobs(client, { ...second, chains: [] });
      await expectUsers(trial, tables, before);
      await runJobs(client, second);
      await expectUsers(trial, tables, after);
    },
  };
}
