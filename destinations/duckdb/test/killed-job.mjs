// Runs statements of a job up to the commit, says so, and waits to be killed. Arguments: database, statements.
import { DuckDBInstance } from "@duckdb/node-api";

const [database, ...statements] = process.argv.slice(2);
const instance = await DuckDBInstance.create(database);
const connection = await instance.connect();
await connection.run("BEGIN TRANSACTION");
let rows = 0;
for (const statement of statements) rows += (await connection.run(statement)).rowsChanged;
console.log(`${rows} rows, not committed`);
setInterval(() => undefined, 1000);
