import { duckdb } from "@dlt/destination-duckdb";
import { pipeline } from "@dlt/pipeline";
import { mergeRows, rowsBefore } from "./cases/merge-rows.js";
import { reportUsage, startUsage } from "./usage.js";

// A merge with dlt: `node merge.js <new database file> <rows>`. Measured without the start of the process, and without the rows that
// are there before.
const [, , database = "", rowText = ""] = process.argv;
const rowCount = Number(rowText);
const before = rowsBefore(rowCount);
const first = before - Math.floor(rowCount / 2);
const users = pipeline({ pipelineName: "bench", destination: duckdb({ credentials: database }), datasetName: "bench" });
const merge = { tableName: "users", writeDisposition: "merge", primaryKey: "id" } as const;
await users.run(mergeRows(0, before, 1), merge);
const rows = mergeRows(first, rowCount, 2);
const usage = startUsage();
await users.run(rows, merge);
reportUsage(usage);
