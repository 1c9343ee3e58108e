// Holds a database file open until it is killed. Argument: the file.
import { DuckDBInstance } from "@duckdb/node-api";

const instance = await DuckDBInstance.create(process.argv[2]);
const connection = await instance.connect();
await connection.run("SELECT 1");
console.log("open");
setInterval(() => connection, 1000);
