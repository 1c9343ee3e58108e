import type { ConformanceArea, ConformanceTest } from "./conformance-test.js";

/** An area with the tests that a destination is held to. */
export interface ChosenArea {
  readonly area: Pick<ConformanceArea, "name" | "isEssential">;
  readonly tests: readonly Pick<ConformanceTest, "name" | "run">[];
}

/** @throws TypeError for an exception without a test or a reason, and for one that is not allowed */
export function checkExceptions(areas: readonly ChosenArea[], exceptions: Readonly<Record<string, string>>): void {
  for (const [name, reason] of Object.entries(exceptions)) {
    const chosen = areas.find(({ tests }) => tests.some((each) => each.name === name));
    if (chosen === undefined) throw new TypeError(`There is an exception for "${name}", but no such test is run.`);
    if (chosen.area.isEssential)
      throw new TypeError(`There is no exception for "${name}": without it rows are lost or doubled.`);
    if (reason.trim() === "") throw new TypeError(`The exception for "${name}" needs its reason.`);
  }
}
