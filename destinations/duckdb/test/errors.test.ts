import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, it, onTestFinished } from "vitest";
import { translateError } from "../src/errors.js";
import { Session } from "../src/session.js";
import { completed, errorOf, loadFile, newFolder, openClient, plan, query, run, table } from "./support.js";

const users = table("users", [
  { name: "id", dataType: "bigint", nullable: false },
  { name: "name", dataType: "text" },
]);
const hasPrlimit = spawnSync("prlimit", ["--version"]).status === 0;

/** Of files that this process writes, in bytes. */
function limitFileSize(bytes: string): void {
  execFileSync("prlimit", ["--pid", String(process.pid), `--fsize=${bytes}:`]);
}

const oneUser = "SELECT 1::BIGINT AS id, 'secret of Ann' AS name";

it("work whose transaction cannot be rolled back ends with its own error", async () => {
  const instance = await DuckDBInstance.create();
  onTestFinished(() => instance.closeSync());
  const session = new Session(await instance.connect());
  const work = session.transaction(async () => {
    await session.execute("ROLLBACK");
    throw new Error("what went wrong first");
  });
  await expect(work).rejects.toThrow("what went wrong first");
});

describe("a database file", () => {
  it("that another process holds is named with its holder, and can be opened when that is gone", async () => {
    const folder = newFolder();
    const first = await openClient({ localDir: folder });
    await first.prepare(plan([users]));
    await first[Symbol.asyncDispose]();
    const holder = spawn(process.execPath, [
      fileURLToPath(new URL("./lock-holder.mjs", import.meta.url)),
      join(folder, "test.duckdb"),
    ]);
    onTestFinished(() => void holder.kill("SIGKILL"));
    await once(holder.stdout, "data");

    const client = await openClient({ localDir: folder });
    const error = await errorOf(client.prepare(plan([users])));
    expect([error.code, error.retryable]).toEqual(["DESTINATION_LOCKED", true]);
    expect(error.message).toContain(`(PID ${holder.pid})`);
    expect(error.message).toContain(join(folder, "test.duckdb"));
    expect(error.hint).toContain("What was extracted is kept.");
    expect(await errorOf(client.state?.readState("test") ?? Promise.resolve())).toMatchObject({
      code: "DESTINATION_LOCKED",
    });

    holder.kill("SIGKILL");
    await once(holder, "exit");
    expect(await client.prepare(plan([users]))).toEqual([]);
  });

  it("is shared by clients of one process, and free for others after the last", async () => {
    const folder = newFolder();
    const one = await openClient({ localDir: folder });
    const two = await openClient({ localDir: folder, credentials: join(folder, "test.duckdb"), dataset: "other" });
    await Promise.all([one.prepare(plan([users])), two.prepare(plan([users]))]);
    await one[Symbol.asyncDispose]();
    expect(await query(two, "SELECT count(*) FROM ds.users")).toEqual([[0]]);
    await two[Symbol.asyncDispose]();
    const holder = spawn(process.execPath, [
      fileURLToPath(new URL("./lock-holder.mjs", import.meta.url)),
      join(folder, "test.duckdb"),
    ]);
    onTestFinished(() => void holder.kill("SIGKILL"));
    expect(String((await once(holder.stdout, "data"))[0])).toContain("open");
  });

  it("is shared with an instance of the application from the driver's cache", async () => {
    const folder = newFolder();
    const client = await openClient({ localDir: folder });
    await client.prepare(plan([users]));
    const instance = await DuckDBInstance.fromCache(join(folder, "test.duckdb"));
    const connection = await instance.connect();
    expect((await connection.runAndReadAll("SELECT count(*) FROM ds.users")).getRows()).toEqual([[0n]]);
    await client[Symbol.asyncDispose]();
    await connection.run("INSERT INTO ds.users VALUES (1, 'a')");
    const again = await openClient({ localDir: folder });
    expect(await query(again, "SELECT count(*) FROM users")).toEqual([[1]]);
    connection.closeSync();
    instance.closeSync();
  });

  it("cannot be open for reading and for writing in one process", async () => {
    const folder = newFolder();
    const writer = await openClient({ localDir: folder });
    await writer.prepare(plan([users]));
    const reader = await openClient({ localDir: folder, credentials: { database: "test.duckdb", readOnly: true } });
    expect((await errorOf(reader.prepare(plan([users])))).code).toBe("DESTINATION_LOCKED");
  });

  it("opened for reading only is read, and refuses a load", async () => {
    const folder = newFolder();
    const writer = await openClient({ localDir: folder });
    await writer.prepare(plan([users]));
    await writer[Symbol.asyncDispose]();
    const reader = await openClient({ localDir: folder, credentials: { database: "test.duckdb", readOnly: true } });
    expect(await query(reader, "SELECT count(*) FROM users")).toEqual([[0]]);
    const error = await errorOf(reader.prepare(plan([users], { loadId: "2" })));
    expect([error.code, error.retryable]).toEqual(["DESTINATION_READ_ONLY", false]);
  });

  it("that is not one is refused, and left as it is", async () => {
    const folder = newFolder();
    for (const [name, content] of [
      ["text.duckdb", "id,name\n".repeat(5000)],
      ["empty.duckdb", ""],
    ] as const) {
      writeFileSync(join(folder, name), content);
      const client = await openClient({ localDir: folder, credentials: name });
      const error = await errorOf(client.prepare(plan([users])));
      expect([error.code, error.retryable]).toEqual(["DESTINATION_FILE_INVALID", false]);
    }
  });

  it.each([
    ["missing/folder/a.duckdb", "is in a folder that does not exist"],
    ["what?.duckdb", "has a `?`"],
  ])("%s is refused", async (path, reason) => {
    const client = await openClient({ localDir: newFolder(), credentials: path });
    const error = await errorOf(client.prepare(plan([users])));
    expect(error.code).toBe("DESTINATION_PATH_UNUSABLE");
    expect(error.message).toContain(reason);
  });

  it("may not be a folder", async () => {
    const folder = newFolder();
    mkdirSync(join(folder, "a.duckdb"));
    const client = await openClient({ localDir: folder, credentials: "a.duckdb" });
    expect((await errorOf(client.prepare(plan([users])))).code).toBe("DESTINATION_PATH_UNUSABLE");
  });

  // Nothing is write-protected for root.
  it.skipIf(process.getuid?.() === 0)("that is write-protected is refused", async () => {
    const folder = newFolder();
    const client = await openClient({ localDir: folder });
    await client.prepare(plan([users]));
    await client[Symbol.asyncDispose]();
    chmodSync(join(folder, "test.duckdb"), 0o444);
    const again = await openClient({ localDir: folder });
    expect((await errorOf(again.prepare(plan([users])))).code).toBe("DESTINATION_READ_ONLY");
  });

  it.skipIf(!hasPrlimit)(
    "on a disk that is full keeps what it had, and takes the load when there is space",
    async () => {
      const folder = newFolder();
      const client = await openClient({ localDir: folder });
      await client.prepare(plan([users]));
      await run(client, await loadFile(folder, users, oneUser));
      const rows = "SELECT range::BIGINT AS id, md5(range::VARCHAR) AS name FROM range(100000)";
      const file = await loadFile(folder, users, rows, { id: "b2" });
      // The system refuses to write files beyond a size as it does where no space is left.
      limitFileSize("1000000");
      onTestFinished(() => limitFileSize("unlimited"));
      for (let attempt = 1; attempt <= 2; attempt++) {
        const error = await errorOf(run(client, file));
        expect([error.code, error.retryable]).toEqual(["DESTINATION_STORAGE_FULL", true]);
        expect(error.hint).toContain("What was extracted is kept.");
      }
      expect(await query(client, "SELECT count(*) FROM users")).toEqual([[1]]);
      limitFileSize("unlimited");
      await run(client, file);
      await client[Symbol.asyncDispose]();
      const again = await openClient({ localDir: folder });
      expect(await query(again, "SELECT count(*) FROM users")).toEqual([[100_001]]);
    },
  );

  it("asks for no extension that is not there", async () => {
    const client = await openClient({
      localDir: newFolder(),
      credentials: { extensions: ["no_such_extension"], globalConfig: { autoinstall_known_extensions: false } },
    });
    const error = await errorOf(client.prepare(plan([users])));
    expect(error.code).toBe("DESTINATION_EXTENSION_MISSING");
    expect(error.message).toContain("no_such_extension");
  });
});

it.each(["parquet", "jsonl", "csv"])("the character U+0000 arrives from %s", async (format) => {
  const folder = newFolder();
  const client = await openClient({ localDir: folder });
  await client.prepare(plan([users]));
  await run(client, await loadFile(folder, users, "SELECT 1::BIGINT AS id, 'a' || chr(0) || 'b' AS name", { format }));
  expect(await query(client, "SELECT name FROM users")).toEqual([["a\0b"]]);
  expect(await client.sql?.executeSql("SELECT id FROM users WHERE name = %s", "a\0b")).toEqual([[1]]);
});

it("the character U+0000 in a statement or a name does not cut it off", async () => {
  const client = await openClient({ localDir: newFolder() });
  await client.prepare(plan([users]));
  expect((await errorOf(query(client, "DROP TABLE users\0 IF EXISTS"))).code).toBe("DESTINATION_STATEMENT_INVALID");
  const cut = table("users\0", [{ name: "id", dataType: "bigint" }]);
  expect((await errorOf(client.prepare(plan([cut], { loadId: "2" })))).code).toBe("DESTINATION_STATEMENT_INVALID");
  expect(await query(client, "SELECT count(*) FROM users")).toEqual([[0]]);
});

describe("a job", () => {
  it("says when its table was dropped, and how the table comes back", async () => {
    const folder = newFolder();
    const client = await openClient({ localDir: folder });
    await client.prepare(plan([users]));
    const file = await loadFile(folder, users, oneUser);
    await query(client, "DROP TABLE users");
    const error = await errorOf(run(client, file));
    expect([error.code, error.retryable]).toEqual(["DESTINATION_TABLE_MISSING", false]);
    expect(error.message).toContain("load `users.a1.parquet` into table `users`");
    expect(error.message).toContain("`users` is not there");

    const [, repair = ""] = /`(DELETE FROM .*?)`/.exec(error.hint ?? "") ?? [];
    await query(client, repair);
    expect((await client.prepare(plan([users]))).map(({ name }) => name)).toEqual(["users"]);
    await run(client, file);
    expect(await query(client, "SELECT * FROM users")).toEqual([[1, "secret of Ann"]]);
  });

  it("says when its column was dropped, and how the column comes back", async () => {
    const folder = newFolder();
    const client = await openClient({ localDir: folder });
    await client.prepare(plan([users]));
    const file = await loadFile(folder, users, oneUser);
    await query(client, "ALTER TABLE users DROP COLUMN name");
    const error = await errorOf(run(client, file));
    expect([error.code, error.retryable]).toEqual(["DESTINATION_COLUMN_MISSING", false]);
    expect(error.message).toContain("column `name` is not there");
    await query(client, /`(DELETE FROM .*?)`/.exec(error.hint ?? "")?.[1] ?? "");
    await client.prepare(plan([users]));
    await run(client, file);
    expect(await query(client, "SELECT * FROM users")).toEqual([[1, "secret of Ann"]]);
  });

  it.each([
    ["out of range", "SELECT 1::BIGINT AS id, 'x' AS name UNION ALL SELECT 300, 'y'", "ALTER id TYPE TINYINT"],
    ["of another type", oneUser, "ALTER name TYPE DATE"],
    ["null", "SELECT NULL::BIGINT AS id, 'x' AS name", ""],
  ])("refuses a file with a value %s as a whole, without showing the value", async (_, rows, change) => {
    const folder = newFolder();
    const client = await openClient({ localDir: folder });
    await client.prepare(plan([users]));
    if (change !== "") await query(client, `ALTER TABLE users ${change}`);
    for (const format of ["parquet", "jsonl", "csv"]) {
      const error = await errorOf(run(client, await loadFile(folder, users, rows, { format })));
      expect([error.code, error.retryable]).toEqual(["DESTINATION_VALUE_REFUSED", false]);
      expect(JSON.stringify([error.message, error.hint, error.context, String(error.cause)])).not.toMatch(/secret|300/);
    }
    expect(await query(client, "SELECT count(*) FROM users")).toEqual([[0]]);
    expect(await query(client, "SELECT job_id FROM _dlt_jobs")).toEqual([["prepare"]]);
  });

  it("does not show a value that another client has put into a unique column before the commit", async () => {
    const folder = newFolder();
    const target = table("items", [{ name: "name", dataType: "text", unique: true }]);
    const other = await openClient({ localDir: folder, createIndexes: true });
    await other.prepare(plan([target]));
    await query(other, "BEGIN");
    await query(other, "INSERT INTO items VALUES ('secret')");
    let answers = 0;
    const client = await openClient({
      localDir: folder,
      async reached(point) {
        // After the questions for mark and load and after the rows.
        if (point !== "destination.request.answered") return;
        answers += 1;
        if (answers === 3) await query(other, "COMMIT");
      },
    });
    answers = 0;
    const error = await errorOf(run(client, await loadFile(folder, target, "SELECT 'secret' AS name")));
    expect([error.code, error.retryable]).toEqual(["DESTINATION_VALUE_REFUSED", false]);
    expect(JSON.stringify([error.message, error.hint, error.context, String(error.cause)])).not.toContain("secret");
    expect(await query(other, "SELECT count(*) FROM items")).toEqual([[1]]);
  });

  it("says when its file is missing or damaged", async () => {
    const folder = newFolder();
    const client = await openClient({ localDir: folder });
    await client.prepare(plan([users]));
    const file = await loadFile(folder, users, oneUser);
    const path = "path" in file.at ? file.at.path : "";
    for (const at of [{ path: join(folder, "gone.parquet") }, { path }]) {
      truncateSync(path, 20);
      const error = await errorOf(run(client, { ...file, at }));
      expect([error.code, error.retryable]).toEqual(["DESTINATION_LOAD_FILE_UNREADABLE", false]);
    }
  });

  it("keeps nothing of a file that has another number of rows than it should", async () => {
    const folder = newFolder();
    const client = await openClient({ localDir: folder });
    await client.prepare(plan([users]));
    const error = await errorOf(run(client, { ...(await loadFile(folder, users, oneUser)), rowCount: 2 }));
    expect(error.code).toBe("DESTINATION_ROWS_DIFFER");
    expect(await query(client, "SELECT count(*) FROM users")).toEqual([[0]]);
  });

  it("refuses a format that DuckDB does not load", async () => {
    const folder = newFolder();
    const client = await openClient({ localDir: folder });
    await client.prepare(plan([users]));
    const file = await loadFile(folder, users, oneUser);
    expect((await errorOf(run(client, { ...file, format: "xml" }))).code).toBe("DESTINATION_FORMAT_UNSUPPORTED");
  });

  it("that meets a change of its table in another transaction can be tried again", async () => {
    const folder = newFolder();
    const client = await openClient({ localDir: folder });
    await client.prepare(plan([users]));
    const file = await loadFile(folder, users, oneUser);
    await query(client, "BEGIN");
    await query(client, "ALTER TABLE users ADD COLUMN more INTEGER");
    const error = await errorOf(run(client, file));
    expect([error.code, error.retryable]).toEqual(["DESTINATION_CONFLICT", true]);
    await query(client, "COMMIT");
    await run(client, file);
    expect(await query(client, "SELECT count(*) FROM users")).toEqual([[1]]);
  });
});

describe("translateError", () => {
  // Messages of DuckDB 1.5.5 that a test cannot bring about everywhere.
  it.each([
    ['IO Error: Could not write file "a.duckdb": No space left on device', "DESTINATION_STORAGE_FULL", true],
    [
      'TransactionContext Error: Failed to commit: Could not write file "a.duckdb.wal": No space left on device',
      "DESTINATION_STORAGE_FULL",
      true,
    ],
    ['IO Error: Cannot open file "a.duckdb": Permission denied', "DESTINATION_READ_ONLY", false],
    ['IO Error: Cannot open file "a.duckdb": Read-only file system', "DESTINATION_READ_ONLY", false],
    [
      "Out of Memory Error: failed to pin block of size 256.0 KiB (18.9 MiB/19.0 MiB used)",
      "DESTINATION_OUT_OF_MEMORY",
      true,
    ],
    [
      "FATAL Error: Failed: database has been invalidated because of a previous fatal error.",
      "DESTINATION_INVALIDATED",
      false,
    ],
    ["TransactionContext Error: Conflict on tuple deletion!", "DESTINATION_CONFLICT", true],
    ['IO Error: Could not read from file "a.duckdb": Input/output error', "DESTINATION_STATEMENT_FAILED", true],
    [
      "Trying to read a database file with version number 99, but we can only read versions between 64 and 68.",
      "DESTINATION_FILE_INVALID",
      false,
    ],
    ["HTTP Error: HTTP GET error on 'https://h/a.parquet' (HTTP 503)", "DESTINATION_STATEMENT_FAILED", true],
    ["Not implemented Error: Something", "DESTINATION_STATEMENT_INVALID", false],
    ["Something else", "DESTINATION_STATEMENT_FAILED", false],
  ])("%s", (message, code, retryable) => {
    const cause = new Error(message);
    const error = translateError(cause, { to: "do it", location: "duckdb:///a.duckdb" });
    expect([error.code, error.retryable, error.cause]).toEqual([code, retryable, cause]);
    expect(error.message).toMatch(/^Could not do it in duckdb:\/\/\/a\.duckdb: /);
    expect(error.hint).not.toBe("");
  });
});

it("errors mean the same where DuckDB writes them as JSON", async () => {
  const folder = newFolder();
  const client = await openClient({ localDir: folder, credentials: { localConfig: { errors_as_json: true } } });
  expect(await client.state?.readState("test")).toBeNull();
  await client.prepare(plan([users]));
  await query(client, "DROP TABLE users");
  const error = await errorOf(run(client, await loadFile(folder, users, oneUser)));
  expect(error.code).toBe("DESTINATION_TABLE_MISSING");
  expect(error.message).toContain("`users` is not there");
  expect(translateError(new Error('{"exception_type":5}'), { to: "do it", location: "here" }).code).toBe(
    "DESTINATION_STATEMENT_FAILED",
  );
});

it("a closed client says so", async () => {
  const client = await openClient({ localDir: newFolder() });
  const load = plan([users]);
  await client.prepare(load);
  await query(client, "SELECT 1");
  await client[Symbol.asyncDispose]();
  await client[Symbol.asyncDispose]();
  expect((await errorOf(client.completeLoad(completed(load)))).code).toBe("DESTINATION_CLOSED");
  expect((await errorOf(query(client, "SELECT 1"))).code).toBe("DESTINATION_CLOSED");
});
