import { join } from "node:path";
import { duckdb } from "@dlt/destination-duckdb";
import { destinationConformance } from "../src/conformance.js";
import { duckdbRows } from "./duckdb-rows.js";

destinationConformance({
  name: "duckdb",
  destination: duckdb,
  config: ({ folder }) => ({ credentials: join(folder, "test.duckdb") }),
  readTable: ({ credentials }, dataset, table) => duckdbRows(credentials, dataset, table),
});
