import { test } from "vitest";
import { daysScenario } from "./days-scenario.js";
import { expectNoFaultMatters, type FaultTest, faultTimeoutMs } from "./faults.js";
import { catalogue } from "./shop-scenarios.js";

const faults: FaultTest = { scenario: daysScenario(catalogue), share: 157, seed: 20260202, database: "memory" };

test(
  "however often and wherever runs die, a table that is replaced has the last rows",
  { timeout: faultTimeoutMs(faults) },
  () => expectNoFaultMatters(faults),
);
