import { join } from "node:path";
import { duckdb } from "@dlt/destination-duckdb";
import { DuckDBInstance } from "@duckdb/node-api";
import { destinationConformance } from "../src/conformance.js";
import { duckdbValue } from "./stored-files.js";

destinationConformance({
  name: "duckdb",
  destination: duckdb,
  config: ({ folder }) => ({ credentials: join(folder, "test.duckdb") }),
  readTable: ({ credentials }, dataset, table) => readTable(credentials, dataset, table),
});

async function readTable(path: string, dataset: string, table: string) {
  const instance = await DuckDBInstance.fromCache(path);
  const connection = await instance.connect();
  try {
    const name = [dataset, table].map((part) => `"${part.replaceAll('"', '""')}"`).join(".");
    return (await connection.runAndReadAll(`FROM ${name}`)).convertRowObjects(duckdbValue);
  } finally {
    connection.closeSync();
  }
}
