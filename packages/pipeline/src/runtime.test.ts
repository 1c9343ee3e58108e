import { afterEach, expect, test, vi } from "vitest";
import { defaultRuntime } from "./runtime.js";

afterEach(() => {
  vi.restoreAllMocks();
});

test("the clock tells microseconds since 1970", () => {
  const before = BigInt(Date.now()) * 1000n;
  const now = defaultRuntime().nowMicros();
  expect(now).toBeGreaterThanOrEqual(before - 6000n);
  expect(now).toBeLessThanOrEqual(BigInt(Date.now()) * 1000n + 6000n);
});

test("the clock follows the system clock when that was set", () => {
  const { nowMicros } = defaultRuntime();
  nowMicros();
  const hourLater = Date.now() + 3_600_000;
  vi.spyOn(Date, "now").mockReturnValue(hourLater);
  expect(nowMicros()).toBe(BigInt(hourLater) * 1000n);
});

test("random bytes have the length asked for and differ", () => {
  const { randomBytes } = defaultRuntime();
  expect(randomBytes(0)).toHaveLength(0);
  const first = randomBytes(32);
  expect(first).toHaveLength(32);
  expect(randomBytes(32)).not.toEqual(first);
});
