import type { JobMark } from "../package/job-marks.js";
import { meter } from "./step-telemetry.js";
import { telemetry } from "./telemetry-api.js";
import { traced } from "./traced.js";

/** A job, and what it belongs to. */
export interface TracedJob {
  readonly pipelineName: string;
  readonly destinationName: string;
  readonly loadId: string;
  readonly jobId: string;
  readonly table: string;
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
  const end = await traced(
    "dlt.job",
    { ...shared, "dlt.load.id": job.loadId, "dlt.job.id": job.jobId },
    work,
    ({ status, rowCount, bytes, attempts, failure }) => ({
      "dlt.job.status": status,
      "dlt.job.attempts": attempts,
      "dlt.job.bytes": bytes,
      ...(rowCount !== null && { "dlt.job.rows": rowCount }),
      ...(failure !== null && { "error.type": failure.code ?? "_OTHER" }),
    }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  const { status, rowCount, bytes, attempts } = end;
  const count = (name: string, unit: string, description: string, value: number): void =>
    meter()?.createCounter(name, { unit, description }).add(value, shared);
  count("dlt.load.rows", "{row}", "Rows that load jobs loaded.", rowCount ?? 0);
  count("dlt.load.bytes", "By", "Bytes of files that load jobs loaded.", bytes);
  count("dlt.load.retries", "{attempt}", "Attempts of load jobs after the first.", Math.max(0, attempts - 1));
  meter()
    ?.createHistogram("dlt.job.duration", { unit: "s", description: "Time that a load job took, with all attempts." })
    .record(seconds, { ...shared, "dlt.job.status": status });
  return end;
}
