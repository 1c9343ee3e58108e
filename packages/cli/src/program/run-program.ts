import { existsSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { isDltError } from "@dlt/core";
import type { DryRunInfo, LoadInfo, observeRuns } from "@dlt/pipeline";
import type { Cli } from "../cli.js";
import { CliError } from "../errors.js";
import { programFailed } from "./program-failed.js";

export interface ProgramOptions {
  /** Path of the program, from the current folder. */
  readonly file: string;
  readonly programArguments: readonly string[];
  /** Its runs only show what they would do. */
  readonly isPlan: boolean;
  /** What the program prints goes to the standard error, so that the standard output is ours alone. */
  readonly keepsOutput: boolean;
  /** File that a profile of its calls is written to. Default: none. */
  readonly profile?: string | undefined;
}

/** How a program went. */
export interface ProgramResult {
  /** What its pipelines ran, in the order in which they ended. */
  readonly runs: readonly (LoadInfo | DryRunInfo)[];
  /** That the program set itself; 0: it did not. */
  readonly exitCode: number;
  /** `null`: it came to its end. */
  readonly failure: { readonly error: unknown } | null;
}

/**
 * Runs a program in this process, as if Node had been started with it, and follows what its pipelines run. TypeScript is read as it is.
 * @throws CliError `CLI:PROGRAM_NOT_FOUND`, `CLI:PIPELINE_NOT_INSTALLED`
 */
export async function runProgram(cli: Cli, options: ProgramOptions): Promise<ProgramResult> {
  const path = programPath(cli, options.file);
  const runs: (LoadInfo | DryRunInfo)[] = [];
  const { observeRuns } = await libraryOf(path);
  // Once the library is there: what is imported from then on goes through another thread.
  if (isTypeScript(path)) await readTypeScript();
  const { profile } = options;
  observeRuns({
    dryRun: options.isPlan,
    ...(profile !== undefined && { profile: resolve(cli.terminal.cwd, profile) }),
    onRun: (info) => void runs.push(info),
  });
  process.argv = [process.argv[0] ?? "node", path, ...options.programArguments];
  const restoreOutput = options.keepsOutput ? divertOutput() : () => undefined;
  try {
    await untilItEnds(path);
    return { runs, exitCode: Number(process.exitCode ?? 0), failure: null };
  } catch (error) {
    return { runs, exitCode: 1, failure: { error: isDltError(error) ? error : programFailed(error, path) } };
  } finally {
    restoreOutput();
    observeRuns(null);
  }
}

function programPath({ terminal }: Cli, file: string): string {
  const path = resolve(terminal.cwd, file);
  if (existsSync(path) && statSync(path).isFile()) return path;
  throw new CliError("CLI:PROGRAM_NOT_FOUND", `There is no program \`${path}\`.`, {
    hint: "Give the path of a TypeScript or JavaScript file, from the current folder; the name of a pipeline is not enough.",
  });
}

/** The library that the program itself will import: another copy knows nothing of its pipelines. */
async function libraryOf(path: string): Promise<{ readonly observeRuns: typeof observeRuns }> {
  let entry: string;
  try {
    entry = createRequire(path).resolve("@dlt/pipeline");
  } catch (error) {
    throw new CliError("CLI:PIPELINE_NOT_INSTALLED", `\`@dlt/pipeline\` is not installed where \`${path}\` is.`, {
      hint: "Install it in the folder of the program: npm install @dlt/pipeline",
      cause: error,
    });
  }
  const library = (await import(pathToFileURL(entry).href)) as { readonly observeRuns?: typeof observeRuns };
  if (library.observeRuns !== undefined) return { observeRuns: library.observeRuns };
  throw new CliError("CLI:PIPELINE_NOT_INSTALLED", "The `@dlt/pipeline` of the program is older than this command.", {
    hint: "Install the same version of `@dlt/cli` and `@dlt/pipeline`.",
  });
}

function isTypeScript(path: string): boolean {
  return [".ts", ".tsx", ".mts", ".cts"].includes(extname(path));
}

/** From now on files in TypeScript can be imported. Types are taken off, not checked. */
async function readTypeScript(): Promise<void> {
  const { register } = await import("tsx/esm/api");
  register();
}

/** Imports the program and waits for all that it started; fails with what it throws anywhere. */
async function untilItEnds(path: string): Promise<void> {
  let stopWatching = (): void => undefined;
  const failed = new Promise<never>((_, reject) => {
    // Promises that nobody waits for end up here, too.
    process.on("uncaughtException", reject);
    stopWatching = () => void process.off("uncaughtException", reject);
  });
  const idle = new Promise<void>((settle) => {
    process.once("beforeExit", () => settle());
  });
  await Promise.race([import(pathToFileURL(path).href), failed]);
  // What it began without waiting for it goes on; once nothing is left to do, Node says so.
  await Promise.race([idle, failed]);
  // A program that failed stays watched: what it throws after that is nothing new.
  stopWatching();
}

function divertOutput(): () => void {
  const { stdout, stderr } = process;
  const write = stdout.write;
  stdout.write = stderr.write.bind(stderr) as typeof stdout.write;
  return () => {
    stdout.write = write;
  };
}
