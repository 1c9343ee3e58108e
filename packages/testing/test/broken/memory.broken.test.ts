// Run by `broken-destinations.test.ts` in a process of its own: the tests of destinations that each do something wrong.
import { destinationConformance } from "../../src/conformance.js";
import { memoryDatabase, memoryDestination } from "../../src/index.js";
import { brokenMemory } from "./breakage.js";
import { memoryBreakages } from "./breakages.js";

for (const breakage of memoryBreakages)
  destinationConformance({
    name: breakage.name,
    destination: ({ database }) => brokenMemory(database, breakage),
    config: () => ({ database: memoryDatabase() }),
    readTable: async ({ database }, dataset, table) => database.rows(dataset, table),
  });

destinationConformance({
  name: "nothing wrong, with an exception",
  destination: memoryDestination,
  config: () => ({ database: memoryDatabase() }),
  readTable: async ({ database }, dataset, table) => database.rows(dataset, table),
  exceptions: { "a long state is kept": "none" },
});
