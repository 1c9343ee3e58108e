const listeners = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls `stop` when the signal is aborted, unless what it gives is called before. A signal has one listener, however many wait for it:
 * platforms warn of more than a few.
 */
export function onAbort(signal: AbortSignal, stop: () => void): () => void {
  if (signal.aborted) {
    stop();
    return () => undefined;
  }
  let waiting = listeners.get(signal);
  if (waiting === undefined) {
    const all = new Set<() => void>();
    waiting = all;
    listeners.set(signal, all);
    signal.addEventListener(
      "abort",
      () => {
        for (const each of all) each();
      },
      { once: true },
    );
  }
  // The same function may wait more than once.
  const own = (): void => stop();
  waiting.add(own);
  return () => waiting.delete(own);
}
