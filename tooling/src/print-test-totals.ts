import { resultsFileName, sumTestResults } from "./test-results.js";
import { readWorkspace } from "./workspace.js";

// The last line of `.ci/run`: `node --import tsx print-test-totals.ts <folder of result files> <script of the packages>…`.
const [folder, ...scripts] = process.argv.slice(2);
if (folder === undefined) throw new Error("Give the folder that holds the result files.");

const expected = readWorkspace().flatMap(({ manifest }) =>
  scripts
    .filter((script) => manifest.scripts?.[script] !== undefined)
    .map((script) => resultsFileName(manifest.name, script)),
);
const { passed, failed, skipped, problems } = sumTestResults(folder, expected);
for (const problem of problems) console.log(problem);
if (skipped > 0) console.log(`${skipped} skipped.`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
