import type { Command } from "commander";
import { type Cli, show } from "../cli.js";
import { pipelineFacts } from "../facts/pipeline-facts.js";
import { infoText } from "../pipeline/info-text.js";
import { openPipeline, type PipelineOptions, takesPipeline } from "../pipeline/pipeline-command.js";

interface InfoOptions extends PipelineOptions {
  readonly verbose?: boolean;
}

export function define(command: Command, cli: Cli): void {
  takesPipeline(command)
    .option("-v, --verbose", "show the state of sources, and the tables of each resource")
    .action(async (name: string, options: InfoOptions) => {
      await using pipeline = await openPipeline(name, options);
      const facts = await pipelineFacts(pipeline);
      show(cli, { facts, text: infoText(facts, { isVerbose: options.verbose === true }) }, options);
    });
}
