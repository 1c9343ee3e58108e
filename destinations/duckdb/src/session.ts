import type { Statement } from "@dlt/sql";
import type { DuckDBConnection, DuckDBMaterializedResult, DuckDBValue } from "@duckdb/node-api";
import { fromDuckdbValue, toDuckdbValue } from "./values.js";

/** Runs statements on one connection, one after another. Errors are those of the driver. */
export class Session {
  readonly connection: DuckDBConnection;

  constructor(connection: DuckDBConnection) {
    this.connection = connection;
  }

  /** Gives the number of rows that were changed. */
  async run(statement: Statement): Promise<number> {
    return (await this.#run(statement)).rowsChanged;
  }

  async rows(statement: Statement): Promise<readonly (readonly unknown[])[]> {
    return (await this.#run(statement)).convertRows(fromDuckdbValue);
  }

  async columnNames(statement: Statement): Promise<readonly string[]> {
    return (await this.#run(statement)).columnNames();
  }

  /** With parameters in the driver's own style: by position, or one object for parameters by name. */
  async table(
    text: string,
    args: readonly unknown[],
  ): Promise<{ readonly columns: readonly string[]; readonly rows: unknown[][] }> {
    const result =
      args.length === 0 ? await this.connection.run(text) : await this.connection.run(text, bindings(args));
    return { columns: result.columnNames(), rows: await result.convertRows(fromDuckdbValue) };
  }

  async execute(text: string): Promise<void> {
    await this.connection.run(text);
  }

  /** All of `work` or nothing. */
  async transaction<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.execute("BEGIN TRANSACTION");
    let result: Result;
    try {
      result = await work();
    } catch (error) {
      await this.execute("ROLLBACK");
      throw error;
    }
    // A commit that fails has ended the transaction.
    await this.execute("COMMIT");
    return result;
  }

  async #run({ text, values }: Statement): Promise<DuckDBMaterializedResult> {
    return values.length === 0
      ? await this.connection.run(text)
      : await this.connection.run(text, values.map(toDuckdbValue));
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
