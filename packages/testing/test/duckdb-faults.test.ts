import { describe, expect, test } from "vitest";
import { runFaultSchedules } from "../src/index.js";
import { duckdbPlace } from "./duckdb-place.js";

const seed = 20260131;

describe("wherever runs fail, the next one gives what undisturbed ones give", () => {
  // In parts, so that one that fails is found soon.
  test.for(Array.from({ length: 10 }, (_, part) => part * 25))(
    "schedules from %i",
    { timeout: 120_000 },
    async (first) => {
      const report = await runFaultSchedules({ place: duckdbPlace, schedules: 25, seed, first });
      expect(report.failures).toEqual([]);
    },
  );
});
