import type { ProgressEvent, ProgressSink } from "./progress.js";

/**
 * A line for each count that changed, with the time for which its part of the step has gone on:
 *
 * ```
 * extract events: 120000 rows | Time: 1.50s | Rate: 80000.00/s
 * load 1700000000.000001: 3/8 jobs (37.5%) | Time: 0.40s | Rate: 7.50/s
 * ```
 */
export function logProgress(print: (line: string) => void): ProgressSink {
  return (events, elapsedMs) => {
    for (const event of events) print(lineOf(event, elapsedMs / 1000));
  };
}

function lineOf({ step, name, done, total, unit }: ProgressEvent, seconds: number): string {
  const ofTotal = total === null || total === 0 ? "" : ` (${((100 * done) / total).toFixed(1)}%)`;
  const count = total === null ? `${done} ${unit}` : `${done}/${total} ${unit}${ofTotal}`;
  const rate = seconds > 0 ? done / seconds : 0;
  return `${step} ${name}: ${count} | Time: ${seconds.toFixed(2)}s | Rate: ${rate.toFixed(2)}/s`;
}
