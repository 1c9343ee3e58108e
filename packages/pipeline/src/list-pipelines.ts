import { stat } from "node:fs/promises";
import { defaultRuntime, type PipelineRuntime } from "./runtime.js";
import { systemErrorCode } from "./workspace/storage-error.js";
import { pipelinesFolder, workingFolder, workingFolderNames } from "./workspace/working-folder.js";

/** Pipelines that have a state on this machine. */
export interface LocalPipelines {
  /** The folder that was searched, absolute. */
  readonly pipelinesDir: string;
  /** The one that ran last first. */
  readonly pipelines: readonly LocalPipeline[];
}

export interface LocalPipeline {
  readonly pipelineName: string;
  readonly workingDir: string;
  /** When its last call ended that left a trace; `null`: none did. */
  readonly lastRunAt: Date | null;
}

/** Lists the pipelines that ran on this machine. Reads nothing of them, so that one that is broken is listed too. */
export async function listPipelines(
  options: {
    /** Parent of the working folders. Default: `ts-pipelines` in the data folder. */
    readonly pipelinesDir?: string;
  } = {},
  runtime: PipelineRuntime = defaultRuntime(),
): Promise<LocalPipelines> {
  const place = { ...options, runtime };
  const pipelines: LocalPipeline[] = [];
  for (const pipelineName of await workingFolderNames(place)) {
    const folder = workingFolder({ ...place, pipelineName });
    pipelines.push({ pipelineName, workingDir: folder.path, lastRunAt: await changedAt(folder.tracePath) });
  }
  // The names are sorted already, and stay so where times are the same.
  pipelines.sort((one, other) => (other.lastRunAt?.getTime() ?? 0) - (one.lastRunAt?.getTime() ?? 0));
  return { pipelinesDir: pipelinesFolder(place), pipelines };
}

async function changedAt(path: string): Promise<Date | null> {
  try {
    return (await stat(path)).mtime;
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return null;
    throw error;
  }
}
