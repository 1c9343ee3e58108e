import { test } from "vitest";
import { both, daysScenario } from "./days-scenario.js";
import { expectNoFaultMatters, type FaultTest, faultTimeoutMs } from "./faults.js";
import { catalogue, staff } from "./shop-scenarios.js";

const faults: FaultTest = {
  scenario: daysScenario(both(staff, catalogue)),
  share: 157,
  seed: 20260203,
  database: "memory",
};

test(
  "however often and wherever runs die, the packages of two sources are there once",
  { timeout: faultTimeoutMs(faults) },
  () => expectNoFaultMatters(faults),
);
