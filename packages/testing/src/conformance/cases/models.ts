import { type DestinationClient, isDltError, type ModelClient } from "@dlt/core";
import { expect } from "vitest";
import type { ConformanceArea, ConformanceTest } from "../conformance-test.js";
import { directLoad, runJobs, runLoad } from "../direct-load.js";
import { expectRows, tableOf } from "../stored-rows.js";
import type { Trial } from "../trial.js";
import { cutOffEverywhere, mostCuts } from "./cut-off.js";
import { userRows, users } from "./users.js";

const copies = tableOf("copies", { id: "bigint", name: "text", note: "text" });
const rows = userRows(3);
const copyUsers = "SELECT id, name FROM users";

const tests: readonly ConformanceTest[] = [
  {
    name: "tells the columns of a query, and runs nothing",
    async run(trial) {
      const models = await modelsWithUsers(trial);
      const described = await models.describe(`${copyUsers} ORDER BY id;\n-- of the dataset`);
      expect(described).toMatchObject([
        { name: "id", dataType: "bigint" },
        { name: "name", dataType: "text" },
      ]);
      const { length } = await models.describe("SELECT 1 / (id - id) AS nothing, count(*) AS n FROM users GROUP BY id");
      expect(length).toBe(2);
    },
  },
  {
    name: "selects columns of a query under other names",
    async run(trial) {
      const models = await modelsWithUsers(trial);
      const query = 'SELECT name AS "A b", id AS "A b", 1 AS x FROM users -- all';
      const selected = models.select(query, [
        { position: 1, name: "second" },
        { position: 0, name: "first" },
      ]);
      const described = await models.describe(selected);
      expect(described.map(({ name, dataType }) => [name, dataType])).toEqual([
        ["second", "bigint"],
        ["first", "text"],
      ]);
    },
  },
  {
    name: "makes the rows of a query once, however often its job is run",
    async run(trial) {
      const client = await clientWithUsers(trial);
      const load = await copyingLoad(trial, [copyUsers]);
      await client.prepare(load.plan);
      for (let time = 0; time < 3; time++) await runJobs(client, load);
      await expectRows(trial, copies, rows);
      await client.completeLoad(load.completed);
      await runJobs(await trial.connect(), load);
      await expectRows(trial, copies, rows);
    },
  },
  {
    name: "a job with a query that is cut off anywhere leaves all or nothing, and can be run again",
    async run(trial) {
      const client = await clientWithUsers(trial);
      const load = await copyingLoad(trial, Array<string>(mostCuts + 1).fill(copyUsers));
      await client.prepare(load.plan);
      const done = (jobs: number) => Array<typeof rows>(jobs).fill(rows).flat();
      await cutOffEverywhere(trial, {
        call: (cut, attempt) => runOne(cut, load.files[attempt - 1]),
        async check(attempt) {
          const { length } = await trial.stored("copies");
          expect([done(attempt - 1).length, done(attempt).length]).toContain(length);
          await runOne(client, load.files[attempt - 1]);
          await expectRows(trial, copies, done(attempt));
        },
      });
    },
  },
  {
    name: "refuses what is not one SELECT, and shows nothing of it",
    async run(trial) {
      const models = await modelsWithUsers(trial);
      const refused = [
        "SELECT 's3cret' AS a; SELECT 1 AS b",
        "DELETE FROM users WHERE name = 's3cret'",
        "INSERT INTO users (id, name) VALUES (9, 's3cret')",
        "SELEC 's3cret'",
        "SELECT 's3cret' AS a) AS b, (SELECT 1 AS c",
        "SELECT 's3cret' AS a FROM never_there",
        'SELECT "s3cret" FROM users',
        "-- s3cret",
        "",
      ];
      for (const query of refused) {
        const error: unknown = await models.describe(query).then(
          () => null,
          (reason: unknown) => reason,
        );
        expect(isDltError(error) ? error.code : error, query).toBe("MODEL_QUERY_INVALID");
        expect(shown(error), query).not.toContain("s3cret");
      }
      await expectRows(trial, users, rows);
    },
  },
];

const merged: ConformanceTest = {
  name: "rows of a query are merged like others",
  async run(trial) {
    const client = await clientWithUsers(trial);
    const keyed = tableOf(
      "copies",
      { id: { dataType: "bigint", nullable: false, primaryKey: true }, name: "text", note: "text" },
      { writeDisposition: "merge" },
    );
    const load = async (number: number, query: string) =>
      await runLoad(
        client,
        await directLoad(trial, { number, tables: [users, keyed], files: [{ table: "copies", query }] }),
      );
    await load(2, copyUsers);
    await load(3, "SELECT id, 'again' AS note FROM users WHERE id > 1");
    await expectRows(
      trial,
      keyed,
      rows.map((row) => (row["id"] === 1 ? row : { id: row["id"] ?? null, note: "again" })),
    );
  },
};

export const models: ConformanceArea = {
  name: "models",
  isEssential: true,
  testsFor: ({ capabilities: { fileFormats, mergeStrategies } }) =>
    fileFormats.includes("model") ? [...tests, ...(mergeStrategies.includes("delete-insert") ? [merged] : [])] : [],
};

/** A client whose dataset has three users. */
async function clientWithUsers(trial: Trial): Promise<DestinationClient> {
  const client = await trial.connect();
  await runLoad(client, await directLoad(trial, { number: 1, tables: [users], files: [{ table: "users", rows }] }));
  return client;
}

async function modelsWithUsers(trial: Trial): Promise<ModelClient> {
  const { models: found } = await clientWithUsers(trial);
  if (found === undefined)
    throw new TypeError("The destination loads the format `model` and its client has no `models`.");
  return found;
}

async function copyingLoad(trial: Trial, queries: readonly string[]) {
  const files = queries.map((query) => ({ table: "copies", query }));
  return await directLoad(trial, { number: 2, tables: [users, copies], files });
}

async function runOne(client: DestinationClient, file: Parameters<DestinationClient["createJob"]>[0] | undefined) {
  if (file === undefined) throw new TypeError("The load has no such file.");
  await client.createJob(file).run(new AbortController().signal);
}

/** What people and logs see of an error, with what caused it. */
function shown(error: unknown): string {
  const parts: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause) parts.push(at.message, JSON.stringify(at));
  return parts.join(" ");
}
