import type { ResolvedSetting } from "../config/config-context.js";
import { durationText } from "./duration.js";
import { type ExceptionTrace, exceptionDict } from "./exception-trace.js";
import { type ExecutionContext, executionDict } from "./execution-context.js";
import type { ExtractInfo } from "./extract-info.js";
import type { LoadInfo } from "./load-info.js";
import type { NormalizeInfo } from "./normalize-info.js";
import { type Printable, printable } from "./printable.js";

/** A step of a run as it went, or a run as a whole. */
export interface StepTrace {
  /** 16 hex digits. */
  readonly spanId: string;
  readonly step: "run" | "sync" | "extract" | "normalize" | "load";
  readonly startedAt: Date;
  readonly finishedAt: Date;
  /** What the step did; `null` when it failed, and for `sync`. */
  readonly stepInfo: ExtractInfo | NormalizeInfo | LoadInfo | null;
  /** Message of the error; `null` when it went well. */
  readonly stepException: string | null;
  /** The error and its causes, outermost first. */
  readonly exceptionTraces: readonly ExceptionTrace[];
}

/** The steps of the last run, or of calls of single steps, in the order in which they ended. */
export interface PipelineTrace extends TraceFacts, Printable {
  readonly lastExtractInfo: ExtractInfo | null;
  readonly lastNormalizeInfo: NormalizeInfo | null;
  readonly lastLoadInfo: LoadInfo | null;
  /** The last of the steps of a kind; `null`: there was none. */
  lastPipelineStepTrace(step: StepTrace["step"]): StepTrace | null;
  /** The trace as text; with `verbosity` above 0 also the settings and the ids of spans. Default: 0, as `String(trace)`. */
  asStr(verbosity?: number): string;
}

export interface TraceFacts {
  /** 32 hex digits. */
  readonly transactionId: string;
  readonly pipelineName: string;
  readonly executionContext: ExecutionContext;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly steps: readonly StepTrace[];
  /** Settings that were given in code or found, and where; not those left at their defaults. Secrets without their values. */
  readonly resolvedConfigValues: readonly ResolvedSetting[];
}

/** Version of what a trace holds. */
export const traceVersion = 1;

/** Calls of single steps are remembered up to this many. */
const maxSteps = 100;

export function pipelineTrace({ ...facts }: TraceFacts): PipelineTrace {
  const lastOf = (step: StepTrace["step"]) => facts.steps.findLast((each) => each.step === step) ?? null;
  const members = {
    lastExtractInfo: (lastOf("extract")?.stepInfo ?? null) as ExtractInfo | null,
    lastNormalizeInfo: (lastOf("normalize")?.stepInfo ?? null) as NormalizeInfo | null,
    lastLoadInfo: (lastOf("load")?.stepInfo ?? null) as LoadInfo | null,
    lastPipelineStepTrace: lastOf,
    asStr: (verbosity = 0): string => traceText(facts, verbosity),
  };
  for (const [name, value] of Object.entries(members)) Object.defineProperty(facts, name, { value, enumerable: false });
  return printable<TraceFacts & typeof members>(facts as TraceFacts & typeof members, {
    text: (trace) => traceText(trace, 0),
    dict: traceDict,
  });
}

/** The trace of a call of one step goes on with the trace before; any other takes its place. */
export function continuedTrace(before: PipelineTrace | null, made: PipelineTrace): PipelineTrace {
  if (before === null || made.steps.length !== 1) return made;
  const { resolvedConfigValues } = made;
  const steps = [...before.steps, ...made.steps].slice(-maxSteps);
  return pipelineTrace({
    ...before,
    finishedAt: made.finishedAt,
    executionContext: made.executionContext,
    steps,
    resolvedConfigValues,
  });
}

function traceText(trace: TraceFacts, verbosity: number): string {
  const failed = trace.steps.some((step) => step.stepException !== null);
  const duration = durationText(trace.startedAt, trace.finishedAt);
  const started = trace.startedAt.toISOString();
  const steps = trace.steps.filter(isNoRun);
  const head = `Run started at ${started} and ${failed ? "FAILED" : "COMPLETED"} in ${duration} with ${steps.length} steps.`;
  const settings = verbosity > 0 ? settingLines(trace.resolvedConfigValues) : [];
  return [head, ...settings, ...steps.map((step) => stepText(step, verbosity))].join("\n");
}

function settingLines(settings: readonly ResolvedSetting[]): readonly string[] {
  if (settings.length === 0) return [];
  const lines = settings.map(({ key, value, isSecret, sections, providerName }) => {
    const shown = isSecret ? "[secret]" : value === null ? "[not shown]" : JSON.stringify(value);
    return `${key}->${shown} in ${sections.join(".") || "the root"} by ${providerName}`;
  });
  return ["Following config and secret values were resolved:", ...lines];
}

function stepText(step: StepTrace, verbosity: number): string {
  const { stepException, stepInfo, spanId } = step;
  const end = stepException === null ? "COMPLETED" : "FAILED";
  const lines = [`Step ${step.step} ${end} in ${durationText(step.startedAt, step.finishedAt)}.`];
  if (stepException !== null) lines.push(`Failed due to: ${stepException}`);
  if (stepInfo !== null) lines.push(String(stepInfo));
  if (verbosity > 0) lines.push(`span id: ${spanId}`);
  return lines.join("\n");
}

/** A run as a whole tells what its last step told. */
function isNoRun({ step }: StepTrace): boolean {
  return step !== "run";
}

/** Steps with what they share in `step_info` and the rest by kind; runs only where they failed. */
function traceDict({ steps, ...trace }: TraceFacts): Readonly<Record<string, unknown>> {
  return {
    transaction_id: trace.transactionId,
    pipeline_name: trace.pipelineName,
    execution_context: executionDict(trace.executionContext),
    started_at: trace.startedAt,
    finished_at: trace.finishedAt,
    engine_version: traceVersion,
    steps: steps.filter((step) => isNoRun(step) || step.stepException !== null).map(stepTraceDict),
    resolved_config_values: trace.resolvedConfigValues.map(({ key, isSecret, sections, providerName, owner }) => ({
      key,
      is_secret_hint: isSecret,
      sections: [...sections],
      provider_name: providerName,
      config_type_name: owner,
    })),
  };
}

function stepTraceDict(step: StepTrace): Readonly<Record<string, unknown>> {
  const told = {
    span_id: step.spanId,
    step: step.step,
    started_at: step.startedAt,
    finished_at: step.finishedAt,
    step_exception: step.stepException,
    exception_traces: step.exceptionTraces.map(exceptionDict),
  };
  if (step.stepInfo === null) return told;
  const { pipeline, loads_ids, load_packages, first_run, started_at, finished_at, ...rest } = step.stepInfo.asDict();
  return {
    ...told,
    step_info: { pipeline, loads_ids, load_packages, first_run, started_at, finished_at },
    [`${step.step}_info`]: rest,
  };
}
