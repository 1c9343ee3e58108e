import type { SqlClient } from "@dlt/core";
import { quoteTable, type SqlDataset, translateParameters } from "@dlt/sql";
import type { Database } from "./database.js";
import { attempt } from "./errors.js";

export interface SqlClientOptions {
  readonly database: Database;
  readonly dataset: SqlDataset;
  readonly signal: AbortSignal;
}

/** SQL on one connection, so that transactions work. The search path is that of the user: tables of the dataset are to be qualified. */
export function sqlClient({ database, dataset: { dialect, name }, signal }: SqlClientOptions): SqlClient {
  const queue = database.reserve();
  const query: SqlClient["query"] = (sql, ...args) =>
    attempt({ to: "run a statement", location: database.location }, () => {
      const text = translateParameters(sql, args.length, dialect.placeholder);
      return queue.use((session) => session.query(text, args), signal);
    });
  return {
    query,
    executeSql: async (sql, ...args) => (await query(sql, ...args)).rows,
    qualified: (table) => quoteTable(dialect, name, table),
    dataset: name.schema,
  };
}
