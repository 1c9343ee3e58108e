import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { resultsFileName, sumTestResults } from "./test-results.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "test-results-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function leaveResults(name: string, statuses: readonly string[], overrides: object = {}): void {
  const count = (status: string) => statuses.filter((other) => other === status).length;
  const report = {
    success: count("failed") === 0,
    numPassedTests: count("passed"),
    numFailedTests: count("failed"),
    numPendingTests: count("pending"),
    numTodoTests: count("todo"),
    testResults: [
      {
        name: "a.test.ts",
        status: count("failed") > 0 ? "failed" : "passed",
        assertionResults: statuses.map((status) => ({ status })),
      },
    ],
    ...overrides,
  };
  writeFileSync(join(folder, resultsFileName(name, "test")), JSON.stringify(report));
}

test("sums what all packages left", () => {
  leaveResults("@dlt/core", ["passed", "passed", "pending"]);
  leaveResults("@dlt/sql", ["passed", "failed", "todo"]);
  expect(sumTestResults(folder, ["@dlt+core.json", "@dlt+sql.json"])).toEqual({
    passed: 3,
    failed: 1,
    skipped: 2,
    problems: [],
  });
});

test("counts a package without results as a failure", () => {
  leaveResults("@dlt/core", ["passed"]);
  expect(sumTestResults(folder, ["@dlt+core.json", "@dlt+sql.json"])).toEqual({
    passed: 1,
    failed: 1,
    skipped: 0,
    problems: ["There are no test results `@dlt+sql.json`."],
  });
});

test("counts a test file that could not be run as a failure", () => {
  const testResults = [{ name: "broken.test.ts", status: "failed", assertionResults: [] }];
  leaveResults("@dlt/core", ["passed"], { success: false, testResults });
  expect(sumTestResults(folder, [])).toMatchObject({ failed: 1, problems: ["broken.test.ts could not be run."] });
});

test("counts a run without tests as a failure", () => {
  leaveResults("@dlt/core", ["pending"]);
  expect(sumTestResults(folder, [])).toMatchObject({ failed: 1, skipped: 1 });
});

test("counts a run that failed outside its tests as a failure", () => {
  leaveResults("@dlt/core", ["passed"], { success: false });
  expect(sumTestResults(folder, [])).toMatchObject({ passed: 1, failed: 1 });
});
