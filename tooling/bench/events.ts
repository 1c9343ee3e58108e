import { duckdb } from "@dlt/destination-duckdb";
import { pipeline } from "@dlt/pipeline";
import { reportUsageAtExit } from "./usage.js";

// The same with dlt: `node events.js <JSON lines> <new database file>`.
reportUsageAtExit();
const [, , input = "", database = ""] = process.argv;
await pipeline({
  pipelineName: "bench",
  destination: duckdb({ credentials: database }),
  datasetName: "bench",
}).run(input, { tableName: "events" });
