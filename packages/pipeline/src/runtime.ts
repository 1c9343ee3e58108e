import { randomFillSync } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { PipelinePoint } from "./points.js";
import type { ProgressTerminal } from "./progress/terminal/live-lines.js";

/** What a pipeline takes from the outside world: clock, chance, environment. Tests give their own. */
export interface PipelineRuntime {
  /** Microseconds since 1970 UTC. May stand still or go back, as system clocks do. */
  nowMicros(): bigint;
  randomBytes(length: number): Uint8Array;
  /** Called at each named point of a run; the run goes on once the result is settled. */
  reached(point: PipelinePoint): void | Promise<void>;
  /** Waits before something is tried again. @throws what aborted the signal */
  wait(delayMs: number, signal: AbortSignal): Promise<void>;
  /** Shows a line to whoever watches the run. */
  print(line: string): void;
  /** Where live lines are drawn; `null`, or left out: there is no terminal. */
  readonly terminal?: ProgressTerminal | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Arguments of the program, without Node and the script. */
  readonly argv: readonly string[];
  /** Absolute. */
  readonly cwd: string;
}

/** The runtime of this process: system clock, system randomness, `process.env`, arguments and the current folder. */
export function defaultRuntime(): PipelineRuntime {
  return {
    nowMicros: systemClock(),
    randomBytes: (length) => randomFillSync(new Uint8Array(length)),
    reached: () => undefined,
    wait: async (delayMs, signal) => {
      await setTimeout(delayMs, undefined, { signal });
    },
    print: (line) => void process.stderr.write(`${line}\n`),
    terminal: process.stderr.isTTY ? process.stderr : null,
    env: process.env,
    argv: process.argv.slice(2),
    cwd: process.cwd(),
  };
}

/** Clock readings further apart than this follow the system clock, which was set or went on while the machine slept. */
const maxDriftMs = 5;

/** The system clock with microseconds, which `Date` lacks: the monotonic clock, put right when it has drifted. */
function systemClock(): () => bigint {
  let originMs = performance.timeOrigin;
  return () => {
    const now = performance.now();
    const systemMs = Date.now();
    if (Math.abs(originMs + now - systemMs) > maxDriftMs) originMs = systemMs - now;
    return BigInt(Math.round((originMs + now) * 1000));
  };
}
