import type { PipelineRuntime } from "../src/runtime.js";

/** Thrown where a process would have died. */
class SimulatedCrash extends Error {
  override readonly name = "SimulatedCrash";
}

/**
 * A runtime that dies at the given hit: from there on every named point throws, so that nothing durable happens after it.
 * `hits` counts what was reached.
 */
export function dyingRuntime(runtime: PipelineRuntime, dieAt: number): PipelineRuntime & { hits(): number } {
  let hits = 0;
  return {
    ...runtime,
    hits: () => hits,
    reached: (point) => {
      hits += 1;
      if (hits >= dieAt) throw new SimulatedCrash(`Died at ${point}, hit ${hits}.`);
    },
  };
}
