import { duckdb } from "@dlt/destination-duckdb";
import { pipeline } from "@dlt/pipeline";
import { reportUsageAtExit } from "./usage.js";

// With dlt: `node load.js <JSON lines> <new database file> <table>`.
reportUsageAtExit();
const [, , input = "", database = "", tableName = ""] = process.argv;
await pipeline({
  pipelineName: "bench",
  destination: duckdb({ credentials: database }),
  datasetName: "bench",
}).run(input, { tableName });
