import type { DropPlan, DropSelection } from "@dlt/pipeline";
import type { Command } from "commander";
import { type Cli, show, tell } from "../cli.js";
import { CliError } from "../errors.js";
import { loadReport } from "../pipeline/load-report.js";
import {
  openPipeline,
  type PipelineOptions,
  type TargetOptions,
  takesPipeline,
  takesTarget,
} from "../pipeline/pipeline-command.js";
import { confirmed } from "../prompts.js";

interface DropOptions extends PipelineOptions, TargetOptions {
  readonly dropAll?: boolean;
  readonly statePaths?: readonly string[];
  readonly schema?: string;
  readonly stateOnly?: boolean;
  readonly yes?: boolean;
}

export function define(command: Command, cli: Cli): void {
  takesTarget(takesPipeline(command))
    .argument("[resources...]", "names of resources, or patterns such as re:repo_.*")
    .option("--drop-all", "all resources of the schema")
    .option("--state-paths <path...>", "keys of the state of the source to forget, e.g. repos.last_page")
    .option("--schema <name>", "schema whose resources are meant (default: the default schema)")
    .option("--state-only", "forget the state, and leave the tables as they are")
    .option("-y, --yes", "do not ask")
    .addHelpText("after", help)
    .action(async (name: string, resources: readonly string[], options: DropOptions) => {
      const selection = selectionOf(resources, options);
      await using pipeline = await openPipeline(name, options);
      const plan = pipeline.planDrop(selection);
      if (plan.isEmpty) throw nothingSelected(plan, name);
      tell(cli, dropText(plan, { dataset: pipeline.datasetName, destination: pipeline.state.destinationType }));
      await confirmed(cli, { question: "Do you want to apply these changes?", isAnswered: options.yes === true });
      show(cli, loadReport(await pipeline.dropResources(selection)), options);
    });
}

const help = `
The next run loads the resources from the beginning, into new tables. To give a run up that failed, see drop-pending-packages.`;

function selectionOf(resources: readonly string[], options: DropOptions): DropSelection {
  const { dropAll = false, statePaths = [], schema, stateOnly = false } = options;
  if (dropAll && resources.length > 0)
    throw new CliError(
      "CLI:ARGUMENT_INVALID",
      "Names of resources were given together with --drop-all. Nothing was dropped.",
      {
        hint: "Name the resources, or give --drop-all for all of them.",
      },
    );
  return {
    resources: dropAll ? "all" : resources,
    statePaths,
    stateOnly,
    ...(schema !== undefined && { schemaName: schema }),
  };
}

function nothingSelected({ knownResources, schemaName }: DropPlan, name: string): CliError {
  const known = knownResources.length === 0 ? "none" : knownResources.join(", ");
  return new CliError(
    "CLI:ARGUMENT_INVALID",
    `Nothing was selected to be dropped. Schema \`${schemaName}\` of pipeline \`${name}\` has these resources: ${known}.`,
    { hint: `Name some of them, or all with --drop-all. What there is: dlt pipeline ${name} info -v` },
  );
}

/** What is asked before it is dropped. */
export function dropText(
  plan: DropPlan,
  { dataset, destination }: { readonly dataset: string | null; readonly destination: string | null },
): string {
  const list = (names: readonly string[]): string => names.join(", ") || "none";
  return [
    `About to drop the following in dataset ${dataset ?? "?"} at destination ${destination ?? "?"}:`,
    `  Schema: ${plan.schemaName}`,
    `  Resources: ${list(plan.resources)}`,
    `  Tables to drop: ${list(plan.tables)}`,
    `    with rows at the destination: ${list(plan.tablesWithData)}`,
    `  Resources whose state is forgotten: ${list(plan.resourceStates)}`,
    `  Places in the state of the source: ${list(plan.statePaths)}`,
  ].join("\n");
}
