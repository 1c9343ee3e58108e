import { isDltError, type LoadJob } from "@dlt/core";
import { type JobMark, writeJobMark } from "../package/job-marks.js";
import { tracedJob } from "../telemetry/job-telemetry.js";
import { type RunningLoad, retried } from "./running-load.js";
import { type ToldJob, toldJob } from "./told-job.js";

/** A job of a load. `make` describes it to the destination; an error of it counts as one of the job. */
export interface PlannedJob {
  readonly id: string;
  readonly table: string;
  /** It puts its file into the staging area, and loads nothing. Default: false. */
  readonly isUpload?: boolean;
  /** It follows jobs that brought the rows. Default: false. */
  readonly isFollowUp?: boolean;
  make(): LoadJob;
}

/**
 * Runs a job until it ends, and records how. Where failed jobs do not keep the package, one is given up by this.
 * @throws when the load was halted, or retries are used up: the job is neither done nor failed, and the next run takes it up
 */
export async function runJob(load: RunningLoad, job: PlannedJob): Promise<void> {
  const { store, loadId, nowMicros, settings } = load;
  const startedAt = nowMicros();
  const told = toldJob(load, job);
  await store.reached("load.job.started");
  const about = { pipelineName: store.folder.pipelineName, destinationName: load.destinationName, loadId };
  const bringsRows = job.isUpload !== true && job.isFollowUp !== true;
  const traced = { ...about, jobId: job.id, table: job.table, bringsRows };
  const end = await tracedJob(traced, () => attempted(load, job, told));
  await store.reached("load.job.finished");
  const isGivenUp = end.status === "failed" && !settings.raiseOnFailedJobs;
  const mark: JobMark = {
    jobId: job.id,
    table: job.table,
    ...end,
    ...(isGivenUp && { isGivenUp }),
    ...(job.isUpload === true && { isUpload: true }),
    startedAt: String(startedAt),
    finishedAt: String(nowMicros()),
  };
  await writeJobMark(store, loadId, mark);
  load.marks.set(job.id, mark);
  told.ended(end);
  await store.reached("load.job.recorded");
  if (end.status === "failed" && !isGivenUp) load.halt();
}

/** True for a job that is not run again. */
export function hasEnded({ marks }: RunningLoad, jobId: string): boolean {
  const mark = marks.get(jobId);
  return mark?.status === "completed" || mark?.isGivenUp === true;
}

type JobEnd = Pick<JobMark, "status" | "rowCount" | "bytes" | "attempts" | "failure" | "remoteUrl">;

async function attempted(load: RunningLoad, job: PlannedJob, told: ToldJob): Promise<JobEnd> {
  let attempts = 0;
  let lastError: unknown = null;
  const attempt = async () => {
    if (attempts > 0) told.retried(attempts, lastError);
    attempts += 1;
    try {
      return await job.make().run(load.signal);
    } catch (error) {
      lastError = error;
      throw error;
    }
  };
  try {
    const result = await retried(load, `Load job \`${job.id}\``, { until: load.halted, attempt });
    return { status: "completed", ...result, attempts, failure: null };
  } catch (error) {
    const isHalted = load.signal.aborted || (load.halted.aborted && error === load.halted.reason);
    if (isHalted || (isDltError(error) && (error.retryable || error.family === "package"))) {
      told.stopped(attempts, error);
      throw error;
    }
    load.failures.push(error);
    return { status: "failed", rowCount: 0, bytes: 0, attempts, failure: failureOf(error) };
  }
}

function failureOf(error: unknown): NonNullable<JobMark["failure"]> {
  return isDltError(error)
    ? { code: error.code, message: error.message, hint: error.hint ?? null }
    : { code: null, message: String(error), hint: null };
}
