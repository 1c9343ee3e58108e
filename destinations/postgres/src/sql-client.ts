import type { SqlClient } from "@dlt/core";
import { quoteTable, type SqlDataset, translateParameters } from "@dlt/sql";
import type { Database } from "./database.js";
import { attempt } from "./errors.js";
import { keepDataset } from "./search-path.js";
import type { Session } from "./session.js";

export interface SqlClientOptions {
  readonly database: Database;
  readonly dataset: SqlDataset;
  readonly signal: AbortSignal;
}

/** SQL on one connection, so that transactions work; tables of the dataset need no qualification, except behind a pooler. */
export function sqlClient({ database, dataset, signal }: SqlClientOptions): SqlClient {
  const { dialect, name } = dataset;
  const queue = database.reserve();
  let withDataset: Session | null = null;
  const query: SqlClient["query"] = (sql, ...args) =>
    attempt({ to: "run a statement", location: database.location }, () => {
      const text = translateParameters(sql, args.length, dialect.placeholder);
      return queue.use(async (session) => {
        if (session !== withDataset) await keepDataset(session, dataset);
        withDataset = session;
        return await session.query(text, args);
      }, signal);
    });
  return {
    query,
    executeSql: async (sql, ...args) => (await query(sql, ...args)).rows,
    qualified: (table) => quoteTable(dialect, name, table),
    dataset: name.schema,
  };
}
