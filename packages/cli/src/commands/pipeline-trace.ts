import type { Command } from "commander";
import { type Cli, show } from "../cli.js";
import { openPipeline, type PipelineOptions, takesPipeline } from "../pipeline/pipeline-command.js";

export function define(command: Command, cli: Cli): void {
  takesPipeline(command).action(async (name: string, options: PipelineOptions) => {
    await using pipeline = await openPipeline(name, options);
    const { lastTrace: trace } = pipeline;
    const text = trace === null ? `No run of pipeline ${name} left a trace.` : String(trace);
    show(cli, { facts: trace?.asDict() ?? null, text }, options);
  });
}
