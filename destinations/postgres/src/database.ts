import type { ConnectOptions } from "@dlt/core";
import { closedError } from "@dlt/sql";
import pg from "pg";
import { requireChannelBinding } from "./channel-binding.js";
import { displayLocation, type PostgresCredentials } from "./credentials.js";
import { Session } from "./session.js";
import { isAboutTls, tlsAttempts } from "./tls.js";

/** A server's database. Each use gets a connection of its own; connections are kept for the next. */
export class Database implements AsyncDisposable {
  /** For people, without secrets. */
  readonly location: string;
  readonly host: string;
  readonly #credentials: PostgresCredentials;
  readonly #reached: ConnectOptions["reached"];
  readonly #idle: Session[] = [];
  readonly #open = new Set<Session>();
  readonly #running = new Set<Promise<unknown>>();
  /** The way to connect that the server took, once it is known. */
  #tls: pg.ClientConfig["ssl"] | null = null;
  #isClosed = false;

  constructor(credentials: PostgresCredentials, reached?: ConnectOptions["reached"]) {
    this.location = displayLocation(credentials);
    this.host = credentials.host;
    this.#credentials = credentials;
    this.#reached = reached;
  }

  /** Runs work on a session that nothing else uses meanwhile; an abort stops the statement that runs. */
  use<Result>(work: (session: Session) => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    return this.#track(async () => {
      const session = await this.#take();
      try {
        return await session.until(signal, () => work(session));
      } finally {
        await this.#giveBack(session);
      }
    });
  }

  /** A session that stays the same from use to use, so that transactions last. Uses wait for each other. */
  reserve(): Pick<Database, "use"> {
    let last: Promise<unknown> = Promise.resolve();
    let session: Session | null = null;
    return {
      use: (work, signal) => {
        const next = last.then(() =>
          this.#track(async () => {
            session = session?.isUsable ? session : await this.#take();
            const own = session;
            try {
              return await own.until(signal, () => work(own));
            } finally {
              if (!own.isUsable) await this.#giveBack(own);
            }
          }),
        );
        last = next.catch(() => undefined);
        return next;
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await Promise.allSettled(this.#running);
    await Promise.all([...this.#open].map((session) => session.close()));
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

  async #take(): Promise<Session> {
    for (let session = this.#idle.pop(); session !== undefined; session = this.#idle.pop()) {
      if (session.isUsable) return session;
      this.#open.delete(session);
    }
    const session = new Session(await this.#connect(), this.#reached);
    this.#open.add(session);
    return session;
  }

  async #giveBack(session: Session): Promise<void> {
    if (session.isUsable) this.#idle.push(session);
    else {
      this.#open.delete(session);
      await session.close();
    }
  }

  async #connect(): Promise<pg.Client> {
    const attempts = this.#tls === null ? tlsAttempts(this.#credentials) : [this.#tls];
    for (const [index, ssl] of attempts.entries()) {
      const client = new pg.Client(clientConfig(this.#credentials, ssl));
      if (this.#credentials.channelBinding === "require") requireChannelBinding(client);
      try {
        await client.connect();
        this.#tls = ssl ?? false;
        return client;
      } catch (error) {
        if (index === attempts.length - 1 || !isAboutTls(error)) throw error;
      }
    }
    throw new TypeError("There is at least one way to connect.");
  }
}

function clientConfig(
  {
    host,
    port,
    database,
    username,
    password,
    connectTimeout,
    channelBinding,
    applicationName,
    options,
  }: PostgresCredentials,
  ssl: pg.ClientConfig["ssl"],
): pg.ClientConfig {
  return {
    host,
    port,
    database,
    user: username,
    ssl,
    application_name: applicationName,
    connectionTimeoutMillis: connectTimeout * 1000,
    keepAlive: true,
    enableChannelBinding: channelBinding !== "disable",
    ...(password !== undefined && { password: password.reveal() }),
    ...(options !== undefined && { options }),
  };
}
