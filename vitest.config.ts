import { readFileSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

// Tests read the sources of other packages, so nothing has to be built before them. The rest are the conditions of Node itself:
// what packages give to bundlers under `module` it often cannot run.
const conditions = ["@dlt/source", "node", "development|production"];

/** Where to leave the counts of a run for whoever sums them up; unset when a person runs the tests. */
const resultsFolder = process.env["DLT_TEST_RESULTS"];

/** Kinds of tests that have a command of their own, and what their files end with. */
const kinds = { kills: "kill", services: "service", broken: "broken", docs: "docs" } as const;

const { name } = JSON.parse(readFileSync("package.json", "utf8")) as { name: string };

// `vitest --mode kills` runs the tests of that kind alone, without a mode all others are run.
export default defineConfig(({ mode }) => {
  const kind = Object.entries(kinds).find(([ofMode]) => ofMode === mode)?.[1];
  return {
    // One for all packages, because what is cached of a module is bound to it.
    root: import.meta.dirname,
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    test: {
      dir: process.cwd(),
      include: [`{src,test,bench}/**/*.${kind === undefined ? "" : `${kind}.`}test.ts`],
      exclude: kind === undefined ? [`**/*.{live,${Object.values(kinds).join(",")}}.test.ts`] : [],
      // A test that hangs is stopped; one that only shares its machine with much else is not.
      testTimeout: 60_000,
      // Tests keep to themselves, so that the files of a worker can share what is imported: importing it takes longer than most files.
      isolate: false,
      // What most of these runs took was the same modules, transformed again for each package.
      experimental: { fsModuleCache: true },
      restoreMocks: true,
      unstubGlobals: true,
      // Most of the time goes into child processes, databases and properties: no core is kept free.
      maxWorkers: "100%",
      env: { TMPDIR: fastFolder() },
      ...(resultsFolder && {
        reporters: ["default", "json"],
        outputFile: {
          json: join(resultsFolder, `${name.replace("/", "+")}${kind === undefined ? "" : `.${mode}`}.json`),
        },
      }),
    },
  };
});

/** Where tests make their folders: in memory, where there is much of it, because thousands of small files are synced. */
function fastFolder(): string {
  try {
    const { bavail, bsize } = statfsSync("/dev/shm");
    if (bavail * bsize > 4 * 2 ** 30) return "/dev/shm";
  } catch {
    // Not every system has one.
  }
  return tmpdir();
}
