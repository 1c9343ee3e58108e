import type { Command } from "commander";
import { type Cli, show } from "../cli.js";
import { loadReport } from "../pipeline/load-report.js";
import { openPipeline, type PipelineOptions, takesPipeline } from "../pipeline/pipeline-command.js";

export function define(command: Command, cli: Cli): void {
  takesPipeline(command).action(async (name: string, options: PipelineOptions) => {
    await using pipeline = await openPipeline(name, options);
    show(cli, loadReport(await pipeline.retryFailed()), options);
  });
}
