import { type Destination, PackageError } from "@dlt/core";
import { openPipeline, type Pipeline } from "./pipeline.js";
import { initialState } from "./run/claimed-pipeline.js";
import { readLocalDocuments } from "./run/local-documents.js";
import { type PipelineContext, pipelineContext } from "./run/pipeline-context.js";
import type { StepOptions } from "./run/pipeline-options.js";
import { findTarget } from "./run/target.js";
import { defaultRuntime, type PipelineRuntime } from "./runtime.js";
import type { PipelineState } from "./state/state-document.js";

export interface AttachOptions extends StepOptions {
  /** Parent of the working folder. Default: `ts-pipelines` in the data folder. */
  readonly pipelinesDir?: string;
  /** Default: that of the state, or of the configuration. */
  readonly destination?: string | Destination;
  /** Where load files are staged; `null`: nowhere. Default: that of the state, or of the configuration. */
  readonly staging?: string | Destination | null;
  /** Default: that of the state. */
  readonly datasetName?: string;
}

/**
 * Opens a pipeline that ran before, as it is, also one that ran in `devMode`. Where it has no working folder, state and schemas are
 * taken from the destination.
 * @throws PackageError `PIPELINE_NOT_FOUND` when it has never run, here or there
 */
export async function attach(
  pipelineName: string,
  options: AttachOptions = {},
  runtime: PipelineRuntime = defaultRuntime(),
): Promise<Pipeline> {
  const { signal, waitMs, ...given } = options;
  const { destination, staging } = given;
  const context = pipelineContext({ pipelineName, ...given }, runtime);
  const local = readLocalDocuments(context.folder);
  if (local !== null)
    return openPipeline(asItWas(context, local.state, given.datasetName), { destination, staging, isWiped: true });
  const made = openPipeline(asItWas(context, initialState(context), given.datasetName), {
    destination,
    staging,
    isWiped: true,
  });
  const isKnown = await findTarget(context, { destination, credentials: undefined }, initialState(context));
  if (isKnown === null) throw notFound(context, "no destination is known");
  try {
    await made.sync({ ...(signal && { signal }), ...(waitMs !== undefined && { waitMs }) });
  } catch (error) {
    await made.drop();
    throw error;
  }
  if (!made.firstRun) return made;
  await made.drop();
  throw notFound(context, "its destination has no state of it");
}

/** The context of a pipeline that stays what it is: in `devMode` or not, with the dataset of its state. */
function asItWas(
  context: PipelineContext,
  { local, datasetName }: PipelineState,
  givenDataset: string | undefined,
): PipelineContext {
  const { datasetName: configured, ...settings } = context.settings;
  const name = givenDataset ?? (datasetName === null ? configured : undefined);
  return {
    ...context,
    settings: { ...settings, datasetName: name, devMode: local.devMode },
    // The name in the state ends with the time already.
    devSuffix: local.devMode ? "" : null,
  };
}

function notFound({ pipelineName, folder }: PipelineContext, reason: string): PackageError {
  return new PackageError(
    "PIPELINE_NOT_FOUND",
    `Pipeline \`${pipelineName}\` has no state in \`${folder.path}\`, and ${reason}.`,
    {
      hint: "Give `pipelinesDir`, or the destination and the dataset that it loads into; `pipeline()` makes a new one.",
      context: { pipelineName, path: folder.path },
    },
  );
}
