import { DuckDBInstance } from "@duckdb/node-api";
import { reportUsageAtExit } from "./usage.js";

// DuckDB alone: `node floor.js <JSON lines> <new database file> <SQL>`.
reportUsageAtExit();
const [, , input = "", database = "", sql = ""] = process.argv;
const instance = await DuckDBInstance.create(database, { threads: "2" });
const connection = await instance.connect();
await connection.run(`SET VARIABLE input = '${input.replaceAll("'", "''")}'`);
await connection.run(sql);
connection.closeSync();
instance.closeSync();
