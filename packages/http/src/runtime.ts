import { onAbort } from "./on-abort.js";

/** What a client takes from the outside world beside the network: clock, chance, warnings. Tests give their own. */
export interface HttpRuntime {
  /** Milliseconds since 1970 UTC. May stand still or go back, as system clocks do. */
  nowMs(): number;
  /** At least 0 and below 1. */
  random(): number;
  /** Waits before something is sent. @throws what aborted the signal */
  wait(delayMs: number, signal: AbortSignal): Promise<void>;
  /** Calls `action` later, unless what it gives is called before. */
  after(delayMs: number, action: () => void): () => void;
  warn(warning: { readonly code: string; readonly message: string }): void;
}

/** The runtime of this process. Clients that share a runtime share what they know of rate limits. */
export const processRuntime: HttpRuntime = {
  nowMs: () => Date.now(),
  random: () => Math.random(),
  wait: (delayMs, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        forget();
        resolve();
      }, delayMs);
      const forget = onAbort(signal, () => {
        clearTimeout(timer);
        reject(signal.reason);
      });
    }),
  after: (delayMs, action) => {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
  warn: ({ code, message }) => {
    const { process } = globalThis as {
      readonly process?: { readonly emitWarning?: typeof globalThis.process.emitWarning };
    };
    if (process?.emitWarning === undefined) console.warn(`${code}: ${message}`);
    else process.emitWarning(message, { type: "DltWarning", code });
  },
};
