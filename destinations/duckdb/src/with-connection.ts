import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";

/** Work on a connection of its own, which is closed after it. */
export async function withConnection(
  instance: DuckDBInstance,
  work: (connection: DuckDBConnection) => Promise<void>,
): Promise<void> {
  const connection = await instance.connect();
  try {
    await work(connection);
  } finally {
    connection.closeSync();
  }
}
