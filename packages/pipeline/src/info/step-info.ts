import { type LoadPackageInfo, packageDict } from "./package-info.js";

/** What every step tells. */
export interface StepInfo {
  readonly pipeline: { readonly pipelineName: string };
  /** Load ids of the packages that the step worked on, oldest first. */
  readonly loadsIds: readonly string[];
  readonly loadPackages: readonly LoadPackageInfo[];
  /** The pipeline had not loaded anything before. */
  readonly firstRun: boolean;
  /** `null` when the step had nothing to do. */
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  /** True when the step worked on no package. */
  readonly isEmpty: boolean;
}

/** The part of `asDict` that all steps share. */
export function stepDict(info: StepInfo): Readonly<Record<string, unknown>> {
  const { pipeline, loadsIds, loadPackages, firstRun, startedAt, finishedAt } = info;
  return {
    pipeline: { pipeline_name: pipeline.pipelineName },
    loads_ids: loadsIds,
    load_packages: loadPackages.map(packageDict),
    first_run: firstRun,
    ...(startedAt !== null && { started_at: startedAt, finished_at: finishedAt }),
  };
}
