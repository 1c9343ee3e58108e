import { setImmediate } from "node:timers/promises";
import { DestinationError } from "@dlt/core";
import type { PipelineRuntime } from "@dlt/pipeline";
import type { Fault, FaultKind } from "./schedule.js";

/** Thrown where a process would have died, and at every point after it. */
class SimulatedCrash extends Error {
  override readonly name = "SimulatedCrash";
}

/** An error of a destination that a schedule asked for. */
class InjectedFault extends DestinationError {}

/** A runtime in which faults happen. */
export interface FaultyRuntime extends PipelineRuntime {
  /** Points that were reached. */
  points(): number;
  /** True once for each `repeat` whose point was reached: the next call of the destination is made twice. */
  takeRepeat(): boolean;
}

/** Lets these faults happen in a run. Nothing is waited for between attempts. */
export function faultyRuntime(runtime: PipelineRuntime, faults: readonly Fault[]): FaultyRuntime {
  let points = 0;
  let isCrashed = false;
  let repeats = 0;
  /** Faults that wait for the next point at which they can happen. */
  const due: FaultKind[] = [];
  return {
    ...runtime,
    points: () => points,
    takeRepeat: () => {
      const isDue = repeats > 0 && !isCrashed;
      if (isDue) repeats -= 1;
      return isDue;
    },
    wait: async (_, signal) => {
      signal.throwIfAborted();
    },
    reached: async (point) => {
      points += 1;
      due.push(...faults.filter(({ at }) => at === points).map(({ kind }) => kind));
      if (isCrashed || take("crash")) {
        isCrashed = true;
        throw new SimulatedCrash(`The run ended at point ${points}, ${point}.`);
      }
      if (take("repeat")) repeats += 1;
      if (take("delay")) for (let turn = 0; turn < 20; turn++) await setImmediate();
      if (point === "destination.request.sent" && take("refuse")) throw refused("was refused");
      if (point === "destination.request.answered" && take("lose")) throw refused("got no answer");
    },
  };

  function take(kind: FaultKind): boolean {
    const at = due.indexOf(kind);
    if (at >= 0) due.splice(at, 1);
    return at >= 0;
  }
}

function refused(how: string): InjectedFault {
  return new InjectedFault("DESTINATION_UNREACHABLE", `A request ${how}, as the schedule of faults has it.`, {
    hint: "Run again.",
    retryable: true,
  });
}

/** True when a simulated crash or an injected error is at the root of an error. */
export function isInjected(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (cause instanceof SimulatedCrash || cause instanceof InjectedFault) return true;
  return false;
}
