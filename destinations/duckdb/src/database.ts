import type { ConnectOptions } from "@dlt/core";
import { BorrowedConnection } from "./borrowed-connection.js";
import { type DuckdbTarget, databasePath } from "./credentials.js";
import { databaseFile } from "./database-file.js";
import { PooledDatabase } from "./pooled-database.js";
import type { Session } from "./session.js";

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

export interface DatabaseOptions {
  readonly localDir: string;
  /** Name of the file, without its extension, when the credentials name none. */
  readonly defaultName: string;
  /** Jobs that run at the same time. */
  readonly parallelJobs: number;
  readonly reached: ConnectOptions["reached"];
}

export function openDatabase(target: DuckdbTarget, options: DatabaseOptions): Database {
  switch (target.kind) {
    case "file":
      return new PooledDatabase(
        databaseFile(databasePath(target.credentials, options), target.credentials, options),
        options.reached,
      );
    case "instance":
      return new PooledDatabase(
        {
          location: "duckdb:///:external:",
          exists: () => true,
          open: async () => target.instance,
          openInMemory: async () => target.instance,
          close: async () => undefined,
          sessionStatements: ["SET SESSION TimeZone = 'UTC'"],
          loading: { start: [], stop: [] },
        },
        options.reached,
      );
    case "connection":
      return new BorrowedConnection(target.connection, options.reached);
  }
}
