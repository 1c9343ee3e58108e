import type { DestinationClient, SqlClient } from "@dlt/core";
import { expect } from "vitest";
import type { ConformanceArea, ConformanceTest } from "../conformance-test.js";
import { directLoad, runLoad } from "../direct-load.js";
import type { Trial } from "../trial.js";
import { userRows, users } from "./users.js";

const tests: readonly ConformanceTest[] = [
  {
    name: "queries give rows and the names of columns",
    async run(trial) {
      const sql = await loadedUsers(trial);
      const { columns, rows } = await sql.query(`SELECT id, name FROM ${sql.qualified("users")} ORDER BY id`);
      expect(columns).toEqual(["id", "name"]);
      expect(rows.map(([id, name]) => [Number(id), name])).toEqual([
        [1, "n1"],
        [2, "n2"],
      ]);
    },
  },
  {
    name: "`%s` stands for a parameter, and for nothing in text",
    async run(trial) {
      const sql = await loadedUsers(trial);
      const rows = await sql.executeSql(
        `SELECT name, '%s' FROM ${sql.qualified("users")} WHERE id = %s AND name <> %s`,
        2,
        "' OR 1 = 1 --",
      );
      expect(rows).toEqual([["n2", "%s"]]);
    },
  },
  {
    name: "values go in and come back as they are",
    async run(trial) {
      const sql = await loadedUsers(trial);
      const name = 'it\'s "quoted" \\ ünïcödé 🦆';
      await sql.executeSql(`UPDATE ${sql.qualified("users")} SET name = %s WHERE id = %s`, name, 1);
      await sql.executeSql(`UPDATE ${sql.qualified("users")} SET name = %s WHERE id = %s`, null, 2);
      const stored = (await trial.stored("users")).map((row) => row["name"] ?? null);
      expect(stored.toSorted()).toEqual([name, null].toSorted());
    },
  },
];

export const sql: ConformanceArea = {
  name: "SQL",
  isEssential: false,
  testsFor: (_, client) => (client.sql === undefined ? [] : tests),
};

async function loadedUsers(trial: Trial): Promise<SqlClient> {
  const client: DestinationClient = await trial.connect();
  const files = [{ table: "users", rows: userRows(2) }];
  await runLoad(client, await directLoad(trial, { number: 1, tables: [users], files }));
  if (client.sql === undefined) throw new TypeError("The destination speaks no SQL.");
  return client.sql;
}
