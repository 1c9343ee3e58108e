import type { SqlClient } from "@dlt/core";
import { quoteDataset, quoteTable, type SqlDatasets, selectSchema, translateParameters } from "@dlt/sql";
import type { Database } from "./database.js";
import { attempt } from "./errors.js";
import type { Session } from "./session.js";

export interface SqlClientOptions {
  readonly database: Database;
  readonly datasets: SqlDatasets;
  readonly signal: AbortSignal;
}

/** SQL on one connection, so that transactions work; tables of the dataset need no qualification. */
export function sqlClient({ database, datasets, signal }: SqlClientOptions): SqlClient {
  const queue = database.reserve();
  const { dialect, name } = datasets.final;
  let isDatasetInUse = false;
  const useDataset = async (session: Session) => {
    if (isDatasetInUse) return;
    isDatasetInUse = (await session.rows(selectSchema(dialect, name))).length > 0;
    if (isDatasetInUse) await session.execute(`USE ${quoteDataset(dialect, name)}`);
  };
  const query: SqlClient["query"] = (sql, ...args) =>
    attempt({ to: "run a statement", location: database.location }, () => {
      const text = translateParameters(sql, args.length, dialect.placeholder);
      return queue.use(async (session) => {
        await useDataset(session);
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
