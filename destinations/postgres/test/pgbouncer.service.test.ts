import { isUsable, newDatabase, startPgbouncer, testServer } from "@dlt/test-servers";
import { beforeAll, describe, expect, it } from "vitest";
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

// In transaction mode each transaction may run on another connection of the server, and one is used by many clients.
describe.skipIf(!isUsable("pgbouncer"))("through PgBouncer in transaction mode", () => {
  let port: number;

  beforeAll(async () => {
    port = await startPgbouncer(await testServer());
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
    // It would be that of others, too.
    expect(await query(client, "SHOW search_path")).toEqual([['"$user", public']]);
  });
});
