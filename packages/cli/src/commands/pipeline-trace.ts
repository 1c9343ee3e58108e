import type { Command } from "commander";
import { type Cli, show } from "../cli.js";
import { openPipeline, type PipelineOptions, takesPipeline } from "../pipeline/pipeline-command.js";

interface TraceOptions extends PipelineOptions {
  readonly verbose?: boolean;
}

export function define(command: Command, cli: Cli): void {
  takesPipeline(command)
    .option("-v, --verbose", "tell also which settings were found where, without secrets, and the ids of spans")
    .action(async (name: string, options: TraceOptions) => {
      await using pipeline = await openPipeline(name, options);
      const { lastTrace: trace } = pipeline;
      const text =
        trace === null ? `No run of pipeline ${name} left a trace.` : trace.asStr(options.verbose === true ? 1 : 0);
      show(cli, { facts: trace?.asDict() ?? null, text }, options);
    });
}
