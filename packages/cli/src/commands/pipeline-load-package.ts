import type { Pipeline } from "@dlt/pipeline";
import type { Command } from "commander";
import { type Cli, show } from "../cli.js";
import { CliError } from "../errors.js";
import { loadPackageFacts } from "../facts/load-package-facts.js";
import { loadPackageText } from "../pipeline/load-package-text.js";
import { openPipeline, type PipelineOptions, takesPipeline } from "../pipeline/pipeline-command.js";

export function define(command: Command, cli: Cli): void {
  takesPipeline(command)
    .argument("[load-id]", "id of the package (default: the one that waits longest, else the last that was loaded)")
    .action(async (name: string, loadId: string | undefined, options: PipelineOptions) => {
      await using pipeline = await openPipeline(name, options);
      const facts = loadPackageFacts(await pipeline.getLoadPackageInfo(loadId ?? (await defaultPackage(pipeline))));
      show(cli, { facts, text: loadPackageText(facts) }, options);
    });
}

async function defaultPackage(pipeline: Pipeline): Promise<string> {
  const [pending] = [...(await pipeline.listNormalizedLoadPackages()), ...(await pipeline.listExtractedLoadPackages())];
  const found = pending ?? (await pipeline.listCompletedLoadPackages()).at(-1);
  if (found !== undefined) return found;
  throw new CliError("CLI:ARGUMENT_INVALID", `Pipeline \`${pipeline.pipelineName}\` has no load packages.`, {
    hint: "Run the pipeline: each load makes a package.",
  });
}
