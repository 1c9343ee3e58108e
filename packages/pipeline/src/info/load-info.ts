import { DestinationError } from "@dlt/core";
import type { UncutResource } from "../extract/index.js";
import type { StopCause } from "../run/stop-request.js";
import { durationText } from "./duration.js";
import { rejectedRows, rowCounts } from "./package-info.js";
import { packageLines, rejectLines, rowLines, schemaChangeLines } from "./package-text.js";
import { type Printable, printable } from "./printable.js";
import { type StepInfo, stepObject } from "./step-info.js";

/** Where a load went. */
export interface LoadTarget {
  /** Canonical, e.g. `dlt.destinations.duckdb`. */
  readonly destinationType: string;
  readonly destinationName: string;
  /** Location without secrets. */
  readonly destinationDisplayableCredentials: string;
  /** Physical name. */
  readonly datasetName: string;
}

/** What loading did. */
export interface LoadInfo extends StepInfo, LoadTarget, Printable {
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
  /** @throws DestinationError `LOAD_JOBS_FAILED` when a job failed */
  raiseOnFailedJobs(): void;
}

type LoadFacts = StepInfo &
  LoadTarget &
  Pick<LoadInfo, "rowCounts" | "rejectedRows" | "hasFailedJobs" | "canBeContinued" | "stoppedBy" | "uncutResources">;

/** How a run in epochs ended. */
export interface RunOutcome {
  readonly stoppedBy: StopCause | null;
  readonly uncut: readonly UncutResource[];
}

export function loadInfo(step: StepInfo & LoadTarget, outcome: RunOutcome = { stoppedBy: null, uncut: [] }): LoadInfo {
  const failed = step.loadPackages.flatMap((info) => info.jobs.failedJobs);
  const { loadPackages } = step;
  const facts: LoadFacts = {
    ...step,
    rowCounts: rowCounts(loadPackages),
    rejectedRows: rejectedRows(loadPackages),
    hasFailedJobs: failed.length > 0,
    canBeContinued: outcome.stoppedBy !== null,
    stoppedBy: outcome.stoppedBy,
    uncutResources: outcome.uncut,
  };
  const raiseOnFailedJobs = (): void => {
    const [first] = failed;
    if (first === undefined) return;
    throw new DestinationError(
      "LOAD_JOBS_FAILED",
      `${failed.length} load job(s) failed. \`${first.jobId}\`: ${first.failedMessage ?? ""}`,
      {
        hint: "Look at `info.loadPackages[…].jobs.failedJobs`; their load files are kept in the folders of the packages.",
        context: { failedJobs: failed.length, jobId: first.jobId, table: first.tableName },
      },
    );
  };
  Object.defineProperty(facts, "raiseOnFailedJobs", { value: raiseOnFailedJobs, enumerable: false });
  return printable(facts, { text: loadText, object: loadObject }) as LoadFacts &
    Printable & { raiseOnFailedJobs(): void };
}

function loadText(info: LoadFacts): string {
  const { pipeline, destinationName } = info;
  const duration = durationText(info.startedAt, info.finishedAt);
  return [
    `Pipeline ${pipeline.pipelineName} load step completed in ${duration}`,
    `${info.loadsIds.length} load package(s) were loaded to destination ${destinationName} and into dataset ${info.datasetName}`,
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

function loadObject(info: LoadFacts): Readonly<Record<string, unknown>> {
  const { destinationType, destinationName, destinationDisplayableCredentials, datasetName, hasFailedJobs } = info;
  const { canBeContinued, stoppedBy, uncutResources } = info;
  const jobMetrics = info.loadPackages.flatMap(({ loadId, jobs }) =>
    [...jobs.failedJobs, ...jobs.completedJobs].map((job) => ({
      loadId,
      jobId: job.jobId,
      tableName: job.tableName,
      startedAt: job.startedAt,
      finishedAt: job.finishedAt,
      state: job.state,
      retryCount: job.attempts - 1,
    })),
  );
  return {
    ...stepObject(info),
    destinationType,
    destinationName,
    destinationDisplayableCredentials,
    datasetName,
    hasFailedJobs,
    canBeContinued,
    ...(stoppedBy !== null && { stoppedBy }),
    ...(uncutResources.length > 0 && { uncutResources }),
    jobMetrics,
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
    firstRun: first.firstRun,
    startedAt: first.startedAt,
    isEmpty: false,
  });
}
