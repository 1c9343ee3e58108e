import type { FaultPlace } from "../src/index.js";
import { duckdbPlace } from "./duckdb-place.js";
import { filesPlace } from "./files-place.js";
import { functionPlace } from "./function-place.js";
import { postgresPlace } from "./postgres-place.js";
import { stagedPlace } from "./staged-place.js";

/** Where schedules of faults are run, by the name of the destination. */
export const places: Readonly<Record<string, () => Promise<FaultPlace>>> = {
  duckdb: duckdbPlace,
  files: filesPlace,
  function: functionPlace,
  postgres: postgresPlace,
  staged: stagedPlace,
};
