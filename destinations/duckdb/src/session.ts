import type { ConnectOptions } from "@dlt/core";
import { cutOffError, interruptedError, type SqlSession, type Statement } from "@dlt/sql";
import {
  type DuckDBConnection,
  type DuckDBMaterializedResult,
  type DuckDBValue,
  StatementType,
} from "@duckdb/node-api";
import type { SessionQueue } from "./database.js";
import { fromDuckdbValue, toDuckdbValue } from "./values.js";

type Reached = NonNullable<ConnectOptions["reached"]>;

/** What a text consists of; the rest is known of a single statement. */
export interface PreparedText {
  readonly statements: number;
  /** A SELECT, or what stands for one. */
  readonly isQuery: boolean;
  readonly parameters: number;
  /** Names of the columns of a query. */
  readonly columns: readonly string[];
}

/** Runs statements on one connection, one after another. Errors are those of the driver. */
export class Session implements SqlSession {
  readonly connection: DuckDBConnection;
  /** Stops further statements; what runs has to be interrupted. */
  signal: AbortSignal | undefined;

  readonly #reached: Reached;

  constructor(connection: DuckDBConnection, reached: Reached = () => undefined) {
    this.connection = connection;
    this.#reached = reached;
  }

  /** Gives the number of rows that were changed. */
  async run(statement: Statement): Promise<number> {
    return (await this.#run(statement.text, statement.values)).rowsChanged;
  }

  async rows(statement: Statement): Promise<readonly (readonly unknown[])[]> {
    return (await this.query(statement.text, statement.values)).rows;
  }

  /** With parameters in the driver's own style: by position, or one object for parameters by name. */
  async query(
    text: string,
    args: readonly unknown[],
  ): Promise<{ readonly columns: readonly string[]; readonly rows: readonly (readonly unknown[])[] }> {
    const result = await this.#run(text, args);
    return { columns: result.columnNames(), rows: await result.convertRows(fromDuckdbValue) };
  }

  /** Looks at a text, of which nothing is run. */
  async prepare(text: string): Promise<PreparedText> {
    if (this.signal?.aborted) throw interruptedError(this.signal);
    await this.#reached("destination.request.sent");
    const extracted = await this.connection.extractStatements(text);
    if (extracted.count !== 1) return { statements: extracted.count, isQuery: false, parameters: 0, columns: [] };
    const prepared = await extracted.prepare(0);
    const { statementType, parameterCount: parameters, columnCount } = prepared;
    const isQuery = statementType === StatementType.SELECT;
    // With parameters it has no columns yet.
    const length = isQuery && parameters === 0 ? columnCount : 0;
    const columns = Array.from({ length }, (_, index) => prepared.columnName(index));
    prepared.destroySync();
    await this.#reached("destination.request.answered");
    return { statements: 1, isQuery, parameters, columns };
  }

  /** Names of the attached databases, the current one first. */
  async catalogs(): Promise<readonly string[]> {
    const text =
      "SELECT database_name FROM duckdb_databases() WHERE NOT internal ORDER BY database_name <> current_database()";
    return (await this.rows({ text, values: [] })).map(([name]) => String(name));
  }

  /** Runs a statement also after an abort. */
  async execute(text: string): Promise<void> {
    await this.connection.run(text);
  }

  /** All of `work` or nothing. */
  async transaction<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.execute("BEGIN TRANSACTION");
    let result: Result;
    try {
      result = await work();
      await this.#reached("destination.request.sent");
    } catch (error) {
      // After a fatal error nothing can be rolled back, and nothing has to be; the first error tells of it.
      await this.execute("ROLLBACK").catch(() => undefined);
      throw error;
    }
    // A commit that fails has ended the transaction.
    await this.execute("COMMIT");
    await this.#reached("destination.request.answered");
    return result;
  }

  async #run(text: string, args: readonly unknown[]): Promise<DuckDBMaterializedResult> {
    if (this.signal?.aborted) throw interruptedError(this.signal);
    // The driver would run what stands before.
    if (text.includes("\0")) throw cutOffError({ name: "DuckDB" });
    await this.#reached("destination.request.sent");
    const result =
      args.length === 0 ? await this.connection.run(text) : await this.connection.run(text, bindings(args));
    await this.#reached("destination.request.answered");
    return result;
  }
}

/** Uses of one session, in the order of the calls; it is opened with the first. */
export function sessionQueue(connect: () => Promise<Session>): SessionQueue {
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

/** Runs work on a session until the signal is aborted. */
export async function interruptible<Result>(
  session: Session,
  work: (session: Session) => Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  if (signal?.aborted) throw interruptedError(signal);
  const interrupt = () => session.connection.interrupt();
  session.signal = signal;
  signal?.addEventListener("abort", interrupt);
  try {
    return await work(session);
  } finally {
    signal?.removeEventListener("abort", interrupt);
    session.signal = undefined;
  }
}

function bindings(args: readonly unknown[]): DuckDBValue[] | Record<string, DuckDBValue> {
  const [first] = args;
  if (args.length > 1 || !isPlainObject(first)) return args.map(toDuckdbValue);
  return Object.fromEntries(Object.entries(first).map(([name, value]) => [name, toDuckdbValue(value)]));
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
