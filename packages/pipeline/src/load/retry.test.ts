import { DestinationError } from "@dlt/core";
import { expect, test } from "vitest";
import { defaultRuntime } from "../runtime.js";
import { type RetryPolicy, retryPolicy, withRetries } from "./retry.js";

const { wait } = defaultRuntime();

const lost = () =>
  new DestinationError("DESTINATION_CONFLICT", "Connection lost.", { retryable: true, hint: "Look at the network." });
const running = new AbortController().signal;

function recordingPolicy(maxAttempts: number): { policy: RetryPolicy; waits: number[] } {
  const waits: number[] = [];
  const policy: RetryPolicy = {
    ...retryPolicy({ maxAttempts, randomBytes: (length) => new Uint8Array(length).fill(255), wait }),
    wait: async (delayMs) => void waits.push(delayMs),
  };
  return { policy, waits };
}

test("an error that may pass is tried again after a growing delay", async () => {
  const { policy, waits } = recordingPolicy(5);
  let calls = 0;
  const attempt = async () => {
    calls += 1;
    if (calls < 4) throw lost();
    return "done";
  };
  expect(await withRetries(attempt, { policy, signal: running, what: "It" })).toBe("done");
  expect(waits).toEqual([500, 1000, 2000]);
});

test("delays are between half and all of their bound, and end at half a minute", () => {
  const delays = (byte: number) => {
    const policy = retryPolicy({ maxAttempts: 0, randomBytes: (length) => new Uint8Array(length).fill(byte), wait });
    return [1, 2, 20].map((attempt) => policy.delayMs(attempt));
  };
  expect(delays(0)).toEqual([250, 500, 15_000]);
  expect(delays(255)).toEqual([500, 1000, 30_000]);
});

test("after the last attempt the error says how often it was tried, and keeps the cause", async () => {
  const { policy, waits } = recordingPolicy(2);
  const failing = withRetries(() => Promise.reject(lost()), { policy, signal: running, what: "Load job `a`" });
  await expect(failing).rejects.toMatchObject({
    code: "LOAD_RETRIES_EXHAUSTED",
    retryable: true,
    message: "Load job `a` failed 2 times: Connection lost.",
    hint: "Look at the network. The load package is kept, and resumes where it stopped when you run again.",
    cause: { code: "DESTINATION_CONFLICT" },
  });
  expect(waits).toEqual([500]);
});

test("any other error is thrown as it is", async () => {
  const { policy, waits } = recordingPolicy(5);
  const refused = new DestinationError("DESTINATION_VALUE_REFUSED", "Refused.");
  await expect(withRetries(() => Promise.reject(refused), { policy, signal: running, what: "It" })).rejects.toBe(
    refused,
  );
  const mistake = new TypeError("a mistake");
  await expect(withRetries(() => Promise.reject(mistake), { policy, signal: running, what: "It" })).rejects.toBe(
    mistake,
  );
  expect(waits).toEqual([]);
});

test("a stop ends the waiting", async () => {
  const stop = new AbortController();
  const policy: RetryPolicy = {
    ...retryPolicy({ maxAttempts: 0, randomBytes: (length) => new Uint8Array(length), wait }),
    delayMs: () => 3_600_000,
  };
  const waiting = withRetries(() => Promise.reject(lost()), { policy, signal: stop.signal, what: "It" });
  setImmediate(() => stop.abort());
  await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
});
