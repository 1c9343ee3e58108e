import { join } from "node:path";
import type { ColumnSchema, DestinationClient, LoadJob, PreparedTable, TableChain } from "@dlt/core";
import { followUpStatements } from "@dlt/sql";
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, it } from "vitest";
import { duckdbCapabilities } from "../src/capabilities.js";
import { datasets } from "../src/datasets.js";
import { duckdbDialect } from "../src/dialect.js";
import {
  completed,
  errorOf,
  killBeforeCommit,
  loadFile,
  newFolder,
  openClient,
  plan,
  query,
  run,
  sameNames,
  table,
} from "./support.js";

const id: ColumnSchema = { name: "_dlt_id", dataType: "text", nullable: false, unique: true, rowKey: true };
const followUpId = "users.0123456789.sql";

function users(hints: Partial<PreparedTable>): PreparedTable {
  const key: ColumnSchema = { name: "id", dataType: "bigint", nullable: false, primaryKey: true };
  return table("users", [key, { name: "name", dataType: "text" }, id], hints);
}

function tags(hints: Partial<PreparedTable>): PreparedTable {
  const columns: readonly ColumnSchema[] = [
    { name: "value", dataType: "text" },
    { name: "_dlt_root_id", dataType: "text", nullable: false, rootKey: true },
    { name: "_dlt_parent_id", dataType: "text", nullable: false, parentKey: true },
    id,
  ];
  return table("users__tags", columns, { parent: "users", rootTable: "users", ...hints });
}

const merged = { writeDisposition: "merge", mergeStrategy: "delete-insert" } as const;
const upserted = { writeDisposition: "merge", mergeStrategy: "upsert" } as const;
const replaced = { writeDisposition: "replace", replaceStrategy: "insert-from-staging" } as const;

/** Stages users 1 and 2, each with a tag, for a load; `version` tells its rows from those of others. */
async function staged(
  client: DestinationClient,
  tables: readonly [PreparedTable, PreparedTable],
  version: string,
): Promise<LoadJob> {
  const loadId = `170000000${version}.000000`;
  const [root, nested] = tables;
  await client.prepare(plan(tables, { loadId, staged: ["users", "users__tags"] }));
  const folder = newFolder();
  const suffix = root.mergeStrategy === "upsert" ? "" : version;
  const rows: readonly (readonly [PreparedTable, string])[] = [
    [root, `SELECT i AS id, 'v${version}' AS name, 'u' || i || '${suffix}' AS _dlt_id FROM range(1, 3) AS r(i)`],
    [
      nested,
      `SELECT 'v${version}' AS value, 'u' || i || '${suffix}' AS _dlt_root_id, 'u' || i || '${suffix}' AS _dlt_parent_id,
       't' || i || '${suffix}' AS _dlt_id FROM range(1, 3) AS r(i)`,
    ],
  ];
  for (const [target, sql] of rows)
    await run(client, await loadFile(folder, target, sql, { loadId, target: "staging" }));
  const [job, ...others] = client.followUps?.(chainOf(tables, version)) ?? [];
  if (job === undefined || others.length > 0) throw new Error("A staged chain has one follow-up.");
  return job;
}

function chainOf(tables: readonly PreparedTable[], version: string): TableChain {
  const loaded = new Set(tables.map(({ name }) => name));
  return { loadId: `170000000${version}.000000`, createdAt: 1n, tables, loaded, followUpId };
}

const runJob = (job: LoadJob, signal = new AbortController().signal) => job.run(signal);
const content = async (client: DestinationClient) => [
  await query(client, "SELECT id, name FROM users ORDER BY id"),
  await query(client, "SELECT value FROM users__tags"),
];
const version = (number: string) => [
  [
    [1, `v${number}`],
    [2, `v${number}`],
  ],
  [[`v${number}`], [`v${number}`]],
];

describe("what was staged", () => {
  const tables = [users(merged), tags(merged)] as const;

  it.each<[what: string, change: (client: DestinationClient) => Promise<unknown>]>([
    ["was emptied by hand", (client) => query(client, "DELETE FROM ds_staging.users__tags")],
    ["is now of another load", (client) => staged(client, tables, "3")],
  ])("is not merged when it %s", async (_, change) => {
    const client = await openClient({ localDir: newFolder() });
    await runJob(await staged(client, tables, "1"));
    const job = await staged(client, tables, "2");
    await change(client);
    expect((await errorOf(runJob(job))).code).toBe("DESTINATION_STAGING_CHANGED");
    expect(await content(client)).toEqual(version("1"));
  });
});

describe.each([
  ["delete-insert", merged],
  ["upsert", upserted],
  ["insert-from-staging", replaced],
])("the follow-up of %s", (_, hints) => {
  const tables = [users(hints), tags(hints)] as const;

  it("brings staged rows into their tables, once", async () => {
    const client = await openClient({ localDir: newFolder() });
    await runJob(await staged(client, tables, "1"));
    const job = await staged(client, tables, "2");
    expect(job.id).toBe(followUpId);
    expect(await content(client)).toEqual(version("1"));
    expect(await runJob(job)).toEqual({ rowCount: 4, bytes: 0 });
    expect(await content(client)).toEqual(version("2"));
    // What is staged or stored by now would show a second time.
    await query(client, "UPDATE ds_staging.users SET name = 'staged later'");
    await query(client, "UPDATE users__tags SET value = 'kept'");
    expect(await runJob(job)).toEqual({ rowCount: 4, bytes: 0 });
    expect(await content(client)).toEqual([version("2")[0], [["kept"], ["kept"]]]);
    expect(await query(client, "SELECT count(*) FROM _dlt_jobs WHERE load_id = '1700000002.000000'")).toEqual([[4]]);
  });

  it("does nothing once its load is complete, although its mark is gone", async () => {
    const client = await openClient({ localDir: newFolder() });
    const first = await staged(client, tables, "1");
    await runJob(first);
    await client.completeLoad(completed(plan(tables, { loadId: "1700000001.000000" })));
    await runJob(await staged(client, tables, "2"));
    await client.completeLoad(completed(plan(tables, { loadId: "1700000002.000000" })));
    expect(await query(client, "SELECT count(*) FROM _dlt_jobs WHERE load_id = '1700000001.000000'")).toEqual([[0]]);
    await query(client, "UPDATE ds_staging.users SET name = 'staged later'");
    await runJob(first);
    expect(await content(client)).toEqual(version("2"));
  });

  it("leaves nothing temporary, so that it runs again and again on one connection", async () => {
    const instance = await DuckDBInstance.create();
    const connection = await instance.connect();
    const client = await openClient({ localDir: newFolder(), credentials: connection });
    for (const number of ["1", "2", "3"]) {
      await runJob(await staged(client, tables, number));
      expect(await query(client, "SELECT table_name FROM duckdb_tables() WHERE temporary")).toEqual([]);
    }
    expect(await content(client)).toEqual(version("3"));
    connection.closeSync();
    instance.closeSync();
  });

  it("leaves everything as it was when it is aborted, and can be run again", async () => {
    const client = await openClient({ localDir: newFolder() });
    await runJob(await staged(client, tables, "1"));
    const job = await staged(client, tables, "2");
    expect((await errorOf(runJob(job, AbortSignal.abort()))).code).toBe("DESTINATION_INTERRUPTED");
    expect(await content(client)).toEqual(version("1"));
    await runJob(job);
    expect(await content(client)).toEqual(version("2"));
  });

  it("is rolled back when its process is killed between its statements and the commit", async () => {
    const folder = newFolder();
    const first = await openClient({ localDir: folder });
    await runJob(await staged(first, tables, "1"));
    await staged(first, tables, "2");
    await first[Symbol.asyncDispose]();
    const dataset = datasets({
      dialect: duckdbDialect(duckdbCapabilities, { createIndexes: false }),
      naming: sameNames,
      dataset: "ds",
      stagingDataset: "ds_staging",
      catalogs: ["test"],
    });
    const script = followUpStatements(chainOf(tables, "2"), dataset).map(({ text }) => text);
    const mark = `INSERT INTO ds._dlt_jobs VALUES ('1700000002.000000', '${followUpId}', 'users', NULL, now())`;
    expect(await killBeforeCommit(join(folder, "test.duckdb"), [...script, mark])).toMatch(
      /^[1-9]\d* rows, not committed\n$/,
    );

    const client = await openClient({ localDir: folder });
    expect(await content(client)).toEqual(version("1"));
    expect(
      await query(client, "SELECT table_name FROM duckdb_tables() WHERE table_name LIKE '\\_dlt\\_%ed' ESCAPE '\\'"),
    ).toEqual([]);
    await runJob(await staged(client, tables, "2"));
    expect(await content(client)).toEqual(version("2"));
  });

  it("changes unique rows of tables with an index", async () => {
    const client = await openClient({ localDir: newFolder(), createIndexes: true });
    await runJob(await staged(client, tables, "1"));
    await runJob(await staged(client, tables, "2"));
    expect(await content(client)).toEqual(version("2"));
  });
});
