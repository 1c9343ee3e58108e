import { duckdb } from "@dlt/destination-duckdb";
import { DuckDBInstance } from "@duckdb/node-api";
import type { FaultPlace, StoredRow } from "../src/index.js";

/** A database in memory: a file takes three times as long. */
export async function duckdbPlace(): Promise<FaultPlace> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  return {
    destination: () => duckdb({ credentials: instance }),
    readTables: (dataset) => readDuckdbTables(instance, dataset),
    [Symbol.asyncDispose]: async () => instance.closeSync(),
  };
}

export async function readDuckdbTables(
  instance: DuckDBInstance,
  dataset: string,
): Promise<ReadonlyMap<string, readonly StoredRow[]>> {
  const connection = await instance.connect();
  try {
    const rowsOf = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
    const tables = await rowsOf(
      `SELECT table_name FROM information_schema.tables WHERE table_schema = '${dataset}' ORDER BY table_name`,
    );
    const read = new Map<string, readonly StoredRow[]>();
    for (const { table_name: name } of tables)
      read.set(String(name), await rowsOf(`SELECT * FROM "${dataset}"."${String(name)}" ORDER BY ALL`));
    return read;
  } finally {
    connection.closeSync();
  }
}
