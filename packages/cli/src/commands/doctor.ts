import type { Command } from "commander";
import { type Cli, type FactOptions, printsFacts, show } from "../cli.js";
import { exitCodes } from "../exit-codes.js";

interface DoctorOptions extends FactOptions {
  readonly write: boolean;
  readonly pipelineName: string;
  readonly pipelinesDir?: string;
}

export function define(command: Command, cli: Cli): void {
  printsFacts(command)
    .argument("[destination]", "e.g. duckdb (default: the one that is configured)")
    .option("--pipeline-name <name>", "check with the settings of this pipeline", "dlt_doctor")
    .option("--pipelines-dir <folder>", "folder of pipelines (default: ts-pipelines in the data folder)")
    .option("--no-write", "do not try to make tables at the destination")
    .addHelpText("after", help)
    .action(async (destination: string | undefined, options: DoctorOptions) => {
      const { checkDataFolder, checkLocalFolder, checkNode } = await import("../doctor/check-machine.js");
      const { checkDestination } = await import("../doctor/check-destination.js");
      const { checksText } = await import("../doctor/check.js");
      const { pipelineName, write: mayWrite, pipelinesDir } = options;
      const checks = [
        checkNode(),
        await checkDataFolder(pipelinesDir),
        await checkLocalFolder(cli),
        ...(await checkDestination({ destination, pipelineName, mayWrite })),
      ];
      const hasFailed = checks.some(({ result }) => result === "failed");
      const exitCode = hasFailed ? exitCodes.failed : exitCodes.done;
      show(cli, { facts: checks, text: checksText(checks), exitCode }, options);
    });
}

const help = `
Privileges are tried with a dataset of its own, dlt_doctor_<random>, that is made, loaded and dropped again; --no-write leaves that out.
Each check that fails says what to do.`;
