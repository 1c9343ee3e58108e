import type { Statement } from "../dialect.js";
import type { SqlDataset } from "../sql-dataset.js";

/** The dataset of a pipeline and the one that its tables are staged in. */
export interface SqlDatasets {
  readonly final: SqlDataset;
  readonly staging: SqlDataset;
}

/** Statements on one connection, one after another. Errors are those of the driver. */
export interface SqlSession {
  /** Gives the number of rows that were changed. */
  run(statement: Statement): Promise<number>;
  rows(statement: Statement): Promise<readonly (readonly unknown[])[]>;
}

/** What is being done, for the message of an error. */
export interface SqlAttempt {
  /** In the infinitive, e.g. "load `users.a1.csv` into table `users`". */
  readonly to: string;
  /** A load file is being read: what is wrong with input is wrong with it. */
  readonly readsFile?: boolean;
  /** A query of somebody is run, which the messages of the database may quote: none of them is shown. */
  readonly runsQuery?: boolean;
  readonly context?: Readonly<Record<string, string | number | null>>;
  /** What makes the next run create missing tables and columns again. */
  readonly repair?: string;
}

/** A database as the parts of a client see it. Errors that come out of it are those of this library. */
export interface SqlBackend<Session extends SqlSession = SqlSession> {
  readonly datasets: SqlDatasets;
  /** False while there is nothing to open, so nothing in it either. */
  exists(): boolean;
  /** Runs work on a session that nothing else uses meanwhile; an abort stops the statement that runs. */
  use<Result>(what: SqlAttempt, work: (session: Session) => Promise<Result>, signal?: AbortSignal): Promise<Result>;
  /** The same in one transaction: all of it or nothing. */
  transact<Result>(
    what: SqlAttempt,
    work: (session: Session) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result>;
}
