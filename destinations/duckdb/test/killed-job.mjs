// Loads a file up to the commit, says so, and waits to be killed. Arguments: database, load file.
import { DuckDBInstance } from "@duckdb/node-api";

const [database, file] = process.argv.slice(2);
const instance = await DuckDBInstance.create(database);
const connection = await instance.connect();
await connection.run("BEGIN TRANSACTION");
const { rowsChanged } = await connection.run(`INSERT INTO ds.users BY NAME SELECT * FROM read_parquet('${file}')`);
await connection.run(
  "INSERT INTO ds._dlt_jobs VALUES ('1700000001.000000', 'users.a1.parquet', 'users', 150000, now())",
);
console.log(`${rowsChanged} rows and a mark, not committed`);
setInterval(() => undefined, 1000);
