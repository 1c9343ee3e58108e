import type { ProgressSink } from "./progress.js";
import type { Counted } from "./progress-event.js";

/**
 * A line for each count that changed, once a second, with the time for which its part of the step has gone on:
 *
 * ```
 * extract events: 120000 rows | 12.30 MB | Time: 1.50s | Rate: 80000.00/s
 * load 1700000000.000001: 3/8 jobs (37.5%) | 1.20 MB | Time: 0.40s | Rate: 7.50/s
 * ```
 */
export function logProgress(print: (line: string) => void): ProgressSink {
  return {
    countsEveryMs: 1000,
    take(events) {
      for (const event of events) if (event.kind === "count") print(lineOf(event));
    },
  };
}

function lineOf({ step, name, done, total, unit, bytes, elapsedMs }: Counted): string {
  const ofTotal = total === null || total === 0 ? "" : ` (${((100 * done) / total).toFixed(1)}%)`;
  const count = total === null ? `${done} ${unit}` : `${done}/${total} ${unit}${ofTotal}`;
  const size = bytes === null ? "" : ` | ${(bytes / 1e6).toFixed(2)} MB`;
  const seconds = elapsedMs / 1000;
  const rate = seconds > 0 ? done / seconds : 0;
  return `${step} ${name}: ${count}${size} | Time: ${seconds.toFixed(2)}s | Rate: ${rate.toFixed(2)}/s`;
}
