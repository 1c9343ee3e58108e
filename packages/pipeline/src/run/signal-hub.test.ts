import { afterEach, expect, test, vi } from "vitest";
import { onEndSignal } from "./signal-hub.js";

const isTTY = process.stderr.isTTY;
afterEach(() => {
  process.stderr.isTTY = isTTY;
  vi.restoreAllMocks();
});

/** Sends a signal to those that did not listen before. */
function send(listening: readonly unknown[]): void {
  for (const listener of process.listeners("SIGINT").filter((each) => !listening.includes(each))) listener("SIGINT");
}

test.each([true, false])(
  "on a terminal (%s) somebody is told that it stops, and how to end it at once",
  (isTerminal) => {
    const written: unknown[] = [];
    vi.spyOn(process.stderr, "write").mockImplementation((text) => written.push(text) > 0);
    process.stderr.isTTY = isTerminal;
    const listening = process.listeners("SIGINT");
    const told: string[] = [];
    const stop = onEndSignal((signal) => told.push(signal));
    const stopOther = onEndSignal((signal) => told.push(signal));
    send(listening);
    expect(told).toEqual(["SIGINT", "SIGINT"]);
    expect(written).toEqual(isTerminal ? ["SIGINT: stopping cleanly. Once more ends the process at once.\n"] : []);
    expect(process.listeners("SIGINT")).toEqual(listening);
    stop();
    stopOther();
  },
);
