import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { DestinationClient, LoadFile } from "@dlt/core";
import { newDatabase, superuser, untilOneWaits } from "@dlt/test-servers";
import { expect, it } from "vitest";
import { credentialsFor, loadFile, newFolder, openClient, plan, query, run, users } from "./support.js";

const rows = Array.from({ length: 20_000 }, (_, id) => ({ id, name: `name ${id}` }));

/** Runs a job in a process of its own, and kills it as soon as one of its statements waits for a lock. */
async function killWhileItWaits(database: string, file: LoadFile): Promise<void> {
  const { password: _, ...credentials } = await credentialsFor(database);
  const columns = [...file.table.columns];
  const job = JSON.stringify({ credentials, password: superuser.password, file, columns });
  const script = fileURLToPath(new URL("./killed-job.ts", import.meta.url));
  const child = spawn(process.execPath, ["--conditions=@dlt/source", "--import=tsx", script, job], {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    stdio: ["ignore", "ignore", "inherit"],
  });
  await untilOneWaits();
  child.kill("SIGKILL");
  await once(child, "exit");
}

/** Makes rows of the table wait for a lock that the client holds, when all of them are in or with the commit. */
async function holdInserts(client: DestinationClient, until: "end" | "commit"): Promise<void> {
  await query(
    client,
    "CREATE FUNCTION ds.wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock(7); RETURN NULL; END $$",
  );
  await query(
    client,
    until === "end"
      ? "CREATE TRIGGER wait AFTER INSERT ON ds.users FOR EACH ROW EXECUTE FUNCTION ds.wait()"
      : "CREATE CONSTRAINT TRIGGER wait AFTER INSERT ON ds.users DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ds.wait()",
  );
  await query(client, "SELECT pg_advisory_lock(7)");
}

async function release(client: DestinationClient): Promise<void> {
  await query(client, "SELECT pg_advisory_unlock(7)");
  // The server goes on with what it was doing before it looks for the client.
  const others =
    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' " +
    "AND application_name = 'dlt' AND xact_start IS NOT NULL AND pid <> pg_backend_pid()";
  while ((await query(client, others)).length > 0);
  await query(client, "DROP FUNCTION ds.wait CASCADE");
}

it("a job whose process is killed between its rows and the commit is rolled back, and can be run again", async () => {
  const database = await newDatabase();
  const client = await openClient({ database });
  await client.prepare(plan([users]));
  const file = await loadFile(newFolder(), users, rows);
  await holdInserts(client, "end");
  await killWhileItWaits(database, file);
  await release(client);
  expect(await query(client, "SELECT count(*) FROM ds.users")).toEqual([[0]]);
  expect(await query(client, "SELECT job_id FROM ds._dlt_jobs")).toEqual([["prepare"]]);
  expect(await run(client, file)).toEqual({ rowCount: 20_000, bytes: 1 });
  expect(await query(client, "SELECT count(*) FROM ds.users")).toEqual([[20_000]]);
});

it("a job whose process is killed while the server commits is not done again", async () => {
  const database = await newDatabase();
  const client = await openClient({ database });
  await client.prepare(plan([users]));
  const file = await loadFile(newFolder(), users, rows);
  await holdInserts(client, "commit");
  await killWhileItWaits(database, file);
  await release(client);
  expect(await query(client, "SELECT count(*) FROM ds.users")).toEqual([[20_000]]);
  expect(await run(client, file)).toEqual({ rowCount: 20_000, bytes: 1 });
  expect(await query(client, "SELECT count(*) FROM ds.users")).toEqual([[20_000]]);
});
