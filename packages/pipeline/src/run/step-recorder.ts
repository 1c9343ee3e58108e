import { dateOf } from "../info/duration.js";
import { type PipelineTrace, pipelineTrace, type StepTrace } from "../info/trace.js";
import { readJobMarks } from "../package/job-marks.js";
import type { ClaimedPipeline } from "./claimed-pipeline.js";
import { pendingLoadIds } from "./drop-pending.js";
import { isAbort, type PipelineStep, PipelineStepError } from "./step-error.js";

/** Runs the steps of one call: keeps their times and infos, and says of an error in which step it was. */
export interface StepRecorder {
  /** `work` tells which package it is at. @throws PipelineStepError */
  step<Info extends StepTrace["stepInfo"]>(
    name: PipelineStep,
    work: (at: (loadId: string) => void) => Promise<Info>,
  ): Promise<Info>;
  trace(): PipelineTrace;
}

export function stepRecorder(claimed: ClaimedPipeline, signal: AbortSignal): StepRecorder {
  const { context, store } = claimed;
  const { runtime, pipelineName } = context;
  const steps: StepTrace[] = [];
  const startedAt = dateOf(runtime.nowMicros());
  const transactionId = hexDigits(runtime.randomBytes(16));
  return {
    async step(name, work) {
      const spanId = hexDigits(runtime.randomBytes(8));
      const stepStartedAt = dateOf(runtime.nowMicros());
      let loadId: string | null = null;
      const record = (end: Pick<StepTrace, "stepInfo" | "stepException">): void => {
        steps.push({ spanId, step: name, startedAt: stepStartedAt, finishedAt: dateOf(runtime.nowMicros()), ...end });
      };
      try {
        const stepInfo = await work((id) => {
          loadId = id;
        });
        record({ stepInfo, stepException: null });
        return stepInfo;
      } catch (error) {
        if (error instanceof PipelineStepError) throw error;
        const marks = name === "load" && loadId !== null ? await readJobMarks(store, "normalized", loadId) : new Map();
        const pending = await pendingLoadIds(store);
        const partiallyLoaded = [...marks.values()].some((mark) => mark.status === "completed");
        const wasStopped = isAbort(error) || (signal.aborted && error === signal.reason);
        const failed = new PipelineStepError(
          { pipelineName, step: name, loadId, pending, partiallyLoaded, wasStopped },
          error,
        );
        record({ stepInfo: null, stepException: failed.message });
        throw failed;
      }
    },
    trace() {
      const finishedAt = steps.at(-1)?.finishedAt ?? startedAt;
      return pipelineTrace({ transactionId, pipelineName, startedAt, finishedAt, steps: [...steps] });
    },
  };
}

function hexDigits(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
