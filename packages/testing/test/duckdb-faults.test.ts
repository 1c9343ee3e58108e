import { expect, test } from "vitest";
import { runFaultSchedules } from "../src/index.js";
import { duckdbPlace } from "./duckdb-place.js";

test("wherever runs fail, the next one gives what undisturbed ones give", { timeout: 300_000 }, async () => {
  const report = await runFaultSchedules({
    place: duckdbPlace,
    schedules: Number(process.env["N"] ?? 60),
    seed: 20260131,
  });
  console.log(JSON.stringify(report.byScenario));
  expect(report.failures).toEqual([]);
});
