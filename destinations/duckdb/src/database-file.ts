import { existsSync, realpathSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, dirname, join } from "node:path";
import { DestinationError } from "@dlt/core";
import { quote, standardText } from "@dlt/sql";
import { DuckDBInstance } from "@duckdb/node-api";
import type { DuckdbCredentials } from "./credentials.js";
import { catalogOfFile } from "./datasets.js";
import { attempt } from "./errors.js";
import type { InstanceSource } from "./pooled-database.js";

/** A file and how it is opened, used and closed. */
export function databaseFile(
  path: string,
  credentials: DuckdbCredentials,
  { parallelJobs }: { readonly parallelJobs: number },
): InstanceSource {
  const location = `duckdb:///${path}`;
  return {
    location,
    exists: () => existsSync(path),
    catalog: catalogOfFile(path),
    open: () => attempt({ to: "open the database", location }, () => openInstance(path, credentials)),
    openInMemory: () =>
      attempt({ to: "open a database in memory", location }, async () =>
        configured(await DuckDBInstance.create(), credentials),
      ),
    close: (instance) => closeInstance(instance, credentials),
    sessionStatements: [
      "SET SESSION TimeZone = 'UTC'",
      "PRAGMA enable_checkpoint_on_shutdown",
      ...(credentials.pragmas ?? []).map((pragma) => `PRAGMA ${pragma}`),
      ...setStatements("SESSION", credentials.localConfig),
    ],
    loading: loadingStatements(credentials, parallelJobs),
  };
}

/**
 * Opens a file, or takes the instance that this process has open already: two instances of one file would not see each
 * other's lock. The driver's cache counts its users; the file is closed with the last.
 */
async function openInstance(path: string, credentials: DuckdbCredentials): Promise<DuckDBInstance> {
  const folder = dirname(path);
  if (path.includes("?")) {
    throw unusable(path, "has a `?`, after which DuckDB reads options", `Choose a path without \`?\`.`);
  }
  if (!existsSync(folder)) {
    throw unusable(
      path,
      "is in a folder that does not exist",
      `Make the folder \`${folder}\`, or name another file in the credentials.`,
    );
  }
  // The cache goes by the text of the path.
  const realPath = existsSync(path) ? realpathSync(path) : join(realpathSync(folder), basename(path));
  const instance = await DuckDBInstance.fromCache(
    realPath,
    credentials.readOnly === true ? { access_mode: "READ_ONLY" } : {},
  );
  return await configured(instance, credentials);
}

/** An instance with the settings of the credentials; closed when it does not take them. */
async function configured(instance: DuckDBInstance, credentials: DuckdbCredentials): Promise<DuckDBInstance> {
  try {
    await runAll(instance, [
      ...(credentials.extensions ?? []).map((extension) => `LOAD ${extension}`),
      "SET GLOBAL TimeZone = 'UTC'",
      // Files of fewer rows than a row group stay in memory and in the write-ahead log up to a checkpoint. Each 16 MB, which is
      // the default, would write them again and again; 1 GB would keep as much in memory.
      "SET GLOBAL checkpoint_threshold = '256MB'",
      ...setStatements("GLOBAL", credentials.globalConfig),
    ]);
  } catch (error) {
    instance.closeSync();
    throw error;
  }
  return instance;
}

function unusable(path: string, reason: string, hint: string): DestinationError {
  return new DestinationError("DESTINATION_PATH_UNUSABLE", `The database file \`${path}\` ${reason}.`, {
    hint,
    context: { path },
  });
}

/** Empties the write-ahead log before closing, which would do it on the main thread. */
async function closeInstance(instance: DuckDBInstance, { readOnly }: DuckdbCredentials): Promise<void> {
  try {
    if (readOnly !== true) await runAll(instance, ["CHECKPOINT"]);
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
function loadingStatements({ globalConfig = {} }: DuckdbCredentials, parallelJobs: number): InstanceSource["loading"] {
  const threads = Math.max(1, availableParallelism() - parallelJobs + 1);
  const wanted: Readonly<Record<string, number>> = {
    threads,
    ...(threads === 1 && { write_buffer_row_group_count: 1 }),
  };
  const names = Object.keys(wanted).filter((name) => !Object.hasOwn(globalConfig, name));
  return {
    start: names.map((name) => `SET GLOBAL ${name} = ${wanted[name]}`),
    stop: names.map((name) => `RESET GLOBAL ${name}`),
  };
}

function setStatements(
  scope: "GLOBAL" | "SESSION",
  options: DuckdbCredentials["globalConfig"] = {},
): readonly string[] {
  return Object.entries(options).map(
    ([name, value]) =>
      `SET ${scope} ${name} = ${typeof value === "string" ? quote(standardText, value) : String(value)}`,
  );
}

async function runAll(instance: DuckDBInstance, statements: readonly string[]): Promise<void> {
  const connection = await instance.connect();
  try {
    for (const statement of statements) await connection.run(statement);
  } finally {
    connection.closeSync();
  }
}
