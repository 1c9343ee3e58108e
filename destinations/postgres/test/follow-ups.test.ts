import type { DestinationClient, LoadJob, PreparedTable } from "@dlt/core";
import { newDatabase, untilOneWaits, untilSomeWait } from "@dlt/test-servers";
import { describe, expect, it } from "vitest";
import {
  chainOf,
  errorOf,
  firstLoad,
  loadFile,
  newFolder,
  openClient,
  plan,
  query,
  run,
  table,
  threeUsers,
  users,
} from "./support.js";

function staged(hints: Partial<PreparedTable>): PreparedTable {
  const [id, name] = users.columns.values();
  if (id === undefined || name === undefined) throw new Error("There are two columns.");
  return table("users", [{ ...id, primaryKey: true }, name], hints);
}

/** Loads three rows into the final table and stages others; gives the job that brings them there. */
async function stage(client: DestinationClient, target: PreparedTable): Promise<LoadJob> {
  await client.prepare(plan([target], { loadId: "1" }));
  await run(client, await loadFile(newFolder(), target, threeUsers, { loadId: "1" }));
  return await stageOthers(client, target);
}

/** Stages two rows; gives the job that brings them into the final table. */
async function stageOthers(client: DestinationClient, target: PreparedTable, loadId = firstLoad): Promise<LoadJob> {
  await client.prepare(plan([target], { staged: ["users"], loadId }));
  const rows = [
    { id: 2, name: "new 2" },
    { id: 3, name: "new 3" },
  ];
  await run(client, await loadFile(newFolder(), target, rows, { id: "staged", target: "staging", loadId }));
  const [job] = client.followUps?.(chainOf([target], loadId)) ?? [];
  if (job === undefined) throw new Error("The chain is staged.");
  return job;
}

const kept = [
  [0, "n0"],
  [1, "n1"],
];
const came = [
  [2, "new 2"],
  [3, "new 3"],
];
const all = "SELECT id, name FROM ds.users ORDER BY id";

describe.each<
  [what: string, hints: Partial<PreparedTable>, rows: readonly (readonly unknown[])[], written: number | null]
>([
  ["delete-insert", { writeDisposition: "merge", mergeStrategy: "delete-insert" }, [...kept, ...came], 2],
  ["upsert", { writeDisposition: "merge", mergeStrategy: "upsert" }, [...kept, ...came], 2],
  ["insert-only", { writeDisposition: "merge", mergeStrategy: "insert-only" }, [...kept, [2, "n2"], [3, "new 3"]], 1],
  ["insert-from-staging", { writeDisposition: "replace", replaceStrategy: "insert-from-staging" }, came, 2],
  ["staging-optimized", { writeDisposition: "replace", replaceStrategy: "staging-optimized" }, came, null],
])("%s", (_, hints, rows, written) => {
  it("brings staged rows into the table, once", async () => {
    const client = await openClient();
    const job = await stage(client, staged(hints));
    expect(job.id).toBe("users.f1.sql");
    await job.run(new AbortController().signal);
    await job.run(new AbortController().signal);
    expect(await query(client, all)).toEqual(rows);
    expect(await query(client, "SELECT row_count FROM ds._dlt_jobs WHERE job_id = 'users.f1.sql'")).toEqual([
      [written],
    ]);
    expect(
      await query(
        client,
        "SELECT nspname FROM pg_namespace WHERE nspname ~ '^pg_temp_' AND EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = pg_namespace.oid)",
      ),
    ).toEqual([]);
  });
});

describe("what was staged", () => {
  const target = staged({ writeDisposition: "merge", mergeStrategy: "delete-insert" });
  const others = plan([target], { loadId: "1700000002.000000", staged: ["users"] });

  it.each<[what: string, change: (client: DestinationClient) => Promise<unknown>]>([
    ["was emptied by hand", (client) => query(client, "TRUNCATE ds_staging.users")],
    [
      "is gone with its dataset, and the tables are there again",
      async (client) => {
        await query(client, "DROP SCHEMA ds_staging CASCADE");
        await client.prepare(plan([target], { staged: ["users"] }));
      },
    ],
    ["was emptied by another load", (client) => client.prepare(others)],
    [
      "is as much of another load",
      async (client) => {
        await client.prepare(others);
        const options = { loadId: others.loadId, target: "staging" } as const;
        await run(client, await loadFile(newFolder(), target, threeUsers.slice(0, 2), options));
      },
    ],
    [
      "is beside what another load has staged, which did not empty it",
      async (client) => {
        const options = { loadId: others.loadId, target: "staging" } as const;
        await run(client, await loadFile(newFolder(), target, threeUsers, options));
      },
    ],
  ])("is not merged when it %s", async (_, change) => {
    const client = await openClient();
    const job = await stage(client, target);
    await change(client);
    const error = await errorOf(job.run(new AbortController().signal));
    expect([error.code, error.retryable]).toEqual(["DESTINATION_STAGING_CHANGED", false]);
    expect(await query(client, all)).toEqual([...kept, [2, "n2"]]);
  });

  it("is not changed by another load while it is merged", async () => {
    const database = await newDatabase();
    const client = await openClient({ database });
    const job = await stage(client, target);
    await query(client, "BEGIN");
    await query(client, "LOCK TABLE ds.users IN SHARE MODE");
    const merging = job.run(new AbortController().signal);
    await untilOneWaits();
    const options = { loadId: others.loadId, target: "staging" } as const;
    const other = await openClient({ database });
    const adding = run(other, await loadFile(newFolder(), target, threeUsers, options));
    await untilSomeWait(2);
    await query(client, "COMMIT");
    await Promise.all([merging, adding]);
    expect(await query(client, all)).toEqual([...kept, ...came]);
  });
});

describe("staging-optimized", () => {
  const hints = { writeDisposition: "replace", replaceStrategy: "staging-optimized" } as const;
  const target = staged(hints);

  it("leaves an empty staging table with the same columns, for the next load", async () => {
    const client = await openClient();
    await (await stage(client, target)).run(new AbortController().signal);
    expect(await query(client, "SELECT count(*) FROM ds_staging.users")).toEqual([[0]]);
    const next = "1700000002.000000";
    await client.prepare(plan([target], { staged: ["users"], loadId: next }));
    await run(client, await loadFile(newFolder(), target, [{ id: 7, name: "g" }], { target: "staging", loadId: next }));
    const [job] = client.followUps?.(chainOf([target], next)) ?? [];
    await job?.run(new AbortController().signal);
    expect(await query(client, all)).toEqual([[7, "g"]]);
  });

  it("keeps what the final table has, whatever the staged one was made for before", async () => {
    const client = await openClient();
    const columns = [
      { name: "id", dataType: "bigint", primaryKey: true, unique: true },
      { name: "name", dataType: "text" },
    ] as const;
    const unique = (by: Partial<PreparedTable>) => table("users", columns, by);
    await stage(client, unique({ writeDisposition: "merge", mergeStrategy: "delete-insert" }));
    const job = await stageOthers(client, unique(hints), "1700000002.000000");
    await job.run(new AbortController().signal);
    expect(await query(client, all)).toEqual(came);
    const constraints =
      "SELECT connamespace::regnamespace::text FROM pg_constraint WHERE contype = 'u' AND conrelid::regclass::text ~ 'users' ORDER BY 1";
    expect(await query(client, constraints)).toEqual([["ds"], ["ds_staging"]]);
  });

  it("changes nothing where something depends on the table", async () => {
    const client = await openClient();
    const job = await stage(client, target);
    await query(client, "CREATE VIEW ds.names AS SELECT name FROM ds.users");
    const error = await errorOf(job.run(new AbortController().signal));
    expect(error.code).toBe("DESTINATION_STATEMENT_FAILED");
    expect(error.message).toContain("other objects depend on it");
    expect(await query(client, all)).toEqual([...kept, [2, "n2"]]);
    expect(await query(client, "SELECT count(*) FROM ds_staging.users")).toEqual([[2]]);
  });
});

it("merges nested tables through temporary tables, by the key of their root row", async () => {
  const client = await openClient();
  const hints = { writeDisposition: "merge", mergeStrategy: "delete-insert" } as const;
  const parent = table(
    "orders",
    [
      { name: "id", dataType: "bigint", primaryKey: true },
      { name: "_dlt_id", dataType: "text", rowKey: true, nullable: false },
    ],
    hints,
  );
  const child = table(
    "orders__lines",
    [
      { name: "value", dataType: "text" },
      { name: "_dlt_root_id", dataType: "text", rootKey: true },
      { name: "_dlt_id", dataType: "text", rowKey: true, nullable: false },
    ],
    { ...hints, rootTable: "orders", parent: "orders" },
  );
  const load = async (loadId: string, parents: readonly [number, string][]) => {
    await client.prepare(plan([parent, child], { loadId, staged: ["orders", "orders__lines"] }));
    const options = { loadId, target: "staging" } as const;
    await run(
      client,
      await loadFile(
        newFolder(),
        parent,
        parents.map(([id, key]) => ({ id, _dlt_id: key })),
        options,
      ),
    );
    const lines = parents.map(([id, key]) => ({
      value: `of ${id} in ${key}`,
      _dlt_root_id: key,
      _dlt_id: `line ${key}`,
    }));
    await run(client, await loadFile(newFolder(), child, lines, options));
    for (const job of client.followUps?.(chainOf([parent, child], loadId)) ?? [])
      await job.run(new AbortController().signal);
  };
  await load("1", [
    [1, "a"],
    [2, "b"],
  ]);
  await load("2", [
    [2, "c"],
    [2, "d"],
    [3, "e"],
  ]);
  const rows =
    "SELECT id, value FROM ds.orders AS o JOIN ds.orders__lines AS l ON l._dlt_root_id = o._dlt_id ORDER BY id";
  expect(await query(client, rows)).toEqual([
    [1, "of 1 in a"],
    [2, "of 2 in c"],
    [3, "of 3 in e"],
  ]);
  expect(await query(client, "SELECT count(*) FROM ds.orders__lines")).toEqual([[3]]);
});

it("ends versions that did not come again, and begins others", async () => {
  const client = await openClient();
  const target = table(
    "people",
    [
      { name: "name", dataType: "text" },
      { name: "_dlt_id", dataType: "text", nullable: false, "x-row-version": true },
      { name: "from", dataType: "timestamp", "x-valid-from": true },
      { name: "to", dataType: "timestamp", "x-valid-to": true },
    ],
    { writeDisposition: "merge", mergeStrategy: "scd2" },
  );
  for (const [loadId, names] of [
    ["1", ["Ann", "Bob"]],
    ["2", ["Bob", "Eve"]],
  ] as const) {
    await client.prepare(plan([target], { loadId, staged: ["people"] }));
    const rows = names.map((name) => ({ name, _dlt_id: name }));
    await run(client, await loadFile(newFolder(), target, rows, { loadId, target: "staging" }));
    for (const job of client.followUps?.(chainOf([target], loadId)) ?? []) await job.run(new AbortController().signal);
  }
  expect(await query(client, 'SELECT name, "from" IS NOT NULL, "to" IS NULL FROM ds.people ORDER BY name')).toEqual([
    ["Ann", true, false],
    ["Bob", true, true],
    ["Eve", true, true],
  ]);
});
