import { DuckDBInstance } from "@duckdb/node-api";
import type { StoredRow } from "../src/index.js";
import { duckdbValue } from "./stored-files.js";

/** All rows of a table of a database file. */
export async function duckdbRows(path: string, dataset: string, table: string): Promise<readonly StoredRow[]> {
  const instance = await DuckDBInstance.fromCache(path);
  const connection = await instance.connect();
  try {
    const name = [dataset, table].map((part) => `"${part.replaceAll('"', '""')}"`).join(".");
    return (await connection.runAndReadAll(`FROM ${name}`)).convertRowObjects(duckdbValue);
  } finally {
    connection.closeSync();
  }
}
