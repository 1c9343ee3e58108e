import { destinationConformance } from "../src/conformance.js";
import { memoryDatabase, memoryDestination } from "../src/index.js";

destinationConformance({
  name: "memory",
  destination: memoryDestination,
  config: () => ({ database: memoryDatabase() }),
  readTable: async ({ database }, dataset, table) => database.rows(dataset, table),
});
