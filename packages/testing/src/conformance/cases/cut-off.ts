import type { DestinationClient } from "@dlt/core";
import { spread } from "../spread.js";
import type { Trial } from "../trial.js";

/** Of the points where a client talks to its destination, how many a call is cut off at. */
export const mostCuts = 24;

/** Thrown in the middle of a call, where its process would have ended. */
class CutOff extends Error {
  override readonly name = "CutOff";
}

/**
 * Makes a call that gets through, then calls that are cut off, each at another point where the client talks to its destination. Each is
 * told which one it is, from 1, and `check` is called after it.
 * @returns the number of calls
 */
export async function cutOffEverywhere(
  trial: Trial,
  steps: {
    call(client: DestinationClient, attempt: number): Promise<unknown>;
    check(attempt: number): Promise<void>;
  },
): Promise<number> {
  let count = 0;
  const whole = await trial.connect({
    reached: () => {
      count += 1;
    },
  });
  count = 0;
  await steps.call(whole, 1);
  await steps.check(1);
  const points = Array.from({ length: count }, (_, index) => index + 1);
  let attempt = 1;
  for (const point of spread(points, mostCuts)) {
    attempt += 1;
    await callCutOff(trial, point, (client) => steps.call(client, attempt));
    await steps.check(attempt);
  }
  return attempt;
}

async function callCutOff(
  trial: Trial,
  point: number,
  call: (client: DestinationClient) => Promise<unknown>,
): Promise<void> {
  let isArmed = false;
  let reached = 0;
  const client = await trial.connect({
    reached: () => {
      if (!isArmed) return;
      reached += 1;
      if (reached >= point) throw new CutOff(`The call was cut off at point ${point}.`);
    },
  });
  isArmed = true;
  try {
    await call(client);
  } catch (error) {
    if (reached < point) throw error;
  }
  isArmed = false;
  await client[Symbol.asyncDispose]();
}
