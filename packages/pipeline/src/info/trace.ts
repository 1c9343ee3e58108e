import { durationText } from "./duration.js";
import type { ExtractInfo } from "./extract-info.js";
import type { LoadInfo } from "./load-info.js";
import type { NormalizeInfo } from "./normalize-info.js";
import { type Printable, printable } from "./printable.js";

/** A step of a run as it went. */
export interface StepTrace {
  /** 16 hex digits. */
  readonly spanId: string;
  readonly step: "sync" | "extract" | "normalize" | "load";
  readonly startedAt: Date;
  readonly finishedAt: Date;
  /** What the step did; `null` when it failed, and for `sync`. */
  readonly stepInfo: ExtractInfo | NormalizeInfo | LoadInfo | null;
  /** Message of the error; `null` when it went well. */
  readonly stepException: string | null;
}

/** The steps of the last run, or of the last call of a single step, in the order in which they ended. */
export interface PipelineTrace extends TraceFacts, Printable {}

export interface TraceFacts {
  /** 32 hex digits. */
  readonly transactionId: string;
  readonly pipelineName: string;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly steps: readonly StepTrace[];
}

export function pipelineTrace(facts: TraceFacts): PipelineTrace {
  return printable({ ...facts }, { text: traceText, object: traceObject });
}

function traceText(trace: TraceFacts): string {
  const failed = trace.steps.some((step) => step.stepException !== null);
  const duration = durationText(trace.startedAt, trace.finishedAt);
  const started = trace.startedAt.toISOString();
  const head = `Run started at ${started} and ${failed ? "FAILED" : "COMPLETED"} in ${duration} with ${trace.steps.length} steps.`;
  return [head, ...trace.steps.map(stepText)].join("\n");
}

function stepText(step: StepTrace): string {
  const { stepException, stepInfo } = step;
  const end = stepException === null ? "COMPLETED" : "FAILED";
  const lines = [`Step ${step.step} ${end} in ${durationText(step.startedAt, step.finishedAt)}.`];
  if (stepException !== null) lines.push(`Failed due to: ${stepException}`);
  if (stepInfo !== null) lines.push(String(stepInfo));
  return lines.join("\n");
}

/** Steps with what they share in `stepInfo` and the rest by kind. */
function traceObject({ steps, ...trace }: TraceFacts): Readonly<Record<string, unknown>> {
  return {
    ...trace,
    steps: steps.map(({ stepInfo, ...step }) => {
      if (stepInfo === null) return step;
      const { pipeline, loadsIds, loadPackages, firstRun, startedAt, finishedAt, ...rest } = stepInfo.asObject();
      return {
        ...step,
        stepInfo: { pipeline, loadsIds, loadPackages, firstRun, startedAt, finishedAt },
        [`${step.step}Info`]: rest,
      };
    }),
  };
}
