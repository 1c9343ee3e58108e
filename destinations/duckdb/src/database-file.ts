import { existsSync, realpathSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, dirname, join } from "node:path";
import { DestinationError } from "@dlt/core";
import { quote, standardIdentifiers } from "@dlt/sql";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { attachFile, catalogOfAttached, isAttached } from "./attached-file.js";
import type { DuckdbCredentials } from "./credentials.js";
import { catalogOfFile } from "./datasets.js";
import { attempt } from "./errors.js";
import type { InstanceSource } from "./pooled-database.js";
import { applySettings, connectionStatements, openingOptions } from "./settings.js";
import { withConnection } from "./with-connection.js";

/** A file and how it is opened, used and closed. */
export function databaseFile(
  path: string,
  credentials: DuckdbCredentials,
  { parallelJobs }: { readonly parallelJobs: number },
): InstanceSource {
  const location = `duckdb:///${path}`;
  const catalog = isAttached(credentials) ? catalogOfAttached(path) : catalogOfFile(path);
  const quotedCatalog = quote(standardIdentifiers, catalog);
  const loading = loadingStatements(credentials, parallelJobs);
  // Empties the write-ahead log, which closing would do on the main thread, and on threads that wait for each other.
  const lastStatements = credentials.readOnly ? [] : [...loading.start, `CHECKPOINT ${quotedCatalog}`, ...loading.stop];
  return {
    location,
    catalog,
    exists: () => existsSync(path),
    open: () => attempt({ to: "open the database", location }, () => openInstance(path, catalog, credentials)),
    openInMemory: () =>
      attempt({ to: "open a database in memory", location }, () => openInMemory(catalog, credentials)),
    close: (instance) => closeInstance(instance, lastStatements),
    connectionStatements: [
      ...(isAttached(credentials) ? [`USE ${quotedCatalog}`] : []),
      "SET SESSION TimeZone = 'UTC'",
      "PRAGMA enable_checkpoint_on_shutdown",
      ...connectionStatements(credentials),
    ],
    loading,
  };
}

/**
 * Opens a file, or takes the instance that this process has open already: two instances of one file would not see each
 * other's lock. The driver's cache counts its users; the file is closed with the last.
 */
async function openInstance(path: string, catalog: string, credentials: DuckdbCredentials): Promise<DuckDBInstance> {
  const realPath = realPathOf(path);
  if (!isAttached(credentials))
    return await configured(await DuckDBInstance.fromCache(realPath, openingOptions(credentials)), credentials);
  const options = openingOptions({ ...credentials, readOnly: false });
  return await configured(await DuckDBInstance.fromCache(`:memory:${realPath}`, options), credentials, (connection) =>
    attachFile(connection, realPath, { catalog, credentials }),
  );
}

/** An empty database with the same settings. */
async function openInMemory(catalog: string, credentials: DuckdbCredentials): Promise<DuckDBInstance> {
  const instance = await DuckDBInstance.create(":memory:", openingOptions({ ...credentials, readOnly: false }));
  return await configured(instance, credentials, async (connection) => {
    if (isAttached(credentials)) await connection.run(`ATTACH ':memory:' AS ${quote(standardIdentifiers, catalog)}`);
  });
}

/** An instance with the settings of the credentials, and what is attached to it; closed when it does not take them. */
async function configured(
  instance: DuckDBInstance,
  credentials: DuckdbCredentials,
  attach: (connection: DuckDBConnection) => Promise<void> = async () => undefined,
): Promise<DuckDBInstance> {
  try {
    await withConnection(instance, async (connection) => {
      await connection.run("SET GLOBAL TimeZone = 'UTC'");
      // Files of fewer rows than a row group stay in memory and in the write-ahead log up to a checkpoint. Each 16 MB, which is
      // the default, would write them again and again; 1 GB would keep as much in memory.
      await connection.run("SET GLOBAL checkpoint_threshold = '256MB'");
      await applySettings(connection, credentials);
      await attach(connection);
    });
  } catch (error) {
    instance.closeSync();
    throw error;
  }
  return instance;
}

/** The cache goes by the text of the path. */
function realPathOf(path: string): string {
  const folder = dirname(path);
  if (path.includes("?")) {
    throw unusable(path, "has a `?`, after which DuckDB reads options", "Choose a path without `?`.");
  }
  if (!existsSync(folder)) {
    throw unusable(
      path,
      "is in a folder that does not exist",
      `Make the folder \`${folder}\`, or name another file in the credentials.`,
    );
  }
  return existsSync(path) ? realpathSync(path) : join(realpathSync(folder), basename(path));
}

function unusable(path: string, reason: string, hint: string): DestinationError {
  return new DestinationError("DESTINATION_PATH_UNUSABLE", `The database file \`${path}\` ${reason}.`, {
    hint,
    context: { path },
  });
}

async function closeInstance(instance: DuckDBInstance, statements: readonly string[]): Promise<void> {
  try {
    await withConnection(instance, async (connection) => {
      for (const statement of statements) await connection.run(statement);
    });
  } catch {
    // Another client of this process is writing: it empties the log when it closes. After a fatal error the log stays for
    // the next process that opens the file.
  } finally {
    instance.closeSync();
  }
}

/**
 * While jobs run each has a thread of its own, and DuckDB only what cores are left: on few cores a statement on one thread
 * needs a fifth less CPU time than one on several, and holds fewer row groups in memory. Not where the person set it.
 */
function loadingStatements(credentials: DuckdbCredentials, parallelJobs: number): InstanceSource["loading"] {
  const threads = Math.max(1, availableParallelism() - parallelJobs + 1);
  const wanted: Readonly<Record<string, number>> = {
    threads,
    ...(threads === 1 && { write_buffer_row_group_count: 1 }),
  };
  const given = givenSettings(credentials);
  const names = Object.keys(wanted).filter((name) => !given.has(name));
  return {
    start: names.map((name) => `SET GLOBAL ${name} = ${wanted[name]}`),
    stop: names.map((name) => `RESET GLOBAL ${name}`),
  };
}

/** Names of the settings that the person made of the database, by whichever way. */
function givenSettings({ globalConfig, pragmas }: DuckdbCredentials): ReadonlySet<string> {
  const names = [...Object.keys(globalConfig), ...pragmas.map((pragma) => pragma.replace(/\s*=.*/s, ""))];
  return new Set(names.map((name) => name.toLowerCase()).map((name) => (name === "worker_threads" ? "threads" : name)));
}
