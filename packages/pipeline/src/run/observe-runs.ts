import { PackageError } from "@dlt/core";
import type { DryRunInfo } from "../info/dry-run-info.js";
import type { LoadInfo } from "../info/load-info.js";
import { type ProfileFile, profileFile } from "../profile/profile-file.js";
import type { PipelineContext } from "./pipeline-context.js";

/** Follows the runs of a program from outside of it, as a command line does that starts the program. */
export interface RunObserver {
  /**
   * Each `run` only shows what it would do, and gives the program the info of a load of nothing. Calls of pipelines that would change
   * something are refused with `PIPELINE_DRY_RUN_ONLY`. Default: false.
   */
  readonly dryRun?: boolean;
  /** File that a profile of all calls is written to, relative to the current folder. Default: no profile. */
  readonly profile?: string;
  /** Told of each run that came to its end, also one that stopped before. One that fails tells its caller. */
  onRun(info: LoadInfo | DryRunInfo): void;
}

let observer: RunObserver | null = null;
let observedProfile: ProfileFile | null = null;

/** Follows all runs of this process, from now on; `null`: no longer. */
export function observeRuns(given: RunObserver | null): void {
  observer = given;
  observedProfile = given?.profile === undefined ? null : profileFile(given.profile, process.cwd());
}

export function runObserver(): RunObserver | null {
  return observer;
}

/** Where the profile of a call goes: where it was asked to, or where that of all calls goes. */
export function profileOf(given: string | undefined, { runtime }: PipelineContext): ProfileFile | null {
  return given === undefined ? observedProfile : profileFile(given, runtime.cwd);
}

/** @throws PackageError `PIPELINE_DRY_RUN_ONLY` */
export function refuseInDryRun({ pipelineName }: PipelineContext): void {
  if (observer?.dryRun !== true) return;
  throw new PackageError(
    "PIPELINE_DRY_RUN_ONLY",
    `The program asked pipeline \`${pipelineName}\` for more than a run while runs are only planned. Nothing was changed.`,
    {
      hint: "Plan programs that call `run`, and nothing else, of their pipelines; or call `run(data, { dryRun: true })` in the program.",
      context: { pipelineName },
    },
  );
}
