import type { DestinationClient, LoadFile } from "@dlt/core";
import { expect } from "vitest";
import type { ConformanceArea, ConformanceTest } from "../conformance-test.js";
import { directLoad, runLoad } from "../direct-load.js";
import { expectRows, tableOf } from "../stored-rows.js";
import { cutOffEverywhere, mostCuts } from "./cut-off.js";
import { userRows, users } from "./users.js";

const run = (client: DestinationClient, file: LoadFile | undefined, signal = new AbortController().signal) => {
  if (file === undefined) throw new TypeError("The load has no such file.");
  return client.createJob(file).run(signal);
};

const rows = userRows(3);
const orders = tableOf("orders", { id: "bigint" });
const oneFile = { number: 1, tables: [users], files: [{ table: "users", rows }] };

const tests: readonly ConformanceTest[] = [
  {
    name: "a job gives its id and its rows",
    async run(trial) {
      const client = await trial.connect();
      const { plan, files } = await directLoad(trial, oneFile);
      await client.prepare(plan);
      const [file] = files;
      expect(file && client.createJob(file).id).toBe(file?.jobId);
      expect(await run(client, file)).toMatchObject({ rowCount: 3 });
      await expectRows(trial, users, rows);
    },
  },
  {
    name: "a job that was only described does nothing",
    async run(trial) {
      const client = await trial.connect();
      const { plan, files } = await directLoad(trial, oneFile);
      await client.prepare(plan);
      for (const file of files) client.createJob(file);
      await expectRows(trial, users, []);
    },
  },
  {
    name: "a job that is run again adds nothing",
    async run(trial) {
      const client = await trial.connect();
      const { plan, files } = await directLoad(trial, oneFile);
      await client.prepare(plan);
      for (let time = 0; time < 3; time++) await run(client, files[0]);
      await expectRows(trial, users, rows);
    },
  },
  {
    name: "a job that is run again by another client adds nothing",
    async run(trial) {
      const { plan, files } = await directLoad(trial, oneFile);
      for (let time = 0; time < 2; time++) {
        const client = await trial.connect();
        await client.prepare(plan);
        await run(client, files[0]);
        await client[Symbol.asyncDispose]();
      }
      await expectRows(trial, users, rows);
    },
  },
  {
    name: "a job that is run again after its load is complete adds nothing",
    async run(trial) {
      const client = await trial.connect();
      const load = await directLoad(trial, oneFile);
      await runLoad(client, load);
      await run(client, load.files[0]);
      await client.prepare(load.plan);
      await run(await trial.connect(), load.files[0]);
      await expectRows(trial, users, rows);
    },
  },
  {
    name: "a job that is run again adds nothing, although another pipeline completed a later load",
    async run(trial) {
      const load = await directLoad(trial, oneFile);
      const client = await trial.connect();
      await client.prepare(load.plan);
      await run(client, load.files[0]);
      const later = await directLoad(trial, {
        number: 2,
        schemaName: "another",
        tables: [orders],
        files: [{ table: "orders", rows: [{ id: 1 }] }],
      });
      await runLoad(await trial.connect({ pipelineName: "another" }), later);
      await runLoad(await trial.connect(), load);
      await expectRows(trial, users, rows);
      await expectRows(trial, orders, [{ id: 1 }]);
    },
  },
  {
    name: "another job with the same rows adds them",
    async run(trial) {
      const client = await trial.connect();
      const [first] = oneFile.files;
      await runLoad(client, await directLoad(trial, { ...oneFile, files: first === undefined ? [] : [first, first] }));
      await expectRows(trial, users, [...rows, ...rows]);
    },
  },
  {
    name: "a job that is stopped before it starts leaves nothing, and can be run again",
    async run(trial) {
      const client = await trial.connect();
      const { plan, files } = await directLoad(trial, oneFile);
      await client.prepare(plan);
      await expect(run(client, files[0], AbortSignal.abort(new Error("stopped")))).rejects.toThrow();
      await expectRows(trial, users, []);
      await run(client, files[0]);
      await expectRows(trial, users, rows);
    },
  },
  {
    name: "a job that is stopped midway leaves all or nothing, and can be run again",
    async run(trial) {
      const client = await trial.connect();
      const many = userRows(20_000);
      const load = await directLoad(trial, { ...oneFile, files: [{ table: "users", rows: many }] });
      await client.prepare(load.plan);
      const stop = new AbortController();
      const running = run(client, load.files[0], stop.signal);
      setImmediate(() => stop.abort(new Error("stopped")));
      const isDone = await running.then(
        () => true,
        () => false,
      );
      const stored = (await trial.stored("users")).length;
      expect(isDone ? [many.length] : [0, many.length]).toContain(stored);
      await run(client, load.files[0]);
      expect(await trial.stored("users")).toHaveLength(many.length);
    },
  },
  {
    name: "a job that is cut off anywhere leaves all or nothing, and can be run again",
    async run(trial) {
      const calm = await trial.connect();
      const { plan, files } = await directLoad(trial, {
        ...oneFile,
        files: Array.from({ length: mostCuts + 1 }, () => ({ table: "users", rows })),
      });
      await calm.prepare(plan);
      const done = (jobs: number) => Array.from({ length: jobs }, () => rows).flat();
      const jobs = await cutOffEverywhere(trial, {
        call: (client, attempt) => run(client, files[attempt - 1]),
        async check(attempt) {
          const { length } = await trial.stored("users");
          expect([done(attempt - 1).length, done(attempt).length]).toContain(length);
          await run(calm, files[attempt - 1]);
          await expectRows(trial, users, done(attempt));
        },
      });
      await expectRows(trial, users, done(jobs));
    },
  },
];

export const repeatedJobs: ConformanceArea = { name: "repeated jobs", isEssential: true, testsFor: () => tests };
