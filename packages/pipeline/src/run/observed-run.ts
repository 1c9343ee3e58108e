import type { RunData } from "../extract/index.js";
import { type Hooked, hookedLoad } from "../hooks/hooked.js";
import type { DryRunInfo } from "../info/dry-run-info.js";
import { type LoadInfo, loadInfo } from "../info/load-info.js";
import { dryRunPipeline } from "./dry-run.js";
import { runObserver } from "./observe-runs.js";
import type { PipelineMemory } from "./operation.js";
import type { DryRunOptions, RunOptions } from "./pipeline-options.js";
import { runPipeline } from "./run-pipeline.js";

/** Runs, or shows what a run would do, as it is asked for here or by whoever follows the runs of the process. */
export async function observedRun(
  memory: PipelineMemory,
  run: {
    readonly data: RunData | undefined;
    readonly options: RunOptions | DryRunOptions;
    readonly hooked: Hooked;
  },
): Promise<LoadInfo | DryRunInfo> {
  const { data, options, hooked } = run;
  const observer = runObserver();
  if (options.dryRun !== true && observer?.dryRun === true) {
    const planned = await dryRunPipeline(memory, data ?? [], { ...options, dryRun: true });
    observer.onRun(planned);
    return loadOfNothing(planned);
  }
  const info =
    options.dryRun === true
      ? await dryRunPipeline(memory, data ?? [], options)
      : await hookedLoad(hooked, options, () => runPipeline(memory, data, options));
  observer?.onRun(info);
  return info;
}

/** What a program is told that asked for a run and got its plan. */
function loadOfNothing(planned: DryRunInfo): LoadInfo {
  const { pipeline, destinationType, destinationName, destinationDisplayableCredentials, datasetName } = planned;
  const { startedAt, finishedAt } = planned;
  return loadInfo({
    pipeline,
    loadsIds: [],
    loadPackages: [],
    metrics: {},
    firstRun: false,
    startedAt,
    finishedAt,
    isEmpty: true,
    destinationType,
    destinationName,
    destinationDisplayableCredentials,
    destinationFingerprint: "",
    environment: null,
    stagingType: null,
    stagingName: null,
    stagingDisplayableCredentials: null,
    datasetName,
  });
}
