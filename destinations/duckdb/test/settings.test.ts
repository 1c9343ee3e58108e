import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, it, onTestFinished } from "vitest";
import type { DuckdbNativeCredentials } from "../src/index.js";
import { completed, errorOf, loadFile, newFolder, openClient, plan, query, run, table } from "./support.js";

const users = table("users", [
  { name: "id", dataType: "bigint" },
  { name: "name", dataType: "text" },
]);
const twoUsers = "SELECT range::BIGINT AS id, 'hidden in plain sight' AS name FROM range(2)";

/** Loads two rows with a client of its own. */
async function load(
  credentials: DuckdbNativeCredentials,
  options: { readonly localDir: string; readonly number?: number },
) {
  const { localDir, number = 1 } = options;
  const client = await openClient({ localDir, credentials });
  const loadPlan = plan([users], { loadId: `170000000${number}.000000` });
  await client.prepare(loadPlan);
  await run(client, await loadFile(localDir, users, twoUsers, { loadId: loadPlan.loadId, id: `a${number}` }));
  await client.completeLoad(completed(loadPlan));
  const rows = await query(client, "SELECT count(*) FROM users");
  const [[blockSize] = []] = await query(
    client,
    "SELECT block_size FROM pragma_database_size() WHERE database_name = current_database()",
  );
  await client[Symbol.asyncDispose]();
  return { rows, blockSize };
}

it.each([{ pragmas: ["threads = 7"] }, { globalConfig: { threads: 7 } }, { globalConfig: { worker_threads: 7 } }])(
  "threads are those of %j, also while a load runs",
  async (credentials) => {
    const client = await openClient({ localDir: newFolder(), credentials });
    const threads = () => query(client, "SELECT current_setting('threads')");
    const loadPlan = plan([users]);
    await client.prepare(loadPlan);
    expect(await threads()).toEqual([[7]]);
    await client.completeLoad(completed(loadPlan));
    expect(await threads()).toEqual([[7]]);
  },
);

describe("options of ATTACH", () => {
  it.each(["test.duckdb", "memory.duckdb", "ds.duckdb", "main.db"])(
    "are those that %s is made with",
    async (database) => {
      const localDir = newFolder();
      const credentials = { database, attachOptions: { block_size: 16384, storage_version: "v1.2.0" } };
      expect(await load(credentials, { localDir })).toEqual({ rows: [[2]], blockSize: 16384 });
      expect(await load(credentials, { localDir, number: 2 })).toEqual({ rows: [[4]], blockSize: 16384 });
      // An ordinary file, without a log.
      const instance = await DuckDBInstance.create(join(localDir, database), { access_mode: "READ_ONLY" });
      const connection = await instance.connect();
      const reader = await connection.runAndReadAll(
        "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'users' AND estimated_size = 4",
      );
      expect(reader.getRows()).toEqual([[1n]]);
      connection.closeSync();
      instance.closeSync();
    },
  );

  it("go with reading alone", async () => {
    const localDir = newFolder();
    await load({ database: "test.duckdb" }, { localDir });
    const credentials = { database: "test.duckdb", readOnly: true, attachOptions: { type: "duckdb" } };
    const client = await openClient({ localDir, credentials });
    expect(await query(client, "SELECT count(*) FROM users")).toEqual([[2]]);
    expect((await errorOf(client.prepare(plan([users], { loadId: "2" })))).code).toBe("DESTINATION_READ_ONLY");
  });

  it("that are none are refused, and so is the file opened in two ways", async () => {
    const localDir = newFolder();
    const unknown = await openClient({ localDir, credentials: { attachOptions: { no_such_option: 1 } } });
    expect((await errorOf(unknown.prepare(plan([users])))).code).toBe("DESTINATION_STATEMENT_INVALID");
    const attached = await openClient({ localDir, credentials: { attachOptions: { block_size: 16384 } } });
    await attached.prepare(plan([users]));
    const direct = await openClient({ localDir });
    const error = await errorOf(direct.prepare(plan([users])));
    expect([error.code, error.retryable]).toEqual(["DESTINATION_LOCKED", true]);
    await attached[Symbol.asyncDispose]();
    expect(await direct.prepare(plan([users]))).toEqual([]);
  });
});

describe("an encryption key", () => {
  // What encrypts securely comes with an extension.
  const globalConfig = { force_mbedtls_unsafe: true };

  it("is needed to read what was loaded", async () => {
    const localDir = newFolder();
    const credentials = { database: "test.duckdb", encryptionKey: "hunter2", globalConfig };
    expect((await load(credentials, { localDir })).rows).toEqual([[2]]);
    expect((await load(credentials, { localDir, number: 2 })).rows).toEqual([[4]]);
    expect(readFileSync(join(localDir, "test.duckdb")).includes("hidden in plain sight")).toBe(false);
    for (const encryptionKey of ["hunter3", undefined]) {
      const wrong = { database: "test.duckdb", globalConfig, ...(encryptionKey !== undefined && { encryptionKey }) };
      const error = await errorOf(load(wrong, { localDir }));
      expect([error.code, error.retryable]).toEqual(["DESTINATION_CREDENTIALS_INVALID", false]);
    }
    await load({ database: "plain.duckdb" }, { localDir });
    const plain = errorOf(load({ database: "plain.duckdb", encryptionKey: "hunter2", globalConfig }, { localDir }));
    expect((await plain).code).toBe("DESTINATION_CREDENTIALS_INVALID");
  });

  it("is in no message", async () => {
    const credentials = { encryptionKey: "hunter2", attachOptions: { storage_version: "v99" }, globalConfig };
    const error = await errorOf(load(credentials, { localDir: newFolder() }));
    expect(JSON.stringify([error.message, error.hint, error.context, String(error.cause)])).not.toContain("hunter2");
    expect(error.message).toContain("v99");
  });

  it("is not enough to write without the extension", async () => {
    const error = await errorOf(load({ encryptionKey: "hunter2" }, { localDir: newFolder() }));
    expect(error.code).toBe("DESTINATION_EXTENSION_MISSING");
    expect(error.message).toContain("`httpfs`");
  });
});

describe("extensions", () => {
  it("that are built in are loaded", async () => {
    expect((await load({ extensions: ["icu", "json"] }, { localDir: newFolder() })).rows).toEqual([[2]]);
  });

  it("are installed where they are not, from where the settings say", async () => {
    const localDir = newFolder();
    const repository = join(localDir, "repository");
    const globalConfig = { extension_directory: join(localDir, "extensions"), custom_extension_repository: repository };
    const error = await errorOf(load({ extensions: ["fts"], globalConfig }, { localDir }));
    expect([error.code, error.retryable]).toEqual(["DESTINATION_EXTENSION_MISSING", false]);
    expect(error.message).toContain(repository);
  });
});

it("settings that DuckDB takes only at the start are given to it there", async () => {
  const client = await openClient({
    localDir: newFolder(),
    credentials: { globalConfig: { custom_user_agent: "orders", allow_unsigned_extensions: true } },
  });
  await client.prepare(plan([users]));
  expect(String((await query(client, "PRAGMA user_agent"))[0]?.[0])).toContain("orders");
  expect(await query(client, "SELECT current_setting('allow_unsigned_extensions')")).toEqual([[true]]);
});

it("a setting that DuckDB does not have is refused", async () => {
  for (const credentials of [{ globalConfig: { no_such_setting: 1 } }, { pragmas: ["no_such_pragma"] }]) {
    const client = await openClient({ localDir: newFolder(), credentials });
    const error = await errorOf(client.prepare(plan([users])));
    expect(["DESTINATION_STATEMENT_INVALID", "DESTINATION_STATEMENT_FAILED"]).toContain(error.code);
    expect(error.message).toMatch(/no_such_/);
  }
});

describe("what is open already", () => {
  it("gets the settings, and stays open", async () => {
    const instance = await DuckDBInstance.create();
    const connection = await instance.connect();
    onTestFinished(() => {
      connection.closeSync();
      instance.closeSync();
    });
    const settings = {
      globalConfig: { memory_limit: "500MB" },
      localConfig: { errors_as_json: true },
      extensions: ["json"],
    };
    const expected = [["476.8 MiB", true]];
    const shown = "SELECT current_setting('memory_limit'), current_setting('errors_as_json')";
    for (const database of [instance, connection]) {
      const client = await openClient({ localDir: newFolder(), credentials: { database, ...settings } });
      expect(await query(client, shown)).toEqual(expected);
      await client[Symbol.asyncDispose]();
    }
    expect((await connection.runAndReadAll(shown)).getRows()).toEqual(expected);
  });

  it("takes no settings that come too late", async () => {
    const instance = await DuckDBInstance.create();
    onTestFinished(() => instance.closeSync());
    const all = { readOnly: true, encryptionKey: "k", globalConfig: { threads: 1, custom_user_agent: "a" } };
    for (const late of [all, { attachOptions: { block_size: 16384 } }]) {
      const opened = openClient({ localDir: newFolder(), credentials: { database: instance, ...late } });
      const error = await errorOf(opened);
      expect(error.code).toBe("DESTINATION_CREDENTIALS_INVALID");
      expect(error.message).toMatch(
        /too late to set (`read_only`, )?`attach_options`, `encryption_key`(, `custom_user_agent`)?\.$/,
      );
    }
  });
});
