import { DestinationError } from "@dlt/core";
import type { UncutResource } from "../extract/index.js";
import type { StopCause } from "../run/stop-request.js";
import { destinationText } from "./destination-text.js";
import { durationText, earliest } from "./duration.js";
import { jobMetrics, type LoadJobInfo, type LoadJobMetrics } from "./job-info.js";
import { type LoadPackageInfo, rejectedRows, rowCounts } from "./package-info.js";
import { packageLines, rejectLines, rowLines, schemaChangeLines } from "./package-text.js";
import { type Printable, printable } from "./printable.js";
import { snakeCase } from "./snake-case.js";
import { type StepInfo, stepDict } from "./step-info.js";

/** Where a load went. */
interface LoadTarget {
  /** Canonical, e.g. `dlt.destinations.duckdb`. */
  readonly destinationType: string;
  readonly destinationName: string;
  /** Location without secrets. */
  readonly destinationDisplayableCredentials: string;
  /** Hash of the server or bucket: the same for all loads to one, and none for local files. */
  readonly destinationFingerprint: string;
  /** As `environment` of the destination's settings says, e.g. `production`; `null`: it does not. */
  readonly environment: string | null;
  /** Canonical type, name and location without secrets of where load files were staged; `null`: nowhere. */
  readonly stagingType: string | null;
  readonly stagingName: string | null;
  readonly stagingDisplayableCredentials: string | null;
  /** Physical name; empty where the destination has none. */
  readonly datasetName: string;
}

/** The numbers of a package that was loaded. */
export interface LoadMetrics {
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  /** Physical name of the dataset that it went to. */
  readonly datasetName: string;
  readonly jobMetrics: Readonly<Record<string, LoadJobMetrics>>;
}

/** What loading did. */
export interface LoadInfo extends LoadFacts, Printable {
  /** @throws DestinationError `LOAD_JOBS_FAILED` when a job failed */
  raiseOnFailedJobs(): void;
}

export interface LoadFacts extends StepInfo, LoadTarget {
  /** By load id: jobs with their rows, bytes, times and attempts. */
  readonly metrics: Readonly<Record<string, readonly LoadMetrics[]>>;
  /** Rows by table, over all packages, without system tables. */
  readonly rowCounts: Readonly<Record<string, number>>;
  /** Rows that went to `_dlt_rejects`, over all packages. */
  readonly rejectedRows: number;
  readonly hasFailedJobs: boolean;
  /** The run stopped before its data had an end: another one goes on where this one stopped. */
  readonly canBeContinued: boolean;
  /** What stopped it; `null`: it came to its end. */
  readonly stoppedBy: StopCause | null;
  /** Resources that a run in epochs loaded as a whole, with the reason. */
  readonly uncutResources: readonly UncutResource[];
}

/** How a run in epochs ended. */
export interface RunOutcome {
  readonly stoppedBy: StopCause | null;
  readonly uncut: readonly UncutResource[];
}

/** What `loadInfo` is made from. */
export type LoadedPackages = StepInfo & LoadTarget & Pick<LoadFacts, "metrics">;

export function loadInfo(loaded: LoadedPackages, outcome: RunOutcome = { stoppedBy: null, uncut: [] }): LoadInfo {
  const { loadPackages } = loaded;
  const failed = loadPackages.flatMap((info) => info.jobs.failedJobs);
  const facts: LoadFacts = {
    ...loaded,
    rowCounts: rowCounts(loadPackages),
    rejectedRows: rejectedRows(loadPackages),
    hasFailedJobs: failed.length > 0,
    canBeContinued: outcome.stoppedBy !== null,
    stoppedBy: outcome.stoppedBy,
    uncutResources: outcome.uncut,
  };
  const raiseOnFailedJobs = (): void => {
    if (failed.length > 0) throw jobsFailed(failed);
  };
  Object.defineProperty(facts, "raiseOnFailedJobs", { value: raiseOnFailedJobs, enumerable: false });
  return printable(facts, { text: loadText, dict: loadDict }) as LoadFacts & Printable & { raiseOnFailedJobs(): void };
}

/** The numbers of a package that went to this dataset. */
export function loadMetrics({ jobs, completedAt }: LoadPackageInfo, datasetName: string): LoadMetrics {
  const metrics = [...jobs.completedJobs, ...jobs.failedJobs].flatMap((job) => jobMetrics(job) ?? []);
  return {
    startedAt: earliest(metrics.flatMap(({ startedAt }) => startedAt ?? [])) ?? completedAt,
    finishedAt: completedAt,
    datasetName,
    jobMetrics: Object.fromEntries(metrics.map((metric) => [metric.jobId, metric])),
  };
}

function jobsFailed(failed: readonly LoadJobInfo[]): DestinationError {
  const list = failed.map((job) => `\`${job.jobId}\`: ${job.failedMessage ?? ""}`).join("\n");
  return new DestinationError("LOAD_JOBS_FAILED", `${failed.length} load job(s) failed.\n${list}`, {
    hint: "Look at `info.loadPackages[…].jobs.failedJobs`; their load files are kept in the folders of the packages.",
    context: { failedJobs: failed.length, jobId: failed[0]?.jobId ?? null, table: failed[0]?.tableName ?? null },
  });
}

function loadText(info: LoadFacts): string {
  const { pipeline, destinationName } = info;
  const duration = durationText(info.startedAt, info.finishedAt);
  return [
    `Pipeline ${pipeline.pipelineName} load step completed in ${duration}`,
    `${info.loadsIds.length} load package(s) were loaded to ${destinationText(info)}`,
    ...(info.stagingName === null
      ? []
      : [
          `The ${info.stagingName} staging destination used ${info.stagingDisplayableCredentials} location to stage data`,
        ]),
    `The ${destinationName} destination used ${info.destinationDisplayableCredentials} location to store data`,
    ...info.loadPackages.flatMap(packageLines),
    ...rowLines(info.loadPackages),
    ...rejectLines(info.rejectedRows),
    ...schemaChangeLines(info.loadPackages),
    ...uncutLines(info.uncutResources),
    ...(info.stoppedBy === null ? [] : [`Stopped by ${info.stoppedBy}. Run it again to go on from here.`]),
  ].join("\n");
}

function uncutLines(resources: readonly UncutResource[]): readonly string[] {
  if (resources.length === 0) return [];
  return [
    "Loaded as a whole:",
    ...resources.map(({ source, resource, reason }) => `  ${source}.${resource}, because ${reason}`),
  ];
}

function loadDict(info: LoadFacts): Readonly<Record<string, unknown>> {
  const { stoppedBy, uncutResources } = info;
  return {
    ...stepDict(info),
    destination_type: info.destinationType,
    destination_name: info.destinationName,
    destination_displayable_credentials: info.destinationDisplayableCredentials,
    destination_fingerprint: info.destinationFingerprint,
    environment: info.environment,
    staging_type: info.stagingType,
    staging_name: info.stagingName,
    staging_displayable_credentials: info.stagingDisplayableCredentials,
    dataset_name: info.datasetName,
    has_failed_jobs: info.hasFailedJobs,
    can_be_continued: info.canBeContinued,
    ...(stoppedBy !== null && { stopped_by: stoppedBy }),
    ...(uncutResources.length > 0 && { uncut_resources: uncutResources.map(snakeCase) }),
    job_metrics: Object.entries(info.metrics).flatMap(([loadId, list]) =>
      list.flatMap((metrics) =>
        Object.values(metrics.jobMetrics).map((job) => ({ load_id: loadId, ...snakeCase(job) })),
      ),
    ),
  };
}

/** The info of a run with how it ended. */
export function withRunOutcome(info: LoadInfo, outcome: RunOutcome): LoadInfo {
  return loadInfo(info, outcome);
}

/** One info for two loads of a run, the earlier first. */
export function combineLoadInfo(first: LoadInfo, second: LoadInfo): LoadInfo {
  if (first.isEmpty) return second;
  return loadInfo({
    ...second,
    loadsIds: [...first.loadsIds, ...second.loadsIds],
    loadPackages: [...first.loadPackages, ...second.loadPackages],
    metrics: { ...first.metrics, ...second.metrics },
    firstRun: first.firstRun,
    startedAt: first.startedAt,
    isEmpty: false,
  });
}
