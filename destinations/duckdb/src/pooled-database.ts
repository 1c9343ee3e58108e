import type { ConnectOptions } from "@dlt/core";
import { closedError } from "@dlt/sql";
import type { DuckDBInstance } from "@duckdb/node-api";
import type { Database, SessionQueue } from "./database.js";
import { interruptible, Session, sessionQueue } from "./session.js";

/** Where an instance comes from, and what is run on it. */
export interface InstanceSource {
  readonly location: string;
  /** Name of the database, where it is known without opening it. */
  readonly catalog?: string;
  exists(): boolean;
  open(): Promise<DuckDBInstance>;
  /** An empty instance in memory, with the same settings. */
  openInMemory(): Promise<DuckDBInstance>;
  close(instance: DuckDBInstance): Promise<void>;
  readonly connectionStatements: readonly string[];
  readonly loading: { readonly start: readonly string[]; readonly stop: readonly string[] };
}

/** Gives each use a connection of its own and keeps connections for the next. */
export class PooledDatabase implements Database {
  readonly location: string;
  readonly #source: InstanceSource;
  readonly #reached: ConnectOptions["reached"];
  readonly #sessions: Session[] = [];
  readonly #idle: Session[] = [];
  readonly #running = new Set<Promise<unknown>>();
  #instance: Promise<DuckDBInstance> | null = null;
  #isLoading = false;
  #isClosed = false;

  constructor(source: InstanceSource, reached: ConnectOptions["reached"]) {
    this.location = source.location;
    this.#source = source;
    this.#reached = reached;
  }

  async catalogs(): Promise<readonly string[]> {
    const { catalog } = this.#source;
    return catalog === undefined ? await this.use((session) => session.catalogs()) : [catalog];
  }

  exists(): boolean {
    return this.#instance !== null || this.#source.exists();
  }

  use<Result>(work: (session: Session) => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    return this.#track(() => this.#usePooled(work, signal));
  }

  async look<Result>(work: (session: Session) => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    if (this.exists()) return await this.use(work, signal);
    await using memory = new PooledDatabase(
      {
        ...this.#source,
        exists: () => true,
        open: () => this.#source.openInMemory(),
        loading: { start: [], stop: [] },
      },
      this.#reached,
    );
    return await memory.use(work, signal);
  }

  reserve(): SessionQueue {
    const queue = sessionQueue(() => this.#connect());
    return { use: (work, signal) => this.#track(() => queue.use(work, signal)) };
  }

  async startLoading(): Promise<void> {
    this.#isLoading = true;
    await this.#runAll(this.#source.loading.start);
  }

  async stopLoading(): Promise<void> {
    if (!this.#isLoading) return;
    this.#isLoading = false;
    await this.#runAll(this.#source.loading.stop);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await Promise.allSettled(this.#running);
    const instance = await this.#instance?.catch(() => null);
    try {
      await this.stopLoading();
    } finally {
      for (const session of this.#sessions) session.connection.closeSync();
      if (instance) await this.#source.close(instance);
    }
  }

  async #track<Result>(start: () => Promise<Result>): Promise<Result> {
    if (this.#isClosed) throw closedError(this.location);
    const running = start();
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  async #usePooled<Result>(
    work: (session: Session) => Promise<Result>,
    signal: AbortSignal | undefined,
  ): Promise<Result> {
    const session = this.#idle.pop() ?? (await this.#connect());
    try {
      return await interruptible(session, work, signal);
    } finally {
      this.#idle.push(session);
    }
  }

  async #connect(): Promise<Session> {
    this.#instance ??= this.#source.open();
    let instance: DuckDBInstance;
    try {
      instance = await this.#instance;
    } catch (error) {
      // The next use tries again: a lock may be gone by then.
      this.#instance = null;
      throw error;
    }
    const session = new Session(await instance.connect(), this.#reached);
    this.#sessions.push(session);
    for (const statement of this.#source.connectionStatements) await session.execute(statement);
    return session;
  }

  async #runAll(statements: readonly string[]): Promise<void> {
    if (statements.length === 0) return;
    await this.#usePooled(async (session) => {
      for (const statement of statements) await session.execute(statement);
    }, undefined);
  }
}
