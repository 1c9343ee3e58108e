import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import type { Breakage } from "./broken/breakage.js";
import { memoryBreakages } from "./broken/breakages.js";
import { duckdbBreakages } from "./broken/duckdb-breakages.js";

const exception = { name: "nothing wrong, with an exception", test: "a long state is kept" } as const;

/** Files of broken destinations, and which of their tests are run: of each destination those that are to notice something. */
const runs = [
  {
    file: "test/broken/memory.broken.test.ts",
    tests: [...memoryBreakages.map(noticing), `^conformance of ${escaped(exception.name)} `],
  },
  { file: "test/broken/duckdb.broken.test.ts", tests: duckdbBreakages.map(noticing) },
];

/** Names of the failed tests by the name of the destination. */
const failed = new Map<string, readonly string[]>();

beforeAll(async () => {
  for (const { file, tests } of runs)
    for (const [destination, titles] of await failedTests(file, tests)) failed.set(destination, titles);
}, 240_000);

test("there are mistakes enough", () => {
  expect(memoryBreakages.length).toBeGreaterThanOrEqual(8);
});

test.each([...memoryBreakages, ...duckdbBreakages])("a destination that $name is found out", ({ name, noticedBy }) => {
  expect(failed.get(`conformance of ${name}`)).toEqual(expect.arrayContaining([...noticedBy]));
});

test("an exception that is not needed fails, and nothing else", () => {
  expect(failed.get(`conformance of ${exception.name}`)).toEqual([`${exception.test} (exception: none)`]);
});

/** Runs the tests of a file whose names, behind those of their destinations and areas, fit, with vitest in a process of its own. */
async function failedTests(file: string, tests: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const folder = await mkdtemp(join(tmpdir(), "dlt-broken-"));
  try {
    const outputFile = join(folder, "results.json");
    const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
    const args = [vitest, "run", "--config", "../../vitest.config.ts", "--mode", "broken"];
    args.push("--testNamePattern", tests.join("|"), "--reporter", "json", "--outputFile", outputFile, file);
    const env = { ...process.env, DLT_TEST_RESULTS: undefined };
    await new Promise<void>((resolve) => {
      execFile(process.execPath, args, { cwd: fileURLToPath(new URL("..", import.meta.url)), env }, () => resolve());
    });
    return failedByDestination(JSON.parse(await readFile(outputFile, "utf8")) as Results);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function noticing({ name, noticedBy }: Breakage): string {
  return `^conformance of ${escaped(name)} .*(${noticedBy.map(escaped).join("|")})$`;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
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
