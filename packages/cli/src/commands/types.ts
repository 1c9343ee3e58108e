import type { Command } from "commander";
import { type Cli, printsFacts, show } from "../cli.js";
import { openPipeline, type PipelineOptions } from "../pipeline/pipeline-command.js";
import { isSchemaFile, schemaFromFile } from "../schema/schema-from-file.js";
import { typesReport } from "../schema/table-types.js";
import { schemaOf } from "./pipeline-schema.js";

interface TypesOptions extends PipelineOptions {
  readonly schema?: string;
}

export function define(command: Command, cli: Cli): void {
  printsFacts(command)
    .argument("<pipeline or file>", "name of a pipeline, or path of a schema file")
    .option("--schema <name>", "which schema of the pipeline (default: the default schema)")
    .option("--pipelines-dir <folder>", "folder of pipelines (default: ts-pipelines in the data folder)")
    .addHelpText("after", "\nExample: dlt types github > github.d.ts")
    .action(async (of: string, options: TypesOptions) => {
      if (isSchemaFile(of)) return show(cli, typesReport((await schemaFromFile(cli, of)).view), options);
      await using pipeline = await openPipeline(of, options);
      show(cli, typesReport(schemaOf(pipeline, options.schema)), options);
    });
}
