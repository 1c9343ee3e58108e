import { type DltError, isDltError, PackageError } from "@dlt/core";
import type { Pipeline } from "@dlt/pipeline";
import type { Command } from "commander";
import { type FactOptions, printsFacts } from "../cli.js";

/** Options of every command about one pipeline. */
export interface PipelineOptions extends FactOptions {
  readonly pipelinesDir?: string;
}

/** Where a pipeline loads to, for those that have nothing on this machine. */
export interface TargetOptions {
  readonly destination?: string;
  readonly datasetName?: string;
}

/** Declares the name of the pipeline and what all of these commands take. */
export function takesPipeline(command: Command): Command {
  return withUsage(printsFacts(command), "<name>")
    .argument("<name>", "name of the pipeline")
    .option("--pipelines-dir <folder>", "folder of pipelines (default: ts-pipelines in the data folder)");
}

/** Shows the name before the operation, as it is written. */
export function withUsage(command: Command, argument: string): Command {
  const rest = (): string =>
    command.registeredArguments
      .slice(1)
      .map((each) => (each.variadic ? `[${each.name()}...]` : `[${each.name()}]`))
      .join(" ");
  return command.configureHelp({
    showGlobalOptions: false,
    commandUsage: () => `dlt pipeline ${argument} ${command.name()} [options] ${rest()}`.trimEnd(),
  });
}

export function takesTarget(command: Command): Command {
  return command
    .option("--destination <name>", "where it loads to (default: as it did last, or as configured)")
    .option("--dataset-name <name>", "dataset that it loads into (default: that of the last run)");
}

/**
 * Opens a pipeline as it is. The caller closes it.
 * @throws PackageError `PIPELINE_NOT_FOUND`
 */
export async function openPipeline(name: string, options: PipelineOptions & TargetOptions): Promise<Pipeline> {
  const { attach } = await import("@dlt/pipeline");
  const { pipelinesDir, destination, datasetName } = options;
  try {
    return await attach(name, {
      ...(pipelinesDir !== undefined && { pipelinesDir }),
      ...(destination !== undefined && { destination }),
      ...(datasetName !== undefined && { datasetName }),
    });
  } catch (error) {
    throw isDltError(error) && error.code === "PIPELINE_NOT_FOUND" ? notFound(name, error) : error;
  }
}

/** The library's hint is for programs. */
function notFound(name: string, cause: DltError): PackageError {
  return new PackageError("PIPELINE_NOT_FOUND", cause.message, {
    hint: `See which there are: dlt pipeline --list. One that ran elsewhere: dlt pipeline ${name} sync --destination <name> --dataset-name <name>`,
    context: cause.context,
    cause,
  });
}
