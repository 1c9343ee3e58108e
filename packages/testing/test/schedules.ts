import { describe, expect, test, vi } from "vitest";
import { runFaultSchedules } from "../src/index.js";
import { places } from "./places.js";

const seed = 20260131;

export interface TestedSchedules {
  /** Name of the destination. */
  readonly on: string;
  /** Number of the first schedule, that behind the last one, and how many of them make a test, so that one that fails is found soon. */
  readonly first: number;
  readonly end: number;
  readonly together: number;
}

/** Makes tests of schedules of faults. */
export function testSchedules({ on, first, end, together }: TestedSchedules): void {
  const place = places[on];
  if (place === undefined) throw new Error(`There is no destination ${on}.`);
  const starts = Array.from({ length: (end - first) / together }, (_, part) => first + part * together);
  describe(`wherever runs on ${on} fail, the next one gives what undisturbed ones give`, () => {
    test.for(starts)("schedules from %i", { timeout: 120_000 }, async (start) => {
      // A run that fails while it tidies up says so.
      vi.spyOn(process, "emitWarning").mockReturnValue(undefined);
      const report = await runFaultSchedules({ place, schedules: together, seed, first: start });
      expect(report.failures).toEqual([]);
    });
  });
}
