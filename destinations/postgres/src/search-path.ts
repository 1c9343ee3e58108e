import { comparableIdentifier, type SqlDataset } from "@dlt/sql";
import type { Session } from "./session.js";

/** Until the transaction ends, tables without a dataset are those of the dataset before others. */
export async function useDataset(session: Session, dataset: SqlDataset): Promise<void> {
  await session.rows({ text: `SELECT ${setPath("true")}`, values: [schemaOf(dataset)] });
}

/**
 * As long as the session lasts. A pooler may give its next transaction to another connection, and this one to others: behind one, which
 * numbers connections by itself, the path is left alone.
 */
export async function keepDataset(session: Session, dataset: SqlDataset): Promise<void> {
  await session.rows({
    text: `SELECT ${setPath("false")} WHERE pg_catalog.pg_backend_pid() = $2`,
    values: [schemaOf(dataset), session.processId],
  });
}

function setPath(isLocal: "true" | "false"): string {
  const path = "concat_ws(', ', quote_ident($1), nullif(current_setting('search_path'), ''))";
  return `pg_catalog.set_config('search_path', ${path}, ${isLocal})`;
}

function schemaOf({ dialect, name }: SqlDataset): string {
  return comparableIdentifier(dialect, name.schema);
}
