import type { Pipeline } from "../pipeline.js";
import type { PipelineMemory } from "./operation.js";

/** Knows which pipeline's call is at work, wherever it is asked. */
interface PipelineScope {
  enter<Result>(memory: PipelineMemory, work: () => Result): Result;
  /** `null`: none. */
  current(): PipelineMemory | null;
}

let scope: PipelineScope = { enter: (_memory, work) => work(), current: () => null };
/** In the order in which they were made; only the last is kept from being forgotten with its pipeline. */
let made: readonly WeakRef<PipelineMemory>[] = [];
let lastMade: PipelineMemory | null = null;
const pipelines = new WeakMap<PipelineMemory, Pipeline>();

/** Sets how calls of pipelines are run, so that code in them can find out which one it is. */
export function installPipelineScope(given: PipelineScope): void {
  scope = given;
}

/** Does the work of a call of a pipeline. */
export function withinPipeline<Result>(memory: PipelineMemory, work: () => Result): Result {
  return scope.enter(memory, work);
}

/** Notes a pipeline that was made: outside of calls it is the active one. */
export function noteMade(memory: PipelineMemory, pipeline: Pipeline): void {
  made = [...made.filter(isOpen), new WeakRef(memory)];
  lastMade = memory;
  pipelines.set(memory, pipeline);
}

/** The pipeline of the call at work, otherwise the one that was made last and is not closed; `null`: none. */
export function activePipeline(): Pipeline | null {
  const active = activeMemory();
  return active === null ? null : (pipelines.get(active) ?? null);
}

/** What that pipeline remembers. */
export function activeMemory(): PipelineMemory | null {
  if (lastMade?.closing.signal.aborted === true) lastMade = null;
  return scope.current() ?? lastMade ?? made.findLast(isOpen)?.deref() ?? null;
}

function isOpen(each: WeakRef<PipelineMemory>): boolean {
  return each.deref()?.closing.signal.aborted === false;
}
