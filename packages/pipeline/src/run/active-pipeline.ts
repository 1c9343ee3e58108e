import type { Pipeline } from "../pipeline.js";
import type { PipelineMemory } from "./operation.js";

type Enter = <Result>(memory: PipelineMemory, work: () => Result) => Result;

let enter: Enter = (_memory, work) => work();
let lastMade: PipelineMemory | null = null;
const pipelines = new WeakMap<PipelineMemory, Pipeline>();

/** Sets how calls of pipelines are run, so that code in them can find out which one it is. */
export function installPipelineScope(given: Enter): void {
  enter = given;
}

/** Does the work of a call of a pipeline. */
export function withinPipeline<Result>(memory: PipelineMemory, work: () => Result): Result {
  return enter(memory, work);
}

/** Notes a pipeline that was made: outside of calls it is the active one. */
export function noteMade(memory: PipelineMemory, pipeline: Pipeline): void {
  lastMade = memory;
  pipelines.set(memory, pipeline);
}

/** The pipeline of a call, otherwise the one that was made last and not closed; `null`: none. */
export function activePipeline(memory: PipelineMemory | null): Pipeline | null {
  const active = memory ?? (lastMade?.closing.signal.aborted === true ? null : lastMade);
  return active === null ? null : (pipelines.get(active) ?? null);
}
