import type { HttpRuntime } from "../src/index.js";

export interface FakeRuntime extends HttpRuntime {
  /** Milliseconds of each wait. The clock jumps over them. */
  readonly waits: number[];
  readonly warnings: { readonly code: string; readonly message: string }[];
  /** Lets time pass: deadlines that are reached are called. */
  elapse(ms: number): void;
  /** Resolves once somebody has set a deadline. */
  deadlineSet(): Promise<void>;
}

/** A clock that stands still but for waits, which are over at once. Deadlines are reached when the test says so. */
export function fakeRuntime({ startMs = Date.UTC(2026, 0, 1), random = 0 } = {}): FakeRuntime {
  let nowMs = startMs;
  const waits: number[] = [];
  const warnings: { readonly code: string; readonly message: string }[] = [];
  const deadlines = new Map<object, { readonly atMs: number; readonly action: () => void }>();
  const awaiting: (() => void)[] = [];
  return {
    waits,
    warnings,
    nowMs: () => nowMs,
    random: () => random,
    wait: async (delayMs, signal) => {
      signal.throwIfAborted();
      waits.push(delayMs);
      nowMs += delayMs;
    },
    after: (delayMs, action) => {
      const key = {};
      deadlines.set(key, { atMs: nowMs + delayMs, action });
      for (const each of awaiting.splice(0)) each();
      return () => deadlines.delete(key);
    },
    warn: (warning) => void warnings.push(warning),
    elapse: (ms) => {
      nowMs += ms;
      for (const [key, { atMs, action }] of [...deadlines]) {
        if (atMs > nowMs) continue;
        deadlines.delete(key);
        action();
      }
    },
    deadlineSet: () => new Promise((resolve) => void awaiting.push(resolve)),
  };
}
