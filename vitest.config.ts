import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

// Tests read the sources of other packages, so nothing has to be built before them. The rest are the defaults for Node.
const conditions = ["@dlt/source", "module", "node", "development|production"];

/** Where to leave the counts of a run for whoever sums them up; unset when a person runs the tests. */
const resultsFolder = process.env["DLT_TEST_RESULTS"];

const { name } = JSON.parse(readFileSync("package.json", "utf8")) as { name: string };

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["{src,test,bench}/**/*.test.ts"],
    exclude: ["**/*.{service,live}.test.ts"],
    // A test that hangs is stopped; one that only shares its machine with much else is not.
    testTimeout: 60_000,
    // Tests keep to themselves, so that the files of a worker can share what is imported: importing it takes longer than most files.
    isolate: false,
    restoreMocks: true,
    unstubGlobals: true,
    // Most of the time goes into child processes, databases and properties: no core is kept free.
    maxWorkers: "100%",
    ...(resultsFolder && {
      reporters: ["default", "json"],
      outputFile: { json: join(resultsFolder, `${name.replace("/", "+")}.json`) },
    }),
  },
});
