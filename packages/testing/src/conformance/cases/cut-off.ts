import type { DestinationClient } from "@dlt/core";
import type { Trial } from "../trial.js";

/** Thrown in the middle of a call, where its process would have ended. */
class CutOff extends Error {
  override readonly name = "CutOff";
}

/**
 * Makes calls that are cut off, each at the next point where the client talks to its destination, until one gets through. `call` is told
 * which one it is, from 1; `after` is called when it was cut off.
 */
export async function cutOffEverywhere(
  trial: Trial,
  steps: {
    call(client: DestinationClient, attempt: number): Promise<unknown>;
    after(attempt: number): Promise<void>;
  },
): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    let left = attempt;
    let isCut = false;
    let isArmed = false;
    const client = await trial.connect({
      reached: () => {
        if (!isArmed) return;
        left -= 1;
        isCut ||= left === 0;
        if (isCut) throw new CutOff(`The call was cut off at point ${attempt}.`);
      },
    });
    isArmed = true;
    const failure = await steps.call(client, attempt).then(
      () => null,
      (error: unknown) => ({ error }),
    );
    isArmed = false;
    if (!isCut) {
      if (failure !== null) throw failure.error;
      return attempt;
    }
    await client[Symbol.asyncDispose]();
    await steps.after(attempt);
  }
}
