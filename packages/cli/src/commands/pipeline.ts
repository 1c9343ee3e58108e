import type { Command } from "commander";
import { type Cli, type FactOptions, printsFacts, type Report, show } from "../cli.js";
import { addCommands } from "../command-entry.js";
import { CliError } from "../errors.js";
import { nearest } from "../nearest.js";
import { operationList } from "../pipeline/operation-list.js";
import { agoOf, countOf, momentOf } from "../text.js";

interface ListOptions extends FactOptions {
  readonly list?: boolean;
  readonly pipelinesDir?: string;
}

export async function define(command: Command, cli: Cli): Promise<void> {
  const [, called] = cli.args;
  if (called !== undefined && !called.startsWith("-")) checkOperation(called);
  printsFacts(command)
    .usage("[options] | <name> [operation] | <file> run")
    .option("-l, --list", "list the pipelines of this machine")
    .option("--pipelines-dir <folder>", "folder of pipelines (default: ts-pipelines in the data folder)")
    .helpCommand(false)
    // What stands behind an operation is its own, such as --json.
    .enablePositionalOptions()
    .addHelpText("after", help)
    .action(async (options: ListOptions) => show(cli, await listed(cli, options), options));
  await addCommands(command, operationList, { cli, called });
}

const help = `
The operation stands behind the name: dlt pipeline github info. Without one it is info; without a name pipelines are listed.
Each has help of its own: dlt pipeline github drop --help.`;

/** @throws CliError `CLI:ARGUMENT_INVALID` */
function checkOperation(called: string): void {
  const names = operationList.map(({ name }) => name);
  if (names.includes(called)) return;
  const near = nearest(called, names);
  throw new CliError("CLI:ARGUMENT_INVALID", `\`${called}\` is nothing that can be done with a pipeline.`, {
    hint: near.length > 0 ? `Did you mean ${near.join(" or ")}?` : `Choose one of ${names.join(", ")}.`,
  });
}

async function listed(cli: Cli, { pipelinesDir }: ListOptions): Promise<Report> {
  const { listPipelines } = await import("@dlt/pipeline");
  const found = await listPipelines(pipelinesDir === undefined ? {} : { pipelinesDir });
  const facts = {
    pipelines_dir: found.pipelinesDir,
    pipelines: found.pipelines.map(({ pipelineName, workingDir, lastRunAt }) => ({
      pipeline_name: pipelineName,
      working_dir: workingDir,
      last_run_at: lastRunAt?.toISOString() ?? null,
    })),
  };
  return { facts, text: listText(facts, cli.terminal.now()) };
}

interface ListFacts {
  readonly pipelines_dir: string;
  readonly pipelines: readonly { readonly pipeline_name: string; readonly last_run_at: string | null }[];
}

export function listText({ pipelines_dir: folder, pipelines }: ListFacts, now: Date): string {
  if (pipelines.length === 0) return `No pipelines found in ${folder}`;
  const lines = pipelines.map(({ pipeline_name: name, last_run_at: at }) => {
    const lastRun = at === null ? "never" : `${agoOf(new Date(at), now)}, ${momentOf(new Date(at))}`;
    return `${name} (last run: ${lastRun})`;
  });
  return [`${countOf(pipelines.length, "pipeline")} found in ${folder}`, ...lines].join("\n");
}
