import type { ConnectOptions } from "@dlt/core";
import type { DuckDBInstance } from "@duckdb/node-api";
import { isAttached } from "./attached-file.js";
import { BorrowedConnection, externalLocation } from "./borrowed-connection.js";
import type { DuckdbCredentials } from "./credentials.js";
import { databaseFile } from "./database-file.js";
import { databasePath, type PathOptions } from "./database-path.js";
import { attempt } from "./errors.js";
import { invalidCredentials } from "./invalid-credentials.js";
import { type InstanceSource, PooledDatabase } from "./pooled-database.js";
import type { Session } from "./session.js";
import { isConnection, isInstance } from "./setting-values.js";
import { applySettings, connectionStatements, isForOpening } from "./settings.js";
import { withConnection } from "./with-connection.js";

/** A database that sessions are taken from. A file is opened when it is first needed, so that looking does not make one. */
export interface Database extends AsyncDisposable {
  /** For people, without secrets. */
  readonly location: string;
  /** Names of the attached databases, the current one first. */
  catalogs(): Promise<readonly string[]>;
  /** False while there is no file, so nothing in it either. */
  exists(): boolean;
  /** Runs work on a session that nothing else uses meanwhile; an abort stops the statement that runs. */
  use<Result>(work: (session: Session) => Promise<Result>, signal?: AbortSignal): Promise<Result>;
  /** The same to look at what there is, which does not make a file: without one the database is empty, and in memory. */
  look<Result>(work: (session: Session) => Promise<Result>, signal?: AbortSignal): Promise<Result>;
  /** A session that stays the same from use to use, so that settings and transactions last. */
  reserve(): SessionQueue;
  /** Sets the whole database to what many rows at a time are fastest with, until `stopLoading`. */
  startLoading(): Promise<void>;
  stopLoading(): Promise<void>;
}

/** Uses of one session, which wait for each other. */
export type SessionQueue = Pick<Database, "use">;

export interface DatabaseOptions extends PathOptions {
  /** Jobs that run at the same time. */
  readonly parallelJobs: number;
  readonly reached: ConnectOptions["reached"];
}

/** @throws ConfigError `DESTINATION_CREDENTIALS_INVALID` */
export function openDatabase(credentials: DuckdbCredentials, options: DatabaseOptions): Database {
  const { database } = credentials;
  if (isInstance(database)) return new PooledDatabase(instanceOfCaller(database, credentials), options.reached);
  if (isConnection(database))
    return new BorrowedConnection(database, withoutFileSettings(credentials), options.reached);
  const file = databaseFile(databasePath(database, options), credentials, options);
  return new PooledDatabase(file, options.reached);
}

/** Connections of our own are opened on it, and closed; it stays open. */
function instanceOfCaller(instance: DuckDBInstance, credentials: DuckdbCredentials): InstanceSource {
  const settings = withoutFileSettings(credentials);
  return {
    location: externalLocation,
    exists: () => true,
    open: () =>
      attempt({ to: "open the database", location: externalLocation }, async () => {
        await withConnection(instance, (connection) => applySettings(connection, settings));
        return instance;
      }),
    openInMemory: async () => instance,
    close: async () => undefined,
    connectionStatements: ["SET SESSION TimeZone = 'UTC'", ...connectionStatements(settings)],
    loading: { start: [], stop: [] },
  };
}

/** @throws ConfigError for settings that only count where a file is opened */
function withoutFileSettings(credentials: DuckdbCredentials): DuckdbCredentials {
  const { readOnly, globalConfig } = credentials;
  const late = [
    ...(readOnly ? ["read_only"] : []),
    ...(isAttached(credentials) ? ["attach_options", "encryption_key"] : []),
    ...Object.keys(globalConfig).filter(isForOpening),
  ];
  if (late.length === 0) return credentials;
  const names = late.map((name) => `\`${name}\``).join(", ");
  throw invalidCredentials(`hand over what is open already, for which it is too late to set ${names}`);
}
