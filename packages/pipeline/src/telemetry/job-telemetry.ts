import type { Attributes } from "@opentelemetry/api";
import type { JobMark } from "../package/job-marks.js";
import { meter, telemetry } from "./telemetry-api.js";
import { traced } from "./traced.js";

/** A job, and what it belongs to. */
export interface TracedJob {
  readonly pipelineName: string;
  readonly destinationName: string;
  readonly loadId: string;
  readonly jobId: string;
  readonly table: string;
  /** False: it puts a file into a staging area, or follows jobs that brought the rows. */
  readonly bringsRows: boolean;
}

type JobEnd = Pick<JobMark, "status" | "rowCount" | "bytes" | "attempts" | "failure">;

/** Runs a load job within a span `dlt.job`, and counts its time, rows, bytes and attempts. */
export async function tracedJob<End extends JobEnd>(job: TracedJob, work: () => Promise<End>): Promise<End> {
  if (telemetry() === null) return await work();
  const shared = {
    "dlt.pipeline.name": job.pipelineName,
    "dlt.destination.name": job.destinationName,
    "dlt.table.name": job.table,
  };
  const startedAt = performance.now();
  let status: JobEnd["status"] | "stopped" = "stopped";
  try {
    const attributes = { ...shared, "dlt.load.id": job.loadId, "dlt.job.id": job.jobId };
    const end = await traced("dlt.job", attributes, work, describe);
    status = end.status;
    count(end, job.bringsRows, shared);
    return end;
  } finally {
    meter()
      ?.createHistogram("dlt.job.duration", { unit: "s", description: "Time that a load job took, with all attempts." })
      .record((performance.now() - startedAt) / 1000, { ...shared, "dlt.job.status": status });
  }
}

function describe({ status, rowCount, bytes, attempts, failure }: JobEnd): Attributes {
  return {
    "dlt.job.status": status,
    "dlt.job.attempts": attempts,
    "dlt.job.bytes": bytes,
    ...(rowCount !== null && { "dlt.job.rows": rowCount }),
    ...(failure !== null && { "error.type": failure.code ?? "_OTHER" }),
  };
}

/** Rows are counted once, however many jobs they pass through. */
function count({ rowCount, bytes, attempts }: JobEnd, bringsRows: boolean, attributes: Attributes): void {
  const add = (name: string, unit: string, description: string, value: number): void =>
    meter()?.createCounter(name, { unit, description }).add(value, attributes);
  add(
    "dlt.load.retries",
    "{attempt}",
    "Attempts of load jobs after the first, of jobs that ended.",
    Math.max(0, attempts - 1),
  );
  if (!bringsRows) return;
  add("dlt.load.rows", "{row}", "Rows that load jobs loaded.", rowCount ?? 0);
  add("dlt.load.bytes", "By", "Bytes of files that load jobs loaded.", bytes);
}
