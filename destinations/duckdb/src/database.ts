import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { DestinationError } from "@dlt/core";
import { quote, standardText } from "@dlt/sql";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { type DuckdbCredentials, type DuckdbTarget, databasePath } from "./config.js";
import { catalogOfFile } from "./datasets.js";
import { attempt } from "./errors.js";
import { Session } from "./session.js";

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
  /** A session that stays the same from use to use, so that settings and transactions last. */
  reserve(): SessionQueue;
}

/** Uses of one session, which wait for each other. */
export type SessionQueue = Pick<Database, "use">;

export interface DatabaseOptions {
  readonly localDir: string;
  /** Name of the file, without its extension, when the credentials name none. */
  readonly defaultName: string;
}

/** Text in UTC, whatever the time zone of the machine. */
const utc = "SET SESSION TimeZone = 'UTC'";

export function openDatabase(target: DuckdbTarget, options: DatabaseOptions): Database {
  switch (target.kind) {
    case "file":
      return fileDatabase(databasePath(target.credentials, options), target.credentials);
    case "instance":
      return new PooledDatabase("duckdb:///:external:", {
        exists: () => true,
        open: async () => target.instance,
        close: () => undefined,
        sessionStatements: [utc],
      });
    case "connection":
      return new BorrowedConnection(target.connection);
  }
}

function fileDatabase(path: string, credentials: DuckdbCredentials): Database {
  const location = `duckdb:///${path}`;
  return new PooledDatabase(location, {
    exists: () => existsSync(path),
    catalog: catalogOfFile(path),
    open: () => attempt({ to: "open the database", location }, () => openInstance(path, credentials)),
    close: (instance) => instance.closeSync(),
    sessionStatements: [
      utc,
      "PRAGMA enable_checkpoint_on_shutdown",
      ...(credentials.pragmas ?? []).map((pragma) => `PRAGMA ${pragma}`),
      ...setStatements("SESSION", credentials.localConfig),
    ],
  });
}

/**
 * Opens a file, or takes the instance that this process has open already: two instances of one file would not see each
 * other's lock. The driver's cache counts its users; the file is closed with the last.
 */
async function openInstance(path: string, credentials: DuckdbCredentials): Promise<DuckDBInstance> {
  const folder = dirname(path);
  if (!existsSync(folder)) {
    throw new DestinationError(
      "DESTINATION_PATH_UNUSABLE",
      `The folder of the database file \`${path}\` does not exist.`,
      {
        hint: `Make the folder \`${folder}\`, or name another file in the credentials.`,
        context: { path },
      },
    );
  }
  // The cache goes by the text of the path.
  const realPath = existsSync(path) ? realpathSync(path) : join(realpathSync(folder), basename(path));
  const instance = await DuckDBInstance.fromCache(
    realPath,
    credentials.readOnly === true ? { access_mode: "READ_ONLY" } : {},
  );
  try {
    const connection = await instance.connect();
    for (const statement of instanceStatements(credentials)) await connection.run(statement);
    connection.closeSync();
  } catch (error) {
    instance.closeSync();
    throw error;
  }
  return instance;
}

function instanceStatements(credentials: DuckdbCredentials): readonly string[] {
  return [
    ...(credentials.extensions ?? []).map((extension) => `LOAD ${extension}`),
    "SET GLOBAL TimeZone = 'UTC'",
    // A load is written to the file once, at its end, and not again each 16 MB.
    "SET GLOBAL checkpoint_threshold = '1GB'",
    ...setStatements("GLOBAL", credentials.globalConfig),
  ];
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

interface InstanceSource {
  exists(): boolean;
  open(): Promise<DuckDBInstance>;
  close(instance: DuckDBInstance): void;
  /** Known of a file without opening it. */
  readonly catalog?: string;
  readonly sessionStatements: readonly string[];
}

/** Gives each use a connection of its own and keeps connections for the next. */
class PooledDatabase implements Database {
  readonly location: string;
  readonly #source: InstanceSource;
  readonly #sessions: Session[] = [];
  readonly #idle: Session[] = [];
  readonly #running = new Set<Promise<unknown>>();
  #instance: Promise<DuckDBInstance> | null = null;
  #isClosed = false;

  constructor(location: string, source: InstanceSource) {
    this.location = location;
    this.#source = source;
  }

  async catalogs(): Promise<readonly string[]> {
    const { catalog } = this.#source;
    return catalog === undefined ? await this.use(attachedCatalogs) : [catalog];
  }

  exists(): boolean {
    return this.#instance !== null || this.#source.exists();
  }

  use<Result>(work: (session: Session) => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    return this.#track(this.#usePooled(work, signal));
  }

  reserve(): SessionQueue {
    const queue = sessionQueue(() => this.#connect());
    return {
      use: (work, signal) =>
        this.#track(
          queue.use((session) => {
            if (this.#isClosed) throw closed(this.location);
            return work(session);
          }, signal),
        ),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await Promise.allSettled(this.#running);
    for (const session of this.#sessions) session.connection.closeSync();
    const instance = await this.#instance?.catch(() => null);
    if (instance) this.#source.close(instance);
  }

  #track<Result>(running: Promise<Result>): Promise<Result> {
    this.#running.add(running);
    const finished = () => this.#running.delete(running);
    running.then(finished, finished);
    return running;
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
    if (this.#isClosed) throw closed(this.location);
    this.#instance ??= this.#source.open();
    let instance: DuckDBInstance;
    try {
      instance = await this.#instance;
    } catch (error) {
      // The next use tries again: a lock may be gone by then.
      this.#instance = null;
      throw error;
    }
    const session = new Session(await instance.connect());
    this.#sessions.push(session);
    for (const statement of this.#source.sessionStatements) await session.execute(statement);
    return session;
  }
}

/** A connection that belongs to the caller and stays open. */
class BorrowedConnection implements Database {
  readonly location = "duckdb:///:external:";
  readonly #queue: SessionQueue;
  #isClosed = false;

  constructor(connection: DuckDBConnection) {
    const session = new Session(connection);
    this.#queue = sessionQueue(async () => {
      if (this.#isClosed) throw closed(this.location);
      return session;
    });
  }

  catalogs(): Promise<readonly string[]> {
    return this.use(attachedCatalogs);
  }

  exists(): boolean {
    return true;
  }

  use<Result>(work: (session: Session) => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    return this.#queue.use(work, signal);
  }

  reserve(): SessionQueue {
    return this.#queue;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#queue.use(async () => {
      this.#isClosed = true;
    });
  }
}

async function attachedCatalogs(session: Session): Promise<readonly string[]> {
  const text =
    "SELECT database_name FROM duckdb_databases() WHERE NOT internal ORDER BY database_name <> current_database()";
  return (await session.rows({ text, values: [] })).map(([name]) => String(name));
}

function sessionQueue(connect: () => Promise<Session>): SessionQueue {
  let last: Promise<unknown> = Promise.resolve();
  let session: Session | null = null;
  return {
    use(work, signal) {
      const next = last.then(async () => {
        session ??= await connect();
        return await interruptible(session, work, signal);
      });
      last = next.catch(() => undefined);
      return next;
    },
  };
}

async function interruptible<Result>(
  session: Session,
  work: (session: Session) => Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  signal?.throwIfAborted();
  const interrupt = () => session.connection.interrupt();
  signal?.addEventListener("abort", interrupt);
  try {
    return await work(session);
  } finally {
    signal?.removeEventListener("abort", interrupt);
  }
}

function closed(location: string): DestinationError {
  return new DestinationError("DESTINATION_CLOSED", `The client of ${location} was used after it had been closed.`, {
    hint: "Open another one with `pipeline.destinationClient()` or run inside of its `await using` block.",
    context: { location },
  });
}
