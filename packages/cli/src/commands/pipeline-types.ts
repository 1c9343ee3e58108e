import type { Command } from "commander";
import { type Cli, show } from "../cli.js";
import { openPipeline, type PipelineOptions, takesPipeline } from "../pipeline/pipeline-command.js";
import { typesReport } from "../schema/table-types.js";
import { schemaOf } from "./pipeline-schema.js";

interface TypesOptions extends PipelineOptions {
  readonly schema?: string;
}

export function define(command: Command, cli: Cli): void {
  takesPipeline(command)
    .option("--schema <name>", "which schema (default: the default schema)")
    .action(async (name: string, options: TypesOptions) => {
      await using pipeline = await openPipeline(name, options);
      show(cli, typesReport(schemaOf(pipeline, options.schema)), options);
    });
}
