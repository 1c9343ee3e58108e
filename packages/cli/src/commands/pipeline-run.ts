import type { Command } from "commander";
import { type Cli, type FactOptions, printsFacts, show } from "../cli.js";
import { withUsage } from "../pipeline/pipeline-command.js";
import { runProgram } from "../program/run-program.js";
import { runsReport } from "../program/runs-report.js";

interface RunOptions extends FactOptions {
  readonly profile?: string;
}

export function define(command: Command, cli: Cli): void {
  withUsage(printsFacts(command), "<file>")
    .argument("<file>", "a TypeScript or JavaScript file that runs pipelines")
    .argument("[arguments...]", "arguments of the program, behind --")
    .option("--profile <file>", "write what each step, resource, thread and job did when, for a browser's profiler")
    .addHelpText("after", help)
    .action(async (file: string, programArguments: readonly string[], options: RunOptions) => {
      const json = options.json === true;
      const { runs, exitCode, failure } = await runProgram(cli, {
        file,
        programArguments,
        isPlan: false,
        keepsOutput: json,
        profile: options.profile,
      });
      if (failure === null || runs.length > 0) show(cli, runsReport(runs, exitCode), options);
      if (failure !== null) throw failure.error;
    });
}

const help = `
TypeScript needs no build. Ctrl-C stops a run where it can be continued, and the exit code is then 75.
A profile can be opened at https://ui.perfetto.dev, at chrome://tracing and in Firefox's profiler.

Examples:
  $ dlt pipeline github.ts run -- --since 2024-01-01
  $ dlt pipeline github.ts run --profile run.json`;
