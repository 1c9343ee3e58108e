import { snakeCase } from "../info/snake-case.js";
import type { ProgressSink } from "../progress/progress.js";
import type { EventError, ProgressEvent } from "../progress/progress-event.js";
import type { LogLevel, LogSink } from "./log-record.js";

/** Logs what happens in runs. How far counts have come is not logged. */
export function eventLog(log: LogSink): ProgressSink {
  return {
    countsEveryMs: null,
    take(events) {
      for (const event of events) {
        const told = messageOf(event);
        if (told === null) continue;
        const { kind, ...facts } = event;
        log({ level: told[0], message: told[1], fields: { event: kind, ...(snakeCase(facts) as object) } });
      }
    },
  };
}

function messageOf(event: ProgressEvent): readonly [LogLevel, string] | null {
  const { pipelineName } = event;
  switch (event.kind) {
    case "run-started":
      return ["DEBUG", `Pipeline ${pipelineName} begins.`];
    case "run-ended":
      return ended(`Pipeline ${pipelineName}`, event, "ERROR");
    case "step-started":
      return ["DEBUG", `Step ${event.step} begins.`];
    case "step-ended":
      // Why it failed is said once, where the run ends.
      return ended(`Step ${event.step}`, event, "INFO");
    case "job-started":
      return ["DEBUG", `Job ${event.jobId} begins.`];
    case "job-retried":
      return ["WARNING", `Job ${event.jobId} is tried again: ${event.error.message}`];
    case "job-ended": {
      if (event.status === "failed")
        return ["ERROR", `Job ${event.jobId} failed for good: ${event.error?.message ?? ""}`];
      return ["INFO", `Job ${event.jobId} is ${event.status} after ${secondsOf(event.durationMs)}.`];
    }
    case "schema-changed":
      return ["INFO", `Schema ${event.schemaName} changed in ${event.tables.map(({ name }) => name).join(", ")}.`];
    case "count":
    case "events-missed":
      return null;
  }
}

function ended(
  what: string,
  { durationMs, error }: { readonly durationMs: number; readonly error: EventError | null },
  failed: LogLevel,
): readonly [LogLevel, string] {
  const after = `after ${secondsOf(durationMs)}`;
  if (error === null) return ["INFO", `${what} is done ${after}.`];
  if (error.code === "PIPELINE_STOPPED") return ["INFO", `${what} was stopped ${after}.`];
  return [failed, `${what} failed ${after}: ${error.message}`];
}

function secondsOf(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(2)} s`;
}
