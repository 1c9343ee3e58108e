import { isMainThread } from "node:worker_threads";
import type { PipelineRuntime } from "../runtime.js";
import { logProgress } from "./log-progress.js";
import { type ProgressHub, type ProgressSink, progressHub, warnOfSink } from "./progress.js";
import type { ProgressEvent } from "./progress-event.js";
import { liveLines } from "./terminal/live-lines.js";

/**
 * `tui`: live lines on the terminal, or lines of the log where there is none; `log`: lines on the standard error; `none`: nothing; a
 * function is told itself.
 */
export type ProgressOption = "log" | "tui" | "none" | ((event: ProgressEvent) => unknown);

/** What a pipeline shows of its runs; without an option live lines, if a terminal is there, and nothing elsewhere. */
export function chooseProgress(
  given: ProgressOption | undefined,
  of: { readonly pipelineName: string; readonly runtime: PipelineRuntime },
): ProgressHub {
  const hub = progressHub(of.pipelineName, of.runtime);
  const sink = sinkFor(given, of.runtime);
  if (sink !== null) hub.add(sink);
  return hub;
}

function sinkFor(given: ProgressOption | undefined, runtime: PipelineRuntime): ProgressSink | null {
  if (typeof given === "function") return listenerSink(given);
  if (given === "none") return null;
  if (given !== "log") {
    const { terminal = null, env } = runtime;
    // Threads share the terminal with the main one, and a build server keeps every frame.
    const isLive = terminal !== null && isMainThread && env["TERM"] !== "dumb" && (given === "tui" || !env["CI"]);
    if (isLive) return liveLines(terminal, env);
    if (given === undefined) return null;
  }
  return logProgress((line) => runtime.print(line));
}

/** A function that is told. What it gives back is not waited for. */
function listenerSink(listener: (event: ProgressEvent) => unknown): ProgressSink {
  let isBroken = false;
  return {
    countsEveryMs: 250,
    take(events) {
      for (const event of events) {
        if (isBroken) return;
        const given = listener(event);
        if (given instanceof Promise) {
          given.catch((error: unknown) => {
            if (!isBroken) warnOfSink(error);
            isBroken = true;
          });
        }
      }
    },
  };
}
