/** Asks the runs of this process that did not listen before to stop, as a signal would. */
export function stopRuns(listening: readonly unknown[]): void {
  const added = process.listeners("SIGTERM").filter((listener) => !listening.includes(listener));
  for (const listener of added) listener("SIGTERM");
}
