import { connect, type Socket } from "node:net";
import type { ConnectOptions } from "@dlt/core";
import { cutOffError, interruptedError, type SqlSession, type Statement } from "@dlt/sql";
import type pg from "pg";
import { copyIn } from "./copy-in.js";
import { isSqlState } from "./errors.js";
import { fromPostgres, toPostgresValue } from "./values.js";

type Reached = NonNullable<ConnectOptions["reached"]>;

/** How long a server may take for what should be done at once, before it is taken for one that does not answer any more. */
const patienceMs = 5000;

/** A column of a result, with its type as the server numbers it. */
export interface QueryField {
  readonly name: string;
  readonly typeId: number;
  /** Sizes of the type; -1: none. */
  readonly typeModifier: number;
}

/** Runs statements on one connection, one after another. Errors are those of the driver. */
export class Session implements SqlSession {
  readonly #client: pg.Client;
  readonly #reached: Reached;
  /** Stops further statements; the one that runs is cancelled. */
  #signal: AbortSignal | undefined;
  #isLost = false;

  constructor(client: pg.Client, reached: Reached = () => undefined) {
    this.#client = client;
    this.#reached = reached;
    // Nobody waits for a connection that is lost between two statements.
    client.on("error", () => {
      this.#isLost = true;
    });
  }

  /** False after the connection was lost, when its transaction could not be ended, and after an abort. */
  get isUsable(): boolean {
    return !this.#isLost;
  }

  /** Number of the server's process, as the server named it. One behind a pooler is none of the server's. */
  get processId(): number {
    return (this.#client as unknown as DriverConnection).processID;
  }

  async run(statement: Statement): Promise<number> {
    return (await this.#query(statement.text, statement.values)).rowCount ?? 0;
  }

  async rows(statement: Statement): Promise<readonly (readonly unknown[])[]> {
    return (await this.#query(statement.text, statement.values)).rows;
  }

  /** With parameters in the driver's own style. Of several statements in a text the last one counts. */
  async query(
    text: string,
    args: readonly unknown[],
  ): Promise<{ readonly columns: readonly string[]; readonly rows: readonly (readonly unknown[])[] }> {
    const { fields, rows } = await this.#query(text, args);
    return { columns: fields.map(({ name }) => name), rows };
  }

  /** Runs a text that has to be one statement; gives the columns of its result. */
  async single(text: string): Promise<readonly QueryField[]> {
    await this.#reached("destination.request.sent");
    const { fields } = await this.#send(text, [], { isSingle: true });
    await this.#reached("destination.request.answered");
    return fields.map(({ name, dataTypeID, dataTypeModifier }) => ({
      name,
      typeId: dataTypeID,
      typeModifier: dataTypeModifier,
    }));
  }

  /** Sends bytes to a `COPY … FROM STDIN`; gives the number of rows. */
  async copyIn(text: string, bytes: AsyncIterable<Uint8Array>): Promise<number> {
    throwIfAborted(this.#signal);
    await this.#reached("destination.request.sent");
    const rowCount = await copyIn(this.#client, text, { bytes, signal: this.#signal });
    await this.#reached("destination.request.answered");
    return rowCount;
  }

  /** All of `work` or nothing. */
  async transaction<Result>(work: () => Promise<Result>): Promise<Result> {
    let result: Result;
    try {
      // Each statement is to see what was committed by others before it.
      await this.run({ text: "BEGIN ISOLATION LEVEL READ COMMITTED", values: [] });
      result = await work();
      await this.#reached("destination.request.sent");
      throwIfAborted(this.#signal);
    } catch (error) {
      await this.#rollBack();
      throw error;
    }
    // A commit whose answer is lost is not rolled back: the mark of the work tells whether it came through.
    await this.#send("COMMIT", []);
    await this.#reached("destination.request.answered");
    return result;
  }

  /** Runs work until the signal is aborted. */
  async until<Result>(signal: AbortSignal | undefined, work: () => Promise<Result>): Promise<Result> {
    throwIfAborted(signal);
    let patience: NodeJS.Timeout | undefined;
    const stop = () => {
      this.#cancel();
      patience = this.#disconnectAfterPatience();
    };
    this.#signal = signal;
    signal?.addEventListener("abort", stop);
    try {
      return await work();
    } finally {
      signal?.removeEventListener("abort", stop);
      clearTimeout(patience);
      this.#signal = undefined;
    }
  }

  async close(): Promise<void> {
    this.#isLost = true;
    const patience = this.#disconnectAfterPatience();
    await this.#client.end();
    clearTimeout(patience);
  }

  async #query(text: string, args: readonly unknown[]): Promise<pg.QueryArrayResult<unknown[]>> {
    await this.#reached("destination.request.sent");
    const result = await this.#send(text, args);
    await this.#reached("destination.request.answered");
    return result;
  }

  async #send(
    text: string,
    args: readonly unknown[],
    { isSingle = false }: { readonly isSingle?: boolean } = {},
  ): Promise<pg.QueryArrayResult<unknown[]>> {
    throwIfAborted(this.#signal);
    if (text.includes("\0")) throw cutOffError({ name: "PostgreSQL" });
    const values = args.map(toPostgresValue);
    // Without values a text may have several statements, unless the protocol for one is asked for.
    const statement = {
      text,
      rowMode: "array",
      types: fromPostgres,
      ...(values.length > 0 && { values }),
      ...(isSingle && { queryMode: "extended" }),
    } as const;
    try {
      const result: unknown = await this.#client.query(statement);
      return (Array.isArray(result) ? result.at(-1) : result) as pg.QueryArrayResult<unknown[]>;
    } catch (error) {
      // The connection closes a little later.
      if (endsConnection(error)) this.#isLost = true;
      throw error;
    }
  }

  async #rollBack(): Promise<void> {
    try {
      await this.#client.query("ROLLBACK");
    } catch {
      // The server rolls back what it has lost the connection of.
      this.#isLost = true;
    }
  }

  /** Asks the server, on a connection for this alone, to stop what runs: https://www.postgresql.org/docs/current/protocol-flow.html */
  #cancel(): void {
    // It may come late, and would stop what the connection is used for by then.
    this.#isLost = true;
    const { host, port, processID, secretKey } = this.#client as unknown as DriverConnection;
    const request = Buffer.alloc(16);
    request.writeInt32BE(16, 0);
    request.writeInt32BE(80877102, 4);
    request.writeInt32BE(processID, 8);
    request.writeInt32BE(secretKey, 12);
    const socket: Socket = host.startsWith("/") ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
    // Where no such request gets through, the work ends with its connection.
    socket.on("error", () => socket.destroy());
    socket.end(request);
  }

  #disconnectAfterPatience(): NodeJS.Timeout {
    return setTimeout(() => (this.#client as unknown as DriverConnection).connection.stream.destroy(), patienceMs);
  }
}

/** True for an error after which the server closes the connection, and for one that does not come from a server at all. */
function endsConnection(error: unknown): boolean {
  const { severity, code } = error as { readonly severity?: unknown; readonly code?: unknown };
  return severity === "FATAL" || severity === "PANIC" || !isSqlState(code);
}

/** What the driver knows of a connection, and its types do not tell. */
interface DriverConnection {
  readonly host: string;
  readonly port: number;
  readonly processID: number;
  readonly secretKey: number;
  readonly connection: { readonly stream: Socket };
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw interruptedError(signal);
}
