import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Pipeline } from "@dlt/pipeline";
import type { Command } from "commander";
import { type Cli, type Report, show, tell } from "../cli.js";
import { packageFacts, pipelineFacts } from "../facts/pipeline-facts.js";
import { infoText, packagesLines } from "../pipeline/info-text.js";
import {
  openPipeline,
  type PipelineOptions,
  type TargetOptions,
  takesPipeline,
  takesTarget,
} from "../pipeline/pipeline-command.js";
import { asked, confirmed } from "../prompts.js";

interface SyncOptions extends PipelineOptions, TargetOptions {
  readonly yes?: boolean;
}

export function define(command: Command, cli: Cli): void {
  takesTarget(takesPipeline(command))
    .option("-y, --yes", "do not ask")
    .action(async (name: string, options: SyncOptions) => show(cli, await replaceLocal(cli, name, options), options));
}

/** Drops what is local and takes everything from the destination, once it is certain that it is there. */
async function replaceLocal(cli: Cli, name: string, options: SyncOptions): Promise<Report> {
  const { target, local } = await localTarget(cli, name, options);
  await tryElsewhere(name, target);
  if (local !== null) {
    await using pipeline = local;
    const packages = await packageFacts(pipeline);
    const isPending = packages.extracted.length + packages.normalized.length > 0;
    if (isPending)
      tell(
        cli,
        packagesLines({ ...packages, completed: [] }, name)
          .join("\n")
          .trimStart(),
      );
    const lost = isPending
      ? ", and the packages above are lost: their rows are fetched again only where the state says so"
      : "";
    const question = `Replace state and schemas of pipeline ${name} by those of the destination? What is local is dropped${lost}.`;
    await confirmed(cli, { question, isAnswered: options.yes === true });
    await pipeline.drop();
  }
  await using synced = await openPipeline(name, { ...options, ...target });
  const facts = await pipelineFacts(synced);
  return {
    facts,
    text: `State and schemas were taken from the destination.\n${infoText(facts, { isVerbose: false })}`,
  };
}

/** The pipeline on this machine, and where it loads to; options win. */
async function localTarget(
  cli: Cli,
  name: string,
  options: SyncOptions,
): Promise<{ readonly target: TargetOptions; readonly local: Pipeline | null }> {
  const given = {
    ...(options.destination !== undefined && { destination: options.destination }),
    ...(options.datasetName !== undefined && { datasetName: options.datasetName }),
  };
  const { listPipelines } = await import("@dlt/pipeline");
  const place = options.pipelinesDir === undefined ? {} : { pipelinesDir: options.pipelinesDir };
  const { pipelines } = await listPipelines(place);
  if (!pipelines.some(({ pipelineName }) => pipelineName === name))
    return { target: cli.terminal.isInteractive ? await askedTarget(cli, given) : given, local: null };
  const local = await openPipeline(name, options);
  const { destinationName, destinationType, datasetName } = local.state;
  const destination = destinationName ?? destinationType;
  const known = { ...(destination !== null && { destination }), ...(datasetName !== null && { datasetName }) };
  return { target: { ...known, ...given }, local };
}

async function askedTarget(cli: Cli, { destination, datasetName }: TargetOptions): Promise<TargetOptions> {
  return {
    destination: await asked(cli, {
      question: "Which destination did it load to, e.g. duckdb?",
      given: destination,
      flag: "--destination",
    }),
    datasetName: await asked(cli, { question: "Into which dataset?", given: datasetName, flag: "--dataset-name" }),
  };
}

/** Opens it from the destination in a folder that is thrown away, so that what is local stays when that fails. */
async function tryElsewhere(name: string, target: TargetOptions): Promise<void> {
  const pipelinesDir = await mkdtemp(join(tmpdir(), "dlt-sync-"));
  try {
    await using tried = await openPipeline(name, { ...target, pipelinesDir });
    void tried;
  } finally {
    await rm(pipelinesDir, { recursive: true, force: true });
  }
}
