import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Counts over the result files of all packages. */
export interface TestTotals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** One sentence for each thing that counts as a failure without being a failed test. */
  readonly problems: readonly string[];
}

/** What vitest's `json` reporter writes, as far as it is read here. */
interface VitestReport {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/**
 * The file that the script `test`, or `test:<kind>`, of a package leaves its results in: `@dlt+core.json`,
 * `@dlt+pipeline.kills.json`.
 */
export function resultsFileName(packageName: string, script: string): string {
  const [, kind] = script.split(":");
  return `${packageName.replace("/", "+")}${kind === undefined ? "" : `.${kind}`}.json`;
}

/**
 * Sums all result files of a folder. Each of these counts as one failure: a file in `expected` that is not there, a file
 * without a single test, a test file that could not be run, and a run that vitest calls failed though no test of it is.
 */
export function sumTestResults(folder: string, expected: readonly string[]): TestTotals {
  const found = new Set(readdirSync(folder).filter((file) => file.endsWith(".json")));
  const totals = { passed: 0, failed: 0, skipped: 0 };
  const problems: string[] = [];
  for (const file of expected) if (!found.has(file)) problems.push(`There are no test results \`${file}\`.`);
  for (const file of [...found].sort()) {
    const report = JSON.parse(readFileSync(join(folder, file), "utf8")) as VitestReport;
    totals.passed += report.numPassedTests;
    totals.failed += report.numFailedTests;
    totals.skipped += report.numPendingTests + report.numTodoTests;
    problems.push(...reportProblems(file, report));
  }
  return { ...totals, failed: totals.failed + problems.length, problems };
}

function reportProblems(file: string, report: VitestReport): readonly string[] {
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((assertion) => assertion.status === "failed"),
  );
  if (broken.length > 0) return broken.map(({ name }) => `${name} could not be run.`);
  if (report.numPassedTests + report.numFailedTests === 0) return [`${file} holds no test that ran.`];
  if (!report.success && report.numFailedTests === 0) return [`${file} says that the run failed.`];
  return [];
}
