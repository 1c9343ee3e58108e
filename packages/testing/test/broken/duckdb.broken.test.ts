// Run by `broken-destinations.test.ts` in a process of its own, as those in memory.
import { join } from "node:path";
import { destinationConformance } from "../../src/conformance.js";
import { duckdbRows } from "../duckdb-rows.js";
import { brokenDuckdb, duckdbBreakages } from "./duckdb-breakages.js";

for (const breakage of duckdbBreakages)
  destinationConformance({
    name: breakage.name,
    destination: (options: { readonly credentials: string }) => brokenDuckdb(options, breakage),
    config: ({ folder }) => ({ credentials: join(folder, "test.duckdb") }),
    readTable: ({ credentials }, dataset, table) => duckdbRows(credentials, dataset, table),
  });
