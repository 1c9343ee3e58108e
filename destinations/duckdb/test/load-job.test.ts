import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { errorOf, killBeforeCommit, loadFile, newFolder, openClient, plan, query, run, table } from "./support.js";

const users = table("users", [
  { name: "id", dataType: "bigint", nullable: false },
  { name: "name", dataType: "text" },
]);
const threeUsers = "SELECT range::BIGINT AS id, 'n' || range AS name FROM range(3)";

describe("a job", () => {
  it("run twice adds nothing", async () => {
    const client = await openClient({ localDir: newFolder() });
    await client.prepare(plan([users]));
    const file = await loadFile(newFolder(), users, threeUsers);
    expect(client.createJob(file).id).toBe("users.a1.parquet");
    expect(await run(client, file)).toEqual({ rowCount: 3, bytes: 1 });
    expect(await run(client, file)).toEqual({ rowCount: 3, bytes: 1 });
    expect(await query(client, "SELECT count(*) FROM users")).toEqual([[3]]);
    expect(
      await query(client, "SELECT load_id, job_id, table_name, row_count FROM _dlt_jobs WHERE job_id <> 'prepare'"),
    ).toEqual([["1700000001.000000", "users.a1.parquet", "users", 3]]);
  });

  it.each(["parquet", "jsonl", "csv"])("copies a file in %s from a URL, which is no pattern", async (format) => {
    const client = await openClient({ localDir: newFolder() });
    await client.prepare(plan([users]));
    const folder = join(newFolder(), "100% [a] #1?");
    mkdirSync(folder);
    const file = await loadFile(folder, users, threeUsers, { format });
    const [path] = Object.values(file.at) as [string];
    expect(await run(client, { ...file, at: { url: pathToFileURL(path).href } })).toMatchObject({ rowCount: 3 });
    expect(await query(client, "SELECT count(*) FROM users")).toEqual([[3]]);
  });

  it("does nothing before it is run", async () => {
    const client = await openClient({ localDir: newFolder() });
    await client.prepare(plan([users]));
    client.createJob(await loadFile(newFolder(), users, threeUsers));
    expect(await query(client, "SELECT count(*) FROM users")).toEqual([[0]]);
  });

  it("runs beside others, in one table and in several", async () => {
    const folder = newFolder();
    const client = await openClient({ localDir: folder });
    const names = ["users", "orders", "lines"];
    const tables = names.map((name) => table(name, [...users.columns.values()]));
    await client.prepare(plan(tables));
    const files = await Promise.all(
      tables.flatMap((target) =>
        ["1", "2", "3", "4"].map((id) =>
          loadFile(folder, target, "SELECT range::BIGINT AS id, 'n' AS name FROM range(5000)", { id }),
        ),
      ),
    );
    // Each twice, so that a repeated job meets its own mark, too.
    await Promise.all(files.map((file) => run(client, file)));
    await Promise.all(files.map((file) => run(client, file)));
    for (const name of names) expect(await query(client, `SELECT count(*) FROM ${name}`)).toEqual([[20_000]]);
    expect(await query(client, "SELECT count(*) FROM _dlt_jobs")).toEqual([[13]]);
  });

  it("loads a file whose columns come in another order, and leaves null what it lacks", async () => {
    const folder = newFolder();
    const client = await openClient({ localDir: folder });
    await client.prepare(plan([users]));
    await run(client, await loadFile(folder, users, "SELECT 'b' AS name, 2::BIGINT AS id"));
    await run(client, await loadFile(folder, users, "SELECT 3::BIGINT AS id", { id: "b2" }));
    expect(await query(client, "SELECT * FROM users ORDER BY id")).toEqual([
      [2, "b"],
      [3, null],
    ]);
  });

  it.each(["parquet", "jsonl", "csv"])("loads empty text and bytes from %s where null is refused", async (format) => {
    const client = await openClient({ localDir: newFolder() });
    const notes = table("notes", [
      { name: "text", dataType: "text", nullable: false },
      { name: "bytes", dataType: "binary", nullable: false },
      { name: "other", dataType: "text" },
    ]);
    await client.prepare(plan([notes]));
    await run(
      client,
      await loadFile(newFolder(), notes, "SELECT '' AS text, ''::BLOB AS bytes, NULL AS other", { format }),
    );
    expect(await query(client, "SELECT text, octet_length(bytes), other FROM notes")).toEqual([["", 0, null]]);
  });

  it("loads an empty file", async () => {
    const folder = newFolder();
    const client = await openClient({ localDir: folder });
    await client.prepare(plan([users]));
    for (const format of ["parquet", "jsonl", "csv"]) {
      const file = await loadFile(folder, users, `${threeUsers} LIMIT 0`, { id: format, format });
      expect(await run(client, file)).toEqual({ rowCount: 0, bytes: 1 });
    }
  });

  it.each(["a[1]b", "st*r", "que?stion", "key=value", "it's", 'do"uble', "back\\slash", "spa ce"])(
    "finds a file in the folder %s",
    async (name) => {
      const folder = join(newFolder(), name);
      mkdirSync(folder);
      // What the path would match as a pattern.
      mkdirSync(join(folder, "../a1b"), { recursive: true });
      mkdirSync(join(folder, "../star"), { recursive: true });
      const client = await openClient({ localDir: newFolder() });
      await client.prepare(plan([users]));
      for (const format of ["parquet", "jsonl", "csv"]) {
        const file = await loadFile(folder, users, threeUsers, { format });
        for (const other of ["../a1b", "../star"]) writeFileSync(join(folder, other, file.jobId), "not to be read");
        await run(client, file);
      }
      expect(await query(client, "SELECT count(*) FROM users")).toEqual([[9]]);
    },
  );

  it("is rolled back when its process is killed between rows and commit", async () => {
    const folder = newFolder();
    const prepared = await openClient({ localDir: folder });
    await prepared.prepare(plan([users]));
    await prepared[Symbol.asyncDispose]();
    const file = await loadFile(folder, users, "SELECT range::BIGINT AS id, 'n' AS name FROM range(150000)");
    expect(
      await killBeforeCommit(join(folder, "test.duckdb"), [
        `INSERT INTO ds.users BY NAME SELECT * FROM read_parquet('${filePath(file)}')`,
        "INSERT INTO ds._dlt_jobs VALUES ('1700000001.000000', 'users.a1.parquet', 'users', 150000, now())",
      ]),
    ).toBe("150001 rows, not committed\n");

    const client = await openClient({ localDir: folder });
    expect(await query(client, "SELECT count(*) FROM users")).toEqual([[0]]);
    expect(await run(client, file)).toEqual({ rowCount: 150_000, bytes: 1 });
    expect(await query(client, "SELECT count(*) FROM users")).toEqual([[150_000]]);
  });

  it("is rolled back when it is aborted", async () => {
    const folder = newFolder();
    const client = await openClient({ localDir: folder });
    await client.prepare(plan([users]));
    const file = await loadFile(folder, users, "SELECT range::BIGINT AS id, 'n' || range AS name FROM range(400000)");
    const stop = new AbortController();
    const running = errorOf(client.createJob(file).run(stop.signal));
    setImmediate(() => stop.abort());
    const error = await running;
    expect([error.code, error.retryable]).toEqual(["DESTINATION_INTERRUPTED", true]);
    expect(await query(client, "SELECT count(*) FROM users")).toEqual([[0]]);
    expect(await run(client, file)).toEqual({ rowCount: 400_000, bytes: 1 });
  });

  it("does not start after an abort, of its own signal or of the client's", async () => {
    const client = await openClient({ localDir: newFolder() });
    await client.prepare(plan([users]));
    const file = await loadFile(newFolder(), users, threeUsers);
    expect((await errorOf(client.createJob(file).run(AbortSignal.abort()))).code).toBe("DESTINATION_INTERRUPTED");
    const stopped = await openClient({ localDir: newFolder(), signal: AbortSignal.abort() });
    expect((await errorOf(stopped.prepare(plan([users])))).code).toBe("DESTINATION_INTERRUPTED");
  });
});

function filePath({ at }: { readonly at: { readonly path: string } | { readonly url: string } }): string {
  return "path" in at ? at.path : at.url;
}
