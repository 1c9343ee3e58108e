import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.js";
import { superuser, type TestServer } from "./postgres.js";
import { startServer } from "./server-process.js";

/** Starts PgBouncer in transaction mode, with two connections to a server; gives its port. */
export async function startPgbouncer(server: TestServer): Promise<number> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "dlt-pgbouncer-"));
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
  await startServer({ program: "pgbouncer", args: [...asUser, settings], port, folder });
  return port;
}
