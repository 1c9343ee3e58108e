import type { ConformanceArea, ConformanceTest } from "../conformance-test.js";
import { directLoad, runLoad } from "../direct-load.js";
import { expectRows } from "../stored-rows.js";
import { linkedTables, linkedUser, userRows, users } from "./users.js";

const tests: readonly ConformanceTest[] = [
  {
    name: "loads add their rows to those before",
    async run(trial) {
      const loads = [1, 2, 3];
      for (const number of loads) {
        const files = [{ table: "users", rows: userRows(3, `load ${number}, `) }];
        await runLoad(await trial.connect(), await directLoad(trial, { number, tables: [users], files }));
      }
      await expectRows(
        trial,
        users,
        loads.flatMap((number) => userRows(3, `load ${number}, `)),
      );
    },
  },
  {
    name: "jobs of one table at the same time add the rows of each",
    async run(trial) {
      const client = await trial.connect();
      const parts = Array.from({ length: 8 }, (_, part) => userRows(50, `part ${part}, `));
      const load = await directLoad(trial, {
        number: 1,
        tables: [users],
        files: parts.map((rows) => ({ table: "users", rows })),
      });
      await client.prepare(load.plan);
      const { signal } = new AbortController();
      await Promise.all(load.files.map((file) => client.createJob(file).run(signal)));
      await client.completeLoad(load.completed);
      await expectRows(trial, users, parts.flat());
    },
  },
  {
    name: "rows and those nested in them are kept",
    async run(trial) {
      const tables = linkedTables({ writeDisposition: "append" });
      const loaded = [1, 2].map((id) => linkedUser({ id }, ["a", "b"], `u${id}`));
      const files = [
        { table: "users", rows: loaded.map(({ row }) => row) },
        { table: "users__tags", rows: loaded.flatMap(({ tags }) => tags) },
      ];
      await runLoad(await trial.connect(), await directLoad(trial, { number: 1, tables, files }));
      for (const [index, table] of tables.entries()) await expectRows(trial, table, files[index]?.rows ?? []);
    },
  },
];

export const append: ConformanceArea = { name: "append", isEssential: true, testsFor: () => tests };
