import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { untilOneWaits } from "@dlt/test-servers";
import { describe, expect, it } from "vitest";
import {
  errorOf,
  firstLoad,
  formatNames,
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

describe("a job", () => {
  it.each(formatNames)("of %s run twice adds nothing", async (format) => {
    const client = await openClient();
    await client.prepare(plan([users]));
    const file = await loadFile(newFolder(), users, threeUsers, { format });
    expect(client.createJob(file).id).toBe(`users.a1.${format}`);
    expect(await run(client, file)).toEqual({ rowCount: 3, bytes: 1 });
    expect(await run(client, file)).toEqual({ rowCount: 3, bytes: 1 });
    expect(await query(client, "SELECT * FROM ds.users ORDER BY id")).toEqual([
      [0, "n0"],
      [1, "n1"],
      [2, "n2"],
    ]);
    expect(
      await query(client, "SELECT load_id, job_id, table_name, row_count FROM ds._dlt_jobs WHERE job_id <> 'prepare'"),
    ).toEqual([[firstLoad, `users.a1.${format}`, "users", 3]]);
  });

  it("does nothing before it is run", async () => {
    const client = await openClient();
    await client.prepare(plan([users]));
    client.createJob(await loadFile(newFolder(), users, threeUsers));
    expect(await query(client, "SELECT count(*) FROM ds.users")).toEqual([[0]]);
  });

  it("that is run by several at a time adds its rows once", async () => {
    const client = await openClient();
    await client.prepare(plan([users]));
    const file = await loadFile(newFolder(), users, threeUsers);
    const results = await Promise.all([run(client, file), run(client, file), run(client, file)]);
    expect(results.map(({ rowCount }) => rowCount)).toEqual([3, 3, 3]);
    expect(await query(client, "SELECT count(*) FROM ds.users")).toEqual([[3]]);
  });

  it("runs beside others, in one table and in several", async () => {
    const folder = newFolder();
    const client = await openClient();
    const tables = ["users", "orders", "lines"].map((name) => table(name, [...users.columns.values()]));
    await client.prepare(plan(tables));
    const rows = Array.from({ length: 5000 }, (_, id) => ({ id, name: "n" }));
    const files = await Promise.all(
      tables.flatMap((target) => ["1", "2", "3", "4"].map((id) => loadFile(folder, target, rows, { id }))),
    );
    await Promise.all(files.map((file) => run(client, file)));
    await Promise.all(files.map((file) => run(client, file)));
    for (const { name } of tables) expect(await query(client, `SELECT count(*) FROM ds.${name}`)).toEqual([[20_000]]);
    expect(await query(client, "SELECT count(*) FROM ds._dlt_jobs")).toEqual([[13]]);
  });

  it.each(formatNames)("of %s leaves null what its file lacks", async (format) => {
    const client = await openClient();
    await client.prepare(plan([users]));
    const file = await loadFile(newFolder(), users, [{ id: 3 }], { format });
    expect(await run(client, file)).toMatchObject({ rowCount: 1 });
    expect(await query(client, "SELECT * FROM ds.users")).toEqual([[3, null]]);
  });

  it.each(formatNames)("of %s loads a file without rows", async (format) => {
    const client = await openClient();
    await client.prepare(plan([users]));
    expect(await run(client, await loadFile(newFolder(), users, [], { format }))).toEqual({ rowCount: 0, bytes: 1 });
    expect(await query(client, "SELECT row_count FROM ds._dlt_jobs WHERE job_id <> 'prepare'")).toEqual([[0]]);
  });

  it("loads files of many megabytes", async () => {
    const client = await openClient();
    await client.prepare(plan([users]));
    const rows = Array.from({ length: 20_000 }, (_, id) => ({ id, name: "x".repeat(500) }));
    for (const format of formatNames) {
      const file = await loadFile(newFolder(), users, rows, { format });
      expect(await run(client, file)).toMatchObject({ rowCount: 20_000 });
    }
    expect(await query(client, "SELECT count(*), sum(length(name)) FROM ds.users")).toEqual([[60_000, 30_000_000]]);
  });

  it.each(["it's", 'do"uble', "back\\slash", "spa ce", "%20", "ü"])("finds a file in the folder %s", async (name) => {
    const folder = join(newFolder(), name);
    mkdirSync(folder);
    const client = await openClient();
    await client.prepare(plan([users]));
    await run(client, await loadFile(folder, users, threeUsers));
    expect(await query(client, "SELECT count(*) FROM ds.users")).toEqual([[3]]);
  });

  it("is rolled back when it is aborted, and can be run again", async () => {
    const client = await openClient();
    await client.prepare(plan([users]));
    const rows = Array.from({ length: 100_000 }, (_, id) => ({ id, name: `name ${id}` }));
    const file = await loadFile(newFolder(), users, rows);
    await query(client, "BEGIN");
    await query(client, "LOCK TABLE ds.users IN EXCLUSIVE MODE");
    const stop = new AbortController();
    const running = errorOf(client.createJob(file).run(stop.signal));
    await untilOneWaits();
    stop.abort();
    const error = await running;
    expect([error.code, error.retryable]).toEqual(["DESTINATION_INTERRUPTED", true]);
    await query(client, "COMMIT");
    expect(await query(client, "SELECT count(*) FROM ds.users")).toEqual([[0]]);
    expect(await query(client, "SELECT job_id FROM ds._dlt_jobs")).toEqual([["prepare"]]);
    expect(await run(client, file)).toEqual({ rowCount: 100_000, bytes: 1 });
  });

  it("does not start after an abort, of its own signal or of the client's", async () => {
    const client = await openClient();
    await client.prepare(plan([users]));
    const file = await loadFile(newFolder(), users, threeUsers);
    expect((await errorOf(client.createJob(file).run(AbortSignal.abort()))).code).toBe("DESTINATION_INTERRUPTED");
    const stopped = await openClient({ signal: AbortSignal.abort() });
    expect((await errorOf(stopped.prepare(plan([users])))).code).toBe("DESTINATION_INTERRUPTED");
  });
});
