import type { MemoryBreakage } from "./breakage.js";
import { jobBreakages } from "./job-breakages.js";
import { loadBreakages } from "./load-breakages.js";
import { stateBreakages } from "./state-breakages.js";
import { valueBreakages } from "./value-breakages.js";

/** Whatever the destination in memory is made to do wrong. */
export const memoryBreakages: readonly MemoryBreakage[] = [
  ...valueBreakages,
  ...jobBreakages,
  ...loadBreakages,
  ...stateBreakages,
];
