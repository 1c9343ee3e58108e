import type { PipelineRuntime } from "../../src/runtime.js";

/** Thrown where a process would have died. */
class SimulatedCrash extends Error {
  override readonly name = "SimulatedCrash";
}

/** At which hits of named points, counted over all of them from 1, each of several runs dies; runs after the last do not. */
export type FaultSchedule = readonly number[];

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

/** Runs `scenario` once for each fault, each time from where the last one died, then undisturbed. */
export async function runWithFaults(
  schedule: FaultSchedule,
  runtime: PipelineRuntime,
  scenario: (runtime: PipelineRuntime) => Promise<void>,
): Promise<void> {
  for (const dieAt of schedule) {
    const dying = dyingRuntime(runtime, dieAt);
    try {
      await scenario(dying);
    } catch (error) {
      if (!isSimulated(error)) throw error;
    }
  }
  await scenario(runtime);
}

/** True when a simulated crash is at the root of an error. */
function isSimulated(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) if (cause instanceof SimulatedCrash) return true;
  return false;
}
