import { isDltError } from "@dlt/core";
import { dateOf } from "../info/duration.js";
import { exceptionTraces } from "../info/exception-trace.js";
import { executionContext } from "../info/execution-context.js";
import type { LoadInfo } from "../info/load-info.js";
import { type PipelineTrace, pipelineTrace, type StepTrace } from "../info/trace.js";
import { withoutSecrets } from "../logging/redacted.js";
import { readJobMarks } from "../package/job-marks.js";
import type { PackageStore } from "../package/package-store.js";
import { eventError } from "../progress/event-error.js";
import type { EventError } from "../progress/progress-event.js";
import { tracedStep } from "../telemetry/step-telemetry.js";
import type { ClaimedPipeline } from "./claimed-pipeline.js";
import { pendingLoadIds } from "./drop-pending.js";
import type { Operation } from "./operation.js";
import { type PipelineStep, PipelineStepError } from "./step-error.js";

/** Runs the steps of one call: keeps their times and infos, and says of an error in which step it was. */
export interface StepRecorder {
  /** `work` tells which package it is at, and that it has committed an epoch. @throws PipelineStepError */
  step<Info extends StepTrace["stepInfo"]>(
    name: PipelineStep,
    work: (at: (loadId: string) => void, noteEpoch: () => void) => Promise<Info>,
  ): Promise<Info>;
  /** Records a run as a whole, after its steps. */
  run(work: () => Promise<LoadInfo>): Promise<LoadInfo>;
  /** `null` when there was no step. */
  trace(): PipelineTrace | null;
  /** Tells whoever follows the call that it is over; `null`: it went well. */
  end(failure: { readonly error: unknown } | null): void;
}

export function stepRecorder(claimed: ClaimedPipeline, signals: Pick<Operation, "signal" | "cutOff">): StepRecorder {
  const { runtime, pipelineName, progress } = claimed.context;
  const steps: StepTrace[] = [];
  const startedAt = dateOf(runtime.nowMicros());
  const transactionId = hexDigits(runtime.randomBytes(16));
  /** When the first step began, and the error of the last that failed. */
  let begunAt: bigint | null = null;
  let failure: EventError | null = null;
  const hide = (text: string): string => withoutSecrets(text, claimed.context.resolved.secrets());
  const durationMs = (since: bigint): number => Number(runtime.nowMicros() - since) / 1000;
  /** Does a part of the call and adds its trace. */
  const recorded = async <Info extends StepTrace["stepInfo"]>(
    step: StepTrace["step"],
    work: () => Promise<Info>,
  ): Promise<Info> => {
    const stepBegunAt = runtime.nowMicros();
    if (begunAt === null) {
      begunAt = stepBegunAt;
      progress.runId = transactionId;
      progress.tell({ kind: "run-started" });
    }
    progress.tell({ kind: "step-started", step });
    const begun = { spanId: hexDigits(runtime.randomBytes(8)), step, startedAt: dateOf(stepBegunAt) };
    const add = (end: Pick<StepTrace, "stepInfo" | "stepException" | "exceptionTraces">): void => {
      steps.push({ ...begun, finishedAt: dateOf(runtime.nowMicros()), ...end });
      const error = end.stepException === null ? null : failure;
      progress.tell({ kind: "step-ended", step, durationMs: durationMs(stepBegunAt), error });
    };
    try {
      const stepInfo = await tracedStep({ step, pipelineName }, work);
      add({ stepInfo, stepException: null, exceptionTraces: [] });
      return stepInfo;
    } catch (error) {
      failure = eventError(error);
      add({ stepInfo: null, stepException: failure.message, exceptionTraces: exceptionTraces(error, hide) });
      throw error;
    }
  };
  return {
    run: (work) => recorded("run", work),
    end(failed) {
      if (begunAt === null) return;
      const error = failed === null ? null : eventError(failed.error);
      progress.tell({ kind: "run-ended", durationMs: durationMs(begunAt), error });
      progress.runId = "";
    },
    step: (name, work) =>
      recorded(name, async () => {
        let loadId: string | null = null;
        let keptEpochs = false;
        try {
          return await work(
            (id) => {
              loadId = id;
            },
            () => {
              keptEpochs = true;
            },
          );
        } catch (error) {
          throw await stepError(claimed, { step: name, loadId, keptEpochs, ...signals }, error);
        }
      }),
    trace() {
      const finishedAt = steps.at(-1)?.finishedAt;
      if (finishedAt === undefined) return null;
      const context = executionContext(runtime.env);
      return pipelineTrace({
        transactionId,
        pipelineName,
        executionContext: context,
        startedAt,
        finishedAt,
        steps: [...steps],
        resolvedConfigValues: claimed.context.resolved.list(),
      });
    },
  };
}

async function stepError(
  { context, store }: ClaimedPipeline,
  at: {
    readonly step: PipelineStep;
    readonly loadId: string | null;
    readonly keptEpochs: boolean;
  } & Pick<Operation, "signal" | "cutOff">,
  error: unknown,
): Promise<PipelineStepError> {
  const { step, loadId, keptEpochs, signal, cutOff } = at;
  // Where another process took over, that is what ended the step.
  const tookOver = signal.aborted && isDltError(signal.reason);
  const failed = {
    pipelineName: context.pipelineName,
    step,
    loadId,
    keptEpochs,
    pending: await readOrNull(() => pendingLoadIds(store)),
    partiallyLoaded:
      step === "load" && loadId !== null && (await readOrNull(() => hasCompletedJob(store, loadId))) === true,
    hide: (text: string) => withoutSecrets(text, context.resolved.secrets()),
    wasStopped: !tookOver && (error === signal.reason || (step === "load" ? cutOff : signal).aborted),
  };
  return new PipelineStepError(failed, tookOver ? signal.reason : error);
}

async function hasCompletedJob(store: PackageStore, loadId: string): Promise<boolean> {
  const marks = [...(await readJobMarks(store, "normalized", loadId)).values()];
  return marks.some(({ status, isUpload }) => status === "completed" && isUpload !== true);
}

/** `null` when the folder that made a step fail cannot even be read: the error of the step is the one to tell. */
async function readOrNull<Result>(read: () => Promise<Result>): Promise<Result | null> {
  try {
    return await read();
  } catch {
    return null;
  }
}

function hexDigits(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
