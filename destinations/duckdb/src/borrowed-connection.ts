import type { ConnectOptions } from "@dlt/core";
import { closedError } from "@dlt/sql";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { Database, SessionQueue } from "./database.js";
import { Session, sessionQueue } from "./session.js";

/** A connection that belongs to the caller and stays open; uses wait for each other. */
export class BorrowedConnection implements Database {
  readonly location = "duckdb:///:external:";
  readonly #queue: SessionQueue;
  #isClosed = false;

  constructor(connection: DuckDBConnection, reached: ConnectOptions["reached"]) {
    const session = new Session(connection, reached);
    this.#queue = sessionQueue(async () => session);
  }

  catalogs(): Promise<readonly string[]> {
    return this.use((session) => session.catalogs());
  }

  exists(): boolean {
    return true;
  }

  use<Result>(work: (session: Session) => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    return this.#queue.use((session) => {
      if (this.#isClosed) throw closedError(this.location);
      return work(session);
    }, signal);
  }

  look<Result>(work: (session: Session) => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    return this.use(work, signal);
  }

  reserve(): SessionQueue {
    return this;
  }

  /** The settings of the database are the caller's. */
  async startLoading(): Promise<void> {}

  async stopLoading(): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#queue.use(async () => {
      this.#isClosed = true;
    });
  }
}
