import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort, newDatabase, superuser, testServer } from "./server.js";
import {
  chainOf,
  completed,
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

const isInstalled = spawnSync("pgbouncer", ["--version"]).status === 0;
const isRequired = (process.env["DLT_TEST_REQUIRE"] ?? "").split(",").includes("pgbouncer");

// In transaction mode each transaction may run on another connection of the server, and one is used by many clients.
describe.skipIf(!isInstalled && !isRequired)("through PgBouncer in transaction mode", () => {
  let port: number;
  let folder: string;
  let pooler: ChildProcess;

  beforeAll(async () => {
    const server = await testServer();
    port = await freePort();
    folder = mkdtempSync(join(tmpdir(), "dlt-pgbouncer-"));
    chmodSync(folder, 0o755);
    const users = join(folder, "users.txt");
    const settings = join(folder, "pgbouncer.ini");
    writeFileSync(users, `"${superuser.username}" "${superuser.password}"\n`);
    writeFileSync(
      settings,
      `[databases]\n* = host=127.0.0.1 port=${server.port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${port}\n` +
        `unix_socket_dir =\nauth_type = plain\nauth_file = ${users}\npool_mode = transaction\ndefault_pool_size = 2\n`,
    );
    // It refuses to run as root.
    const asUser = process.getuid?.() === 0 ? ["--user=postgres"] : [];
    pooler = spawn("pgbouncer", [...asUser, settings], { stdio: "ignore" });
    while (!(await answers(port)));
  });

  afterAll(() => {
    pooler.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  });

  it("loads run side by side, each once, with what follows them", async () => {
    const database = await newDatabase();
    const clients = await Promise.all(
      ["one", "two", "three"].map((dataset) => openClient({ database, dataset, credentials: { port } })),
    );
    const merged = table(
      "merged",
      [
        { name: "id", dataType: "bigint", primaryKey: true },
        { name: "_dlt_id", dataType: "text", rowKey: true, nullable: false },
      ],
      { writeDisposition: "merge", mergeStrategy: "delete-insert" },
    );
    const child = table(
      "merged__lines",
      [
        { name: "_dlt_root_id", dataType: "text", rootKey: true },
        { name: "_dlt_id", dataType: "text", rowKey: true, nullable: false },
      ],
      { writeDisposition: "merge", mergeStrategy: "delete-insert", rootTable: "merged", parent: "merged" },
    );
    await Promise.all(
      clients.map(async (client) => {
        const load = plan([users, merged, child], { staged: ["merged", "merged__lines"] });
        await client.prepare(load);
        const files = await Promise.all([
          ...["1", "2", "3", "4", "5", "6"].map((id) => loadFile(newFolder(), users, threeUsers, { id })),
          loadFile(newFolder(), merged, [{ id: 1, _dlt_id: "a" }], { target: "staging" }),
          loadFile(newFolder(), child, [{ _dlt_root_id: "a", _dlt_id: "b" }], { target: "staging" }),
        ]);
        await Promise.all(files.map((file) => run(client, file)));
        await Promise.all(files.map((file) => run(client, file)));
        for (const job of client.followUps?.(chainOf([merged, child])) ?? [])
          await job.run(new AbortController().signal);
        await client.completeLoad(completed(load));
        expect(await client.state?.readLastLoadId()).toBe(load.loadId);
      }),
    );
    for (const client of clients) {
      const count = (name: string) => query(client, `SELECT count(*) FROM ${client.sql?.qualified(name)}`);
      expect(await count("users")).toEqual([[18]]);
      expect(await count("merged__lines")).toEqual([[1]]);
    }
  });

  it("rows go through a temporary table, and transactions of SQL stay on one connection", async () => {
    const client = await openClient({ credentials: { port } });
    await client.prepare(plan([users]));
    await query(client, "ALTER TABLE ds.users ALTER id TYPE numeric");
    const files = await Promise.all(["1", "2", "3"].map((id) => loadFile(newFolder(), users, threeUsers, { id })));
    await Promise.all(files.map((file) => run(client, file)));
    await query(client, "BEGIN");
    await query(client, "INSERT INTO ds.users VALUES (%s, 'x')", 100);
    expect(await query(client, "SELECT count(*) FROM ds.users")).toEqual([[10]]);
    await query(client, "ROLLBACK");
    expect(await query(client, "SELECT count(*) FROM ds.users")).toEqual([[9]]);
  });
});

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("error", () => resolve(false));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });
}
