import type { Pipeline, SchemaView } from "@dlt/pipeline";
import { type Command, Option } from "commander";
import { type Cli, show } from "../cli.js";
import { CliError } from "../errors.js";
import { openPipeline, type PipelineOptions, takesPipeline } from "../pipeline/pipeline-command.js";
import { type SchemaFormat, schemaFormats, schemaReport } from "../schema/schema-report.js";

interface SchemaOptions extends PipelineOptions {
  readonly format: SchemaFormat;
  readonly schema?: string;
}

export function define(command: Command, cli: Cli): void {
  takesPipeline(command)
    .addOption(new Option("--format <format>", "form of the output").choices(schemaFormats).default("yaml"))
    .option("--schema <name>", "which schema (default: the default schema)")
    .action(async (name: string, options: SchemaOptions) => {
      await using pipeline = await openPipeline(name, options);
      show(cli, await schemaReport(schemaOf(pipeline, options.schema), options.format), options);
    });
}

/** @throws CliError `CLI:ARGUMENT_INVALID` */
export function schemaOf(pipeline: Pipeline, name: string | undefined): SchemaView {
  const schema = name === undefined ? pipeline.defaultSchema : pipeline.schemas[name];
  if (schema !== null && schema !== undefined) return schema;
  const { pipelineName, schemaNames } = pipeline;
  if (schemaNames.length === 0)
    throw new CliError("CLI:ARGUMENT_INVALID", `Pipeline \`${pipelineName}\` has no schema yet.`, {
      hint: `Run the pipeline first, or take what is at its destination: dlt pipeline ${pipelineName} sync`,
    });
  throw new CliError("CLI:ARGUMENT_INVALID", `Pipeline \`${pipelineName}\` has no schema \`${name}\`.`, {
    hint: `Choose one of ${schemaNames.join(", ")}.`,
  });
}
