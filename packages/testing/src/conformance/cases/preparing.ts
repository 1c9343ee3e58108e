import { expect } from "vitest";
import type { ConformanceArea, ConformanceTest } from "../conformance-test.js";
import { directLoad, runJobs, runLoad } from "../direct-load.js";
import { expectRows, tableOf } from "../stored-rows.js";
import { cutOffEverywhere } from "./cut-off.js";
import { userRows, users } from "./users.js";

const orders = tableOf("orders", { id: "bigint" });
const usersOf = (number: number, name: string) => ({
  number,
  tables: [users],
  files: [{ table: "users", rows: userRows(2, name) }],
});

const tests: readonly ConformanceTest[] = [
  {
    name: "a prepared load is not emptied again",
    async run(trial) {
      const client = await trial.connect();
      const load = await directLoad(trial, { ...usersOf(1, "kept "), truncate: ["users"] });
      await client.prepare(load.plan);
      await runJobs(client, load);
      expect(await client.prepare(load.plan)).toEqual([]);
      await (await trial.connect()).prepare(load.plan);
      await expectRows(trial, users, userRows(2, "kept "));
    },
  },
  {
    name: "a complete load is not prepared again, although a later one is complete",
    async run(trial) {
      const client = await trial.connect();
      const first = await directLoad(trial, { ...usersOf(1, "first "), truncate: ["users"] });
      await runLoad(client, first);
      await runLoad(client, await directLoad(trial, usersOf(2, "second ")));
      await client.prepare(first.plan);
      await (await trial.connect()).prepare(first.plan);
      await expectRows(trial, users, [...userRows(2, "first "), ...userRows(2, "second ")]);
    },
  },
  {
    name: "a plan empties the tables that it names, and no others",
    async run(trial) {
      const client = await trial.connect();
      const tables = [users, orders];
      const files = [
        { table: "users", rows: userRows(2) },
        { table: "orders", rows: [{ id: 1 }] },
      ];
      await runLoad(client, await directLoad(trial, { number: 1, tables, files }));
      await runLoad(client, await directLoad(trial, { number: 2, tables, files: [], truncate: ["users"] }));
      await expectRows(trial, users, []);
      await expectRows(trial, orders, [{ id: 1 }]);
    },
  },
  {
    name: "a plan drops the tables that it names, and makes them anew",
    async run(trial) {
      const client = await trial.connect();
      const tables = [users, orders];
      const files = [
        { table: "users", rows: userRows(2) },
        { table: "orders", rows: [{ id: 1 }] },
      ];
      const first = await directLoad(trial, { number: 1, tables, files });
      await runLoad(client, first);
      const renewed = tableOf("users", { code: "text" });
      const second = await directLoad(trial, {
        number: 2,
        tables: [renewed, orders],
        files: [{ table: "users", rows: [{ code: "a" }] }],
        drop: ["users"],
      });
      expect((await client.prepare(second.plan)).map(({ name }) => name)).toEqual(["users"]);
      await runJobs(client, second);
      await client.completeLoad(second.completed);
      await expectRows(trial, tableOf("users", { id: "bigint", code: "text" }), [{ code: "a" }]);
      await expectRows(trial, orders, [{ id: 1 }]);
      if (client.state === undefined) return;
      expect(await client.state.readSchemaByHash(first.plan.schemaHash)).toBe(null);
      expect(await client.state.readSchemaByHash(second.plan.schemaHash)).not.toBe(null);
    },
  },
  {
    name: "a preparation that is cut off anywhere can be repeated",
    async run(trial) {
      const calm = await trial.connect();
      // Each load has a column that the one before it lacks, and empties the table first.
      const loadOf = (number: number) => {
        const columns = Array.from({ length: number }, (_, n): [string, "bigint"] => [`c${n}`, "bigint"]);
        const table = tableOf("grown", Object.fromEntries(columns));
        const rows = [Object.fromEntries(columns.map(([name]) => [name, number]))];
        const input = { number, tables: [table], files: [{ table: "grown", rows }], truncate: ["grown"] };
        return { table, rows, made: directLoad(trial, input) };
      };
      await cutOffEverywhere(trial, {
        call: async (client, attempt) => client.prepare((await loadOf(attempt).made).plan),
        async check(attempt) {
          const { table, rows, made } = loadOf(attempt);
          await runLoad(calm, await made);
          await calm.prepare((await made).plan);
          await expectRows(trial, table, rows);
        },
      });
    },
  },
  {
    name: "a completion that is repeated marks the load once",
    async run(trial) {
      const client = await trial.connect();
      const load = await directLoad(trial, usersOf(1, "n"));
      await runLoad(client, load);
      await client.completeLoad(load.completed);
      await (await trial.connect()).completeLoad(load.completed);
      const marks = (await trial.stored("_dlt_loads")).map(({ load_id, schema_name, status }) => ({
        loadId: load_id,
        schemaName: schema_name,
        status: Number(status),
      }));
      const { loadId, schemaName } = load.plan;
      expect(marks).toEqual([{ loadId, schemaName, status: 0 }]);
    },
  },
  {
    name: "the plan of a preparation changes nothing, and is empty once it was run",
    async run(trial) {
      const client = await trial.connect();
      const { plan } = await directLoad(trial, usersOf(1, "n"));
      expect(await client.explain(plan)).not.toEqual([]);
      expect((await client.state?.datasetExists()) ?? false).toBe(false);
      await client.prepare(plan);
      expect(await client.explain(plan)).toEqual([]);
    },
  },
];

export const preparing: ConformanceArea = {
  name: "preparing and completing",
  isEssential: true,
  testsFor: () => tests,
};
