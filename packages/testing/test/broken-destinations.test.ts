import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { breakages } from "./broken/breakages.js";

/** Names of the failed tests by the name of the destination. */
let failed: ReadonlyMap<string, readonly string[]>;

beforeAll(async () => {
  failed = await failedTests("test/broken/all.broken.test.ts");
}, 240_000);

test("there are mistakes enough", () => {
  expect(breakages.length).toBeGreaterThanOrEqual(8);
});

test.each(breakages)("a destination that $name is found out", ({ name, noticedBy }) => {
  expect(failed.get(`conformance of ${name}`)).toContain(noticedBy);
});

test("an exception that is not needed fails, and nothing else", () => {
  expect(failed.get("conformance of nothing wrong, with an exception")).toEqual([
    "a long state is kept (exception: none)",
  ]);
});

/** Runs a file of tests with vitest in a process of its own. */
async function failedTests(file: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const folder = await mkdtemp(join(tmpdir(), "dlt-broken-"));
  try {
    const outputFile = join(folder, "results.json");
    const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
    const args = [vitest, "run", "--root", ".", "--config", "../../vitest.config.ts", "--mode", "broken"];
    args.push("--reporter", "json", "--outputFile", outputFile, file);
    const env = { ...process.env, DLT_TEST_RESULTS: undefined };
    await new Promise<void>((resolve) => {
      execFile(process.execPath, args, { cwd: fileURLToPath(new URL("..", import.meta.url)), env }, () => resolve());
    });
    return failedByDestination(JSON.parse(await readFile(outputFile, "utf8")) as Results);
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface Results {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[];
      readonly title: string;
      readonly status: string;
    }[];
  }[];
}

function failedByDestination({ testResults }: Results): ReadonlyMap<string, readonly string[]> {
  const byName = new Map<string, string[]>();
  for (const { ancestorTitles, title, status } of testResults.flatMap(({ assertionResults }) => assertionResults)) {
    const [destination = ""] = ancestorTitles;
    const titles = byName.get(destination) ?? [];
    byName.set(destination, titles);
    if (status === "failed") titles.push(title);
  }
  return byName;
}
