import type { ConnectOptions } from "@dlt/core";
import { closedError } from "@dlt/sql";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { DuckdbCredentials } from "./credentials.js";
import type { Database, SessionQueue } from "./database.js";
import { attempt } from "./errors.js";
import { Session, sessionQueue } from "./session.js";
import { applySettings, connectionStatements } from "./settings.js";

/** How a database is shown that the caller opened. */
export const externalLocation = "duckdb:///:external:";

/** A connection that belongs to the caller and stays open; uses wait for each other. */
export class BorrowedConnection implements Database {
  readonly location = externalLocation;
  readonly #queue: SessionQueue;
  #isClosed = false;

  constructor(connection: DuckDBConnection, credentials: DuckdbCredentials, reached: ConnectOptions["reached"]) {
    const session = new Session(connection, reached);
    this.#queue = sessionQueue(() =>
      attempt({ to: "use the connection", location: externalLocation }, async () => {
        await applySettings(connection, credentials);
        for (const statement of connectionStatements(credentials)) await session.execute(statement);
        return session;
      }),
    );
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

  /** Threads are the caller's. */
  async startLoading(): Promise<void> {}

  async stopLoading(): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#queue.use(async () => {
      this.#isClosed = true;
    });
  }
}
