import type { PipelineRuntime } from "../runtime.js";
import { logProgress } from "./log-progress.js";
import { type Progress, type ProgressEvent, progressTo, silentProgress } from "./progress.js";

/** `log`: lines on the standard error of the process; a function is told itself. */
export type ProgressOption = "log" | ((event: ProgressEvent) => void);

/** Whom a pipeline tells how far it has come; nobody unless asked to. */
export function chooseProgress(
  given: ProgressOption | undefined,
  runtime: Pick<PipelineRuntime, "nowMicros" | "print">,
): Progress {
  if (given === undefined) return silentProgress;
  if (given === "log")
    return progressTo(
      logProgress((line) => runtime.print(line)),
      runtime,
    );
  const sink = (events: readonly ProgressEvent[]): void => {
    for (const event of events) given(event);
  };
  return progressTo(sink, runtime);
}
