import type { JobMark } from "../package/job-marks.js";
import { eventError } from "../progress/event-error.js";
import type { Happening } from "../progress/progress-event.js";
import type { PlannedJob } from "./load-job.js";
import type { RunningLoad } from "./running-load.js";

/** Tells whoever follows the run how a job goes. */
export interface ToldJob {
  /** After so many attempts, the last of which failed with this error. */
  retried(attempts: number, error: unknown): void;
  ended(end: Pick<JobMark, "status" | "rowCount" | "bytes" | "attempts" | "failure">): void;
  /** It is neither done nor failed for good: the next run takes it up. */
  stopped(attempts: number, error: unknown): void;
}

export function toldJob({ progress, loadId, nowMicros }: RunningLoad, { id, table }: PlannedJob): ToldJob {
  const place = { loadId, jobId: id, tableName: table };
  const startedAt = nowMicros();
  const tell = (happening: Happening): void => progress?.tell(happening);
  const durationMs = (): number => Number(nowMicros() - startedAt) / 1000;
  tell({ kind: "job-started", ...place });
  return {
    retried: (attempts, error) => tell({ kind: "job-retried", ...place, attempts, error: eventError(error) }),
    ended({ status, rowCount, bytes, attempts, failure }) {
      // That of an error from elsewhere may show what no event may.
      const error = failure === null || failure.code !== null ? failure : eventError(null);
      tell({ kind: "job-ended", ...place, status, rowCount, bytes, attempts, durationMs: durationMs(), error });
    },
    stopped(attempts, error) {
      const end = { status: "stopped", rowCount: 0, bytes: 0, attempts, error: eventError(error) } as const;
      tell({ kind: "job-ended", ...place, ...end, durationMs: durationMs() });
    },
  };
}
