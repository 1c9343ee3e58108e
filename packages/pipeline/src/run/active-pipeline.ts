import type { Pipeline } from "../pipeline.js";
import type { PipelineMemory } from "./operation.js";

type Enter = <Result>(memory: PipelineMemory, work: () => Result) => Result;

let enter: Enter = (_memory, work) => work();
/** In the order in which they were made; only the last is kept from being forgotten with its pipeline. */
let made: readonly WeakRef<PipelineMemory>[] = [];
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
  made = [...made.filter(isOpen), new WeakRef(memory)];
  lastMade = memory;
  pipelines.set(memory, pipeline);
}

/** The pipeline of a call, otherwise the one that was made last and is not closed; `null`: none. */
export function activePipeline(memory: PipelineMemory | null): Pipeline | null {
  if (lastMade?.closing.signal.aborted === true) lastMade = null;
  const active = memory ?? lastMade ?? made.findLast(isOpen)?.deref();
  return active === undefined ? null : (pipelines.get(active) ?? null);
}

function isOpen(each: WeakRef<PipelineMemory>): boolean {
  return each.deref()?.closing.signal.aborted === false;
}
