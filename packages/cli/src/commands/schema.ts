import { type Command, Option } from "commander";
import { type Cli, type FactOptions, printsFacts, show } from "../cli.js";
import { schemaFromFile } from "../schema/schema-from-file.js";
import { type SchemaFormat, schemaFormats, schemaReport } from "../schema/schema-report.js";

interface SchemaOptions extends FactOptions {
  readonly format: SchemaFormat;
}

export function define(command: Command, cli: Cli): void {
  printsFacts(command)
    .argument("<file>", "a schema file: .yaml or .json")
    .addOption(new Option("--format <format>", "form of the output").choices(schemaFormats).default("yaml"))
    .addHelpText("after", "\nThe schema of a pipeline: dlt pipeline <name> schema")
    .action(async (file: string, options: SchemaOptions) => {
      const { document, view } = await schemaFromFile(cli, file);
      show(cli, await schemaReport(view, options.format, document), options);
    });
}
