import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { repositoryRoot } from "../src/workspace.js";
import type { BenchCase } from "./bench-case.js";
import { datasetFile } from "./dataset-file.js";
import { type Measurement, median } from "./measure.js";
import { measureLoad } from "./measure-load.js";
import { printHeading, printRun } from "./report.js";
import type { CaseOptions } from "./run-case.js";

export interface ComparisonOptions extends CaseOptions {
  /** Loads with the packages of the commit. */
  readonly program: URL;
}

const ownProgram = new URL("load.js", import.meta.url);

/** Calls `use` with the program that loads with the packages as they are in a commit, which are built for it and removed after. */
export async function withProgramOf(commit: string, use: (program: URL) => Promise<void>): Promise<void> {
  const parent = mkdtempSync(join(tmpdir(), "dlt-bench-"));
  const folder = join(parent, "repository");
  // An interrupt ends the programs that are running; this one goes on until what it made is removed.
  const goOn = (): void => undefined;
  process.on("SIGINT", goOn);
  try {
    await run("git", ["worktree", "add", "--detach", "--quiet", folder, commit], repositoryRoot);
    try {
      await use(await builtProgram(folder));
    } finally {
      await run("git", ["worktree", "remove", "--force", folder], repositoryRoot);
    }
  } finally {
    rmSync(parent, { recursive: true, force: true });
    process.off("SIGINT", goOn);
  }
}

/** Builds the packages of a worktree, and puts the program beside them. */
async function builtProgram(folder: string): Promise<URL> {
  const pnpm = (...args: readonly string[]) => run("npx", ["--yes", "pnpm@10", ...args], folder);
  await pnpm("install", "--frozen-lockfile", "--prefer-offline", "--silent");
  const packages = ["--filter=@dlt/pipeline", "--filter=@dlt/destination-duckdb"];
  await pnpm("exec", "turbo", "run", "build", ...packages, "--output-logs=errors-only");
  // The program is this one's, so that both do the same and a commit need not know of it.
  const program = join(folder, "tooling", "dist", "load.js");
  mkdirSync(join(program, ".."), { recursive: true });
  copyFileSync(fileURLToPath(ownProgram), program);
  return pathToFileURL(program);
}

/** Loads the dataset of a case with the packages of a commit and with those that are here, in turn, and prints the ratios. */
export async function compareCase(benchCase: BenchCase, commit: string, options: ComparisonOptions): Promise<void> {
  const { cache, rowCount, runCount, program } = options;
  const dataset = benchCase.dataset(rowCount);
  const input = await datasetFile(cache, dataset);
  printHeading(benchCase.name, dataset, input);
  const ratios: { readonly cpu: number; readonly wall: number }[] = [];
  for (let pair = 1; pair <= runCount; pair++) {
    const before = await load(program);
    printRun(`${commit}, ${pair}`, rowCount, before);
    const here = await load(ownProgram);
    printRun(`here, ${pair}`, rowCount, here);
    ratios.push({ cpu: here.cpuSeconds / before.cpuSeconds, wall: here.wallSeconds / before.wallSeconds });
  }
  for (const [index, { cpu, wall }] of ratios.entries())
    console.log(`here, times ${commit}, ${index + 1}: ${cpu.toFixed(3)} CPU, ${wall.toFixed(3)} wall`);
  const cpu = median(ratios.map((ratio) => ratio.cpu));
  const wall = median(ratios.map((ratio) => ratio.wall));
  console.log(`here, times ${commit}, median: ${cpu.toFixed(3)} CPU, ${wall.toFixed(3)} wall`);

  async function load(program: URL): Promise<Measurement> {
    const folder = mkdtempSync(join(cache, "run-"));
    try {
      return await measureLoad({ program, input, table: benchCase.name, folder });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

async function run(command: string, args: readonly string[], cwd: string): Promise<void> {
  const child = spawn(command, args, { cwd, stdio: ["ignore", "inherit", "inherit"] });
  const [exitCode] = (await once(child, "exit")) as [number | null];
  if (exitCode !== 0) throw new Error(`\`${command} ${args.join(" ")}\` ended with exit code ${exitCode}.`);
}
