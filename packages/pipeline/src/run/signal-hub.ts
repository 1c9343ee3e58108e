import { isMainThread } from "node:worker_threads";

/** Signals that ask a process to end. */
const signals = ["SIGINT", "SIGTERM"] as const;
export type EndSignal = (typeof signals)[number];

// Signals belong to the process: one handler serves all runs that go on in it, however many there are.
const listeners = new Set<(signal: EndSignal) => void>();

/**
 * Tells the first time that the process is asked to end; a second signal ends it at once, as if nobody listened. In worker
 * threads, which get no signals, it never tells. Gives a function that stops listening.
 */
export function onEndSignal(listener: (signal: EndSignal) => void): () => void {
  if (!isMainThread) return () => undefined;
  if (listeners.size === 0) for (const signal of signals) process.on(signal, tellAll);
  listeners.add(listener);
  return () => {
    if (listeners.delete(listener) && listeners.size === 0) stopListening();
  };
}

function tellAll(signal: EndSignal): void {
  const told = [...listeners];
  listeners.clear();
  stopListening();
  if (process.stderr.isTTY) process.stderr.write(`${signal}: stopping cleanly. Once more ends the process at once.\n`);
  for (const listener of told) listener(signal);
}

function stopListening(): void {
  for (const signal of signals) process.off(signal, tellAll);
}
