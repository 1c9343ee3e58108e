import { PackageError } from "@dlt/core";
import type { PipelineState } from "./state-document.js";

/** The state to go on with after a look at the destination. */
export interface RestoredState {
  readonly state: PipelineState;
  /** The state of the destination replaced the local one: all schemas have to be taken from there too. */
  readonly isTaken: boolean;
}

/**
 * Decides between the local state and that of the destination, which wins when it is as new or newer and differs.
 * Nothing is merged, except that local values and the name of the dataset stay those of this pipeline.
 * @throws PackageError `STATE_OF_OTHER_PIPELINE`
 */
export function restoredState(local: PipelineState, remote: PipelineState): RestoredState {
  const kept = { ...local.local, firstRun: false };
  if (remote.version < local.version || remote.versionHash === local.versionHash) {
    return { state: { ...local, local: kept }, isTaken: false };
  }
  if (remote.pipelineName !== local.pipelineName) {
    throw new PackageError(
      "STATE_OF_OTHER_PIPELINE",
      `The destination gave the state of pipeline \`${remote.pipelineName}\` for pipeline \`${local.pipelineName}\`. Nothing was changed.`,
      {
        hint: `Use another dataset, or name the pipeline \`${remote.pipelineName}\`.`,
        context: { pipelineName: local.pipelineName, found: remote.pipelineName },
      },
    );
  }
  return {
    state: {
      ...remote,
      datasetName: local.datasetName,
      local: { ...kept, lastExtractedHash: remote.versionHash },
    },
    isTaken: true,
  };
}
