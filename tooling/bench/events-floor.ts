import { readFileSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";
import { reportUsageAtExit } from "./usage.js";

// DuckDB alone: `node events-floor.js <JSON lines> <new database file>`.
reportUsageAtExit();
const [, , input = "", database = ""] = process.argv;
const instance = await DuckDBInstance.create(database, { threads: "2" });
const connection = await instance.connect();
await connection.run(`SET VARIABLE input = '${input.replaceAll("'", "''")}'`);
await connection.run(readFileSync(new URL("../bench/events-floor.sql", import.meta.url), "utf8"));
connection.closeSync();
instance.closeSync();
