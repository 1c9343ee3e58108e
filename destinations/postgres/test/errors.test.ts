import { truncateSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import type { DltError } from "@dlt/core";
import { newDatabase, superuser, testServer, untilOneWaits } from "@dlt/test-servers";
import { describe, expect, it, onTestFinished } from "vitest";
import { translateError } from "../src/errors.js";
import {
  completed,
  errorOf,
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
  writtenFile,
} from "./support.js";

/** Everything of an error that a person sees. */
function shown(error: DltError): string {
  const { cause } = error;
  return JSON.stringify([error.message, error.hint, error.context, cause, String(cause), Object(cause).detail]);
}

async function preparationError(options: Parameters<typeof openClient>[0]): Promise<DltError> {
  return await errorOf((await openClient(options)).prepare(plan([users])));
}

/** A role that may do nothing yet. */
async function newRole(database: string): Promise<string> {
  const { query: run } = await testServer();
  const role = `role of ${database}`;
  await run(`CREATE ROLE "${role}" LOGIN PASSWORD 'its password'`);
  return role;
}

describe("a connection", () => {
  it("with the wrong password is refused, and the password is not shown", async () => {
    const database = await newDatabase();
    const error = await preparationError({ database, credentials: { password: "not the secret" } });
    expect([error.code, error.retryable]).toEqual(["DESTINATION_LOGIN_REFUSED", false]);
    expect(error.message).toContain(`postgresql://postgres@127.0.0.1:`);
    expect(error.message).toContain('password authentication failed for user "postgres"');
    expect(shown(error)).not.toContain("not the secret");
    expect(shown(error)).not.toContain(superuser.password);
  });

  it.each<
    [
      what: string,
      credentials: NonNullable<Parameters<typeof openClient>[0]>["credentials"],
      code: string,
      retryable: boolean,
    ]
  >([
    ["of an unknown user", { username: "nobody" }, "DESTINATION_LOGIN_REFUSED", false],
    ["to an unknown database", { database: "nowhere" }, "DESTINATION_DATABASE_MISSING", false],
    ["to an unknown host", { host: "no-such-host.invalid" }, "DESTINATION_UNREACHABLE", true],
    ["to a port where nothing listens", { port: 1 }, "DESTINATION_UNREACHABLE", true],
    ["to a folder without a socket", { host: "/no/such/folder" }, "DESTINATION_UNREACHABLE", true],
    ["to a server without TLS that is to have it", { sslmode: "require" }, "DESTINATION_TLS_FAILED", false],
  ])("%s fails", async (_, credentials, code, retryable) => {
    const error = await preparationError({ database: "postgres", ...(credentials && { credentials }) });
    expect([error.code, error.retryable]).toEqual([code, retryable]);
  });

  it("that nobody answers is given up in time", async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void silent.close());
    await new Promise((resolve) => silent.once("listening", resolve));
    const address = silent.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const error = await preparationError({ database: "postgres", credentials: { port, connectTimeout: 0.2 } });
    expect([error.code, error.retryable]).toEqual(["DESTINATION_UNREACHABLE", true]);
    expect(error.message).toContain("did not answer in time");
  });

  it("too many of them are told apart, and can be tried again", async () => {
    const database = await newDatabase();
    const role = await newRole(database);
    const server = await testServer();
    await server.query(`ALTER ROLE "${role}" CONNECTION LIMIT 0`);
    const error = await preparationError({ database, credentials: { username: role, password: "its password" } });
    expect([error.code, error.retryable]).toEqual(["DESTINATION_BUSY", true]);
  });
});

describe("rights", () => {
  it("to make a schema are needed for a new dataset", async () => {
    const database = await newDatabase();
    const role = await newRole(database);
    const error = await preparationError({ database, credentials: { username: role, password: "its password" } });
    expect([error.code, error.retryable]).toEqual(["DESTINATION_PRIVILEGE_MISSING", false]);
    expect(error.message).toContain("permission denied for database");
    expect(error.hint).toContain("CREATE");
  });

  it("to insert are enough for a job that has been prepared", async () => {
    const database = await newDatabase();
    const role = await newRole(database);
    const owner = await openClient({ database });
    await owner.prepare(plan([users]));
    const client = await openClient({ database, credentials: { username: role, password: "its password" } });
    const file = await loadFile(newFolder(), users, threeUsers);
    await query(owner, `GRANT USAGE ON SCHEMA ds TO "${role}"`);
    await query(owner, `GRANT SELECT, INSERT, UPDATE ON ds._dlt_jobs, ds._dlt_loads TO "${role}"`);
    const error = await errorOf(run(client, file));
    expect([error.code, error.retryable]).toEqual(["DESTINATION_PRIVILEGE_MISSING", false]);
    expect(error.message).toContain("permission denied for table users");
    await query(owner, `GRANT INSERT ON ds.users TO "${role}"`);
    expect(await run(client, file)).toMatchObject({ rowCount: 3 });
    // The table is found although the role cannot read it.
    await query(owner, `GRANT SELECT ON ds._dlt_version TO "${role}"`);
    expect(await client.explain(plan([users]))).toEqual([]);
  });

  it("to write are missing where everything is read only", async () => {
    const database = await newDatabase();
    const client = await openClient({ database });
    await client.prepare(plan([users]));
    await query(client, `ALTER DATABASE ${database} SET default_transaction_read_only = on`);
    const reader = await openClient({ database });
    const error = await errorOf(run(reader, await loadFile(newFolder(), users, threeUsers)));
    expect([error.code, error.retryable]).toEqual(["DESTINATION_READ_ONLY", false]);
    expect(await reader.state?.readLastLoadId()).toBe(null);
  });
});

describe("a job", () => {
  it("says when its table was dropped, and how the table comes back", async () => {
    const client = await openClient();
    await client.prepare(plan([users]));
    const file = await loadFile(newFolder(), users, threeUsers);
    await query(client, "DROP TABLE ds.users");
    const error = await errorOf(run(client, file));
    expect([error.code, error.retryable]).toEqual(["DESTINATION_TABLE_MISSING", false]);
    expect(error.message).toContain("load `users.a1.pgcopy` into table `users`");
    expect(error.message).toContain('relation "ds.users" does not exist');

    await query(client, /`(DELETE FROM .*?)`/.exec(error.hint ?? "")?.[1] ?? "");
    expect((await client.prepare(plan([users]))).map(({ name }) => name)).toEqual(["users"]);
    expect(await run(client, file)).toMatchObject({ rowCount: 3 });
  });

  it("says when its dataset was dropped", async () => {
    const client = await openClient();
    await client.prepare(plan([users]));
    await query(client, "DROP SCHEMA ds CASCADE");
    const error = await errorOf(run(client, await loadFile(newFolder(), users, threeUsers)));
    expect(error.code).toBe("DESTINATION_TABLE_MISSING");
  });

  it("says when its column was dropped, and how the column comes back", async () => {
    const client = await openClient();
    await client.prepare(plan([users]));
    for (const format of formatNames) {
      await query(client, "ALTER TABLE ds.users DROP COLUMN name");
      const file = await loadFile(newFolder(), users, threeUsers, { format });
      const error = await errorOf(run(client, file));
      expect([error.code, error.retryable]).toEqual(["DESTINATION_COLUMN_MISSING", false]);
      expect(error.message).toContain('column "name" of relation "users" does not exist');
      await query(client, /`(DELETE FROM .*?)`/.exec(error.hint ?? "")?.[1] ?? "");
      await client.prepare(plan([users]));
      expect(await run(client, file)).toMatchObject({ rowCount: 3 });
    }
  });

  const items = table("items", [
    { name: "id", dataType: "bigint" },
    { name: "text", dataType: "text" },
    { name: "number", dataType: "decimal" },
    { name: "doc", dataType: "json" },
  ]);
  it.each<[what: string, row: Readonly<Record<string, string | number | null>>, change: string, reason: string]>([
    ["out of range", { id: 77777 }, "ALTER id TYPE smallint", "a number is out of the range of its column"],
    ["too long", { text: "77777" }, "ALTER text TYPE varchar(3)", "a text is longer than its column takes"],
    ["of too many digits", { number: `77777${"0".repeat(30)}` }, "", "a number is out of the range of its column"],
    [
      "of another type",
      { text: "77777" },
      "ALTER text TYPE uuid USING NULL",
      "a value cannot be read as the type of its column",
    ],
    ["null", { text: "x" }, "ALTER id SET NOT NULL", "column `id` takes no null"],
    ["against a check", { id: 77777 }, "ADD CHECK (id < 3)", "a value breaks a constraint"],
    ["that is no document", { doc: "77777]" }, "", "a value cannot be read as the type of its column"],
    ["with a surrogate alone", { doc: '"77777\\ud800"' }, "", "a value cannot be read as the type of its column"],
  ])("refuses a file with a value %s as a whole, without showing the value", async (_, row, change, reason) => {
    const client = await openClient();
    await client.prepare(plan([items]));
    if (change !== "") await query(client, `ALTER TABLE ds.items ${change}`);
    for (const format of formatNames) {
      const file = await loadFile(
        newFolder(),
        items,
        [{ id: 1, ...(row["text"] === undefined ? {} : { text: null }) }, row],
        { format },
      );
      const error = await errorOf(run(client, file));
      expect([format, error.code, error.retryable]).toEqual([format, "DESTINATION_VALUE_REFUSED", false]);
      expect(error.message).toContain(reason);
      expect(shown(error)).not.toContain("77777");
    }
    expect(await query(client, "SELECT count(*) FROM ds.items")).toEqual([[0]]);
    expect(await query(client, "SELECT job_id FROM ds._dlt_jobs")).toEqual([["prepare"]]);
  });

  it("says in which row and column a value is that the server refuses", async () => {
    const client = await openClient();
    await client.prepare(plan([items]));
    const rows = [{ doc: "1" }, { doc: "{}" }, { doc: "no document" }];
    const error = await errorOf(run(client, await loadFile(newFolder(), items, rows)));
    expect(error.message).toContain("(column `doc`, row 3)");
  });

  it.each([
    ["is slow", "PERFORM pg_sleep(9)", "DESTINATION_INTERRUPTED", true],
    [
      "raises an error",
      "RAISE EXCEPTION 'not %', NEW.name USING DETAIL = NEW.name",
      "DESTINATION_VALUE_REFUSED",
      false,
    ],
  ])("does not show the row where a trigger %s", async (_, body, code, retryable) => {
    const client = await openClient({ credentials: { options: "-c statement_timeout=300" } });
    await client.prepare(plan([users]));
    await query(
      client,
      `CREATE FUNCTION ds.look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body}; RETURN NEW; END $$`,
    );
    await query(client, "CREATE TRIGGER look BEFORE INSERT ON ds.users FOR EACH ROW EXECUTE FUNCTION ds.look()");
    for (const format of formatNames) {
      const file = await loadFile(newFolder(), users, [{ id: 77777, name: "77777" }], { format });
      const error = await errorOf(run(client, file));
      expect([format, error.code, error.retryable]).toEqual([format, code, retryable]);
      expect(shown(error)).not.toContain("77777");
    }
  });

  it("does not show what is left of a damaged file", async () => {
    const client = await openClient();
    await client.prepare(plan([users]));
    const text = `INSERT INTO {}("id","name")\nVALUES\n(1,'77777);\n`;
    const error = await errorOf(run(client, writtenFile(newFolder(), users, text, { format: "insert_values" })));
    expect([error.code, error.retryable]).toEqual(["DESTINATION_LOAD_FILE_UNREADABLE", false]);
    expect(shown(error)).not.toContain("77777");
  });

  it("does not write a text with U+0000", async () => {
    const client = await openClient();
    await client.prepare(plan([items]));
    for (const format of ["pgcopy", "insert_values"])
      for (const row of [{ text: "a\0" }, { doc: '"\\u0000"' }]) {
        const error = await errorOf(loadFile(newFolder(), items, [{ id: 1 }, row], { format }));
        expect(error).toMatchObject({ code: "FILE_TEXT_HAS_ZERO", context: { table: "items", row: 1 } });
      }
    for (const row of [{ text: "a\0" }, { doc: '"\\u0000"' }]) {
      const file = await loadFile(newFolder(), items, [row], { format: "csv" });
      const error = await errorOf(run(client, file));
      expect([error.code, error.retryable]).toEqual(["DESTINATION_VALUE_REFUSED", false]);
      expect(error.message).toContain("U+0000");
    }
  });

  it("says when its file is missing or damaged", async () => {
    const client = await openClient();
    await client.prepare(plan([users]));
    for (const format of formatNames) {
      const folder = newFolder();
      const file = await loadFile(folder, users, threeUsers, { format });
      const path = join(folder, file.jobId);
      const gone = await errorOf(run(client, { ...file, at: { path: join(folder, "gone") } }));
      expect([format, gone.code, gone.retryable]).toEqual([format, "DESTINATION_LOAD_FILE_UNREADABLE", false]);
      truncateSync(path, 60);
      const damaged = await errorOf(run(client, file));
      expect(["DESTINATION_LOAD_FILE_UNREADABLE", "DESTINATION_ROWS_DIFFER", "DESTINATION_VALUE_REFUSED"]).toContain(
        damaged.code,
      );
      truncateSync(path, 9);
      const cut = await errorOf(run(client, file));
      expect([cut.code, cut.retryable]).not.toContain(true);
    }
    expect(await query(client, "SELECT count(*) FROM ds.users")).toEqual([[0]]);
  });

  it("keeps nothing of a file that has another number of rows than it should", async () => {
    const client = await openClient();
    await client.prepare(plan([users]));
    for (const format of formatNames) {
      const file = await loadFile(newFolder(), users, threeUsers, { format });
      expect((await errorOf(run(client, { ...file, rowCount: 2 }))).code).toBe("DESTINATION_ROWS_DIFFER");
    }
    expect(await query(client, "SELECT count(*) FROM ds.users")).toEqual([[0]]);
  });

  it("refuses a format that it does not load", async () => {
    const client = await openClient();
    await client.prepare(plan([users]));
    const file = await loadFile(newFolder(), users, threeUsers);
    expect((await errorOf(run(client, { ...file, format: "xml" }))).code).toBe("DESTINATION_FORMAT_UNSUPPORTED");
  });

  it("that meets a deadlock can be tried again", async () => {
    const client = await openClient();
    const others = table("others", [...users.columns.values()]);
    await client.prepare(plan([users, others]));
    // A trigger makes the job wait for the other table while it holds its own.
    await query(
      client,
      "CREATE FUNCTION ds.take() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN LOCK TABLE ds.others; RETURN NEW; END $$",
    );
    await query(client, "CREATE TRIGGER take BEFORE INSERT ON ds.users FOR EACH ROW EXECUTE FUNCTION ds.take()");
    await query(client, "BEGIN");
    await query(client, "LOCK TABLE ds.others IN ACCESS SHARE MODE");
    const running = run(client, await loadFile(newFolder(), users, threeUsers)).then(
      () => null,
      (error: unknown) => error as DltError,
    );
    await untilOneWaits();
    const own = await query(client, "LOCK TABLE ds.users IN SHARE MODE").then(
      () => null,
      (error: unknown) => error as DltError,
    );
    await query(client, own === null ? "COMMIT" : "ROLLBACK");
    const error = (await running) ?? own;
    expect([error?.code, error?.retryable]).toEqual(["DESTINATION_CONFLICT", true]);
    expect(error?.message).toContain("deadlock detected");
  });
});

describe("a connection that is lost", () => {
  /** Hands bytes on to the server until it has seen so many of one connection. */
  async function cutAfter(bytes: number): Promise<{ readonly port: number }> {
    const { port } = await testServer();
    const sockets = new Set<Socket>();
    const proxy = createServer((socket) => {
      const server = connect(port, "127.0.0.1");
      let seen = 0;
      for (const each of [socket, server]) sockets.add(each.on("error", () => undefined));
      socket.on("data", (chunk) => {
        seen += chunk.length;
        if (seen > bytes) {
          socket.destroy();
          server.destroy();
        } else server.write(chunk);
      });
      server.on("data", (chunk) => socket.write(chunk));
      socket.on("close", () => server.destroy());
      server.on("close", () => socket.destroy());
    }).listen(0, "127.0.0.1");
    onTestFinished(() => {
      for (const each of sockets) each.destroy();
      proxy.close();
    });
    await new Promise((resolve) => proxy.once("listening", resolve));
    const address = proxy.address();
    return { port: typeof address === "object" && address !== null ? address.port : 0 };
  }

  it("in the middle of COPY can be tried again, and nothing was kept", async () => {
    const database = await newDatabase();
    const client = await openClient({ database });
    await client.prepare(plan([users]));
    const rows = Array.from({ length: 50_000 }, (_, id) => ({ id, name: `name ${id}` }));
    const file = await loadFile(newFolder(), users, rows);
    const cut = await openClient({ database, credentials: await cutAfter(700_000) });
    const error = await errorOf(run(cut, file));
    expect([error.code, error.retryable]).toEqual(["DESTINATION_CONNECTION_LOST", true]);
    expect(await run(client, file)).toMatchObject({ rowCount: 50_000 });
    expect(await query(client, "SELECT count(*) FROM ds.users")).toEqual([[50_000]]);
  });

  it("by the server can be tried again on the same client", async () => {
    const database = await newDatabase();
    const client = await openClient({ database });
    await client.prepare(plan([users]));
    const server = await testServer();
    await server.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${database}' AND pid <> pg_backend_pid()`,
    );
    const file = await loadFile(newFolder(), users, threeUsers);
    // Whether the client knows by now that its connection is gone is a matter of time.
    const first = await run(client, file).catch((error: unknown) => error);
    if (first instanceof Error) expect(first).toMatchObject({ code: "DESTINATION_CONNECTION_LOST", retryable: true });
    expect(await run(client, file)).toMatchObject({ rowCount: 3 });
    expect(await query(client, "SELECT count(*) FROM ds.users")).toEqual([[3]]);
  });
});

it("a statement is not cut off at the character U+0000, of which the server would lose the connection", async () => {
  const client = await openClient();
  const columns = [{ name: "a\0b", dataType: "bigint" }] as const;
  for (const attempt of [() => client.prepare(plan([table("t", columns)])), () => query(client, "SELECT 1\0")]) {
    const error = await errorOf(attempt());
    expect([error.code, error.retryable]).toEqual(["DESTINATION_STATEMENT_INVALID", false]);
  }
  expect(await query(client, "SELECT 1")).toEqual([[1]]);
});

it("a column with the name of one that every table has is told apart from a wrong statement", async () => {
  const client = await openClient();
  const error = await errorOf(client.prepare(plan([table("t", [{ name: "xmin", dataType: "bigint" }])])));
  expect([error.code, error.retryable]).toEqual(["DESTINATION_NAMES_COLLIDE", false]);
  expect(error.message).toContain("xmin");
});

describe("translateError", () => {
  // What a test cannot bring about.
  it.each([
    ["53100", 'could not extend file "base/1": No space left on device', "DESTINATION_STORAGE_FULL", true],
    ["53200", "out of memory", "DESTINATION_OUT_OF_MEMORY", true],
    ["53300", "sorry, too many clients already", "DESTINATION_BUSY", true],
    ["40001", "could not serialize access due to concurrent update", "DESTINATION_CONFLICT", true],
    ["55P03", "canceling statement due to lock timeout", "DESTINATION_CONFLICT", true],
    ["57014", "canceling statement due to statement timeout", "DESTINATION_INTERRUPTED", true],
    ["57P01", "terminating connection due to administrator command", "DESTINATION_CONNECTION_LOST", true],
    ["25P03", "terminating connection due to idle-in-transaction timeout", "DESTINATION_CONNECTION_LOST", true],
    ["57P03", "the database system is starting up", "DESTINATION_UNREACHABLE", true],
    ["08006", "connection failure", "DESTINATION_CONNECTION_LOST", true],
    ["58030", "could not write to file: Input/output error", "DESTINATION_STORAGE_FULL", true],
    ["XX000", "cache lookup failed", "DESTINATION_STATEMENT_FAILED", true],
    ["42883", "function nothing() does not exist", "DESTINATION_STATEMENT_INVALID", false],
    ["0A000", "cannot do that", "DESTINATION_STATEMENT_INVALID", false],
    ["CERT_HAS_EXPIRED", "certificate has expired", "DESTINATION_TLS_FAILED", false],
    ["SELF_SIGNED_CERT_IN_CHAIN", "self-signed certificate in certificate chain", "DESTINATION_TLS_FAILED", false],
    ["ECONNRESET", "read ECONNRESET", "DESTINATION_CONNECTION_LOST", true],
    ["", "Something else", "DESTINATION_STATEMENT_FAILED", false],
  ])("%s %s", (state, message, code, retryable) => {
    const cause = Object.assign(new Error(message), state === "" ? {} : { code: state });
    const error = translateError(cause, { to: "do it", location: "postgresql://u@h:5432/d" });
    expect([error.code, error.retryable, error.cause]).toEqual([code, retryable, cause]);
    expect(error.message).toMatch(/^Could not do it in postgresql:\/\/u@h:5432\/d: /);
    expect(error.hint).not.toBe("");
  });
});

it.each(["no password", "timeout expired", "Connection terminated", "does not support SSL", "EPIPE"])(
  "a value is not shown, nor taken for what went wrong: %s",
  async (value) => {
    const error = await errorOf(query(await openClient(), "SELECT CAST(%s AS bigint)", value));
    expect([error.code, error.retryable]).toEqual(["DESTINATION_VALUE_REFUSED", false]);
    expect(shown(error)).not.toContain(value);
  },
);

it("a closed client says so", async () => {
  const client = await openClient();
  const load = plan([users]);
  await client.prepare(load);
  await query(client, "SELECT 1");
  await client[Symbol.asyncDispose]();
  await client[Symbol.asyncDispose]();
  expect((await errorOf(client.completeLoad(completed(load)))).code).toBe("DESTINATION_CLOSED");
  expect((await errorOf(query(client, "SELECT 1"))).code).toBe("DESTINATION_CLOSED");
});
