import type { FaultPlace } from "../src/index.js";
import { duckdbPlace } from "./duckdb-place.js";

/** Where schedules of faults are run, by the name of the destination. */
export const places: Readonly<Record<string, () => Promise<FaultPlace>>> = {
  duckdb: duckdbPlace,
};
