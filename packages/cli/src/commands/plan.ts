import type { Command } from "commander";
import { type Cli, type FactOptions, printsFacts, show } from "../cli.js";
import { CliError } from "../errors.js";
import { runProgram } from "../program/run-program.js";
import { runsReport } from "../program/runs-report.js";

export function define(command: Command, cli: Cli): void {
  printsFacts(command)
    .argument("<file>", "a TypeScript or JavaScript file that runs pipelines")
    .argument("[arguments...]", "arguments of the program, behind --")
    .addHelpText("after", help)
    .action(async (file: string, programArguments: readonly string[], options: FactOptions) => {
      const { runs, exitCode, failure } = await runProgram(cli, {
        file,
        programArguments,
        isPlan: true,
        keepsOutput: true,
      });
      if (runs.length > 0) show(cli, runsReport(runs, exitCode), options);
      if (failure !== null) throw failure.error;
      if (runs.length === 0)
        throw new CliError("CLI:PROGRAM_WITHOUT_RUN", `\`${file}\` came to its end, and none of its pipelines ran.`, {
          hint: "Call `run` of a pipeline in the file.",
        });
    });
}

const help = `
The program is started, and its sources are read, but each run of a pipeline only shows what it would do: rows, new tables and columns,
statements. Calls that would change something else, such as drop or sqlClient, are refused. What the program prints goes to the
standard error.`;
