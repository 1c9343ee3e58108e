import { test } from "vitest";
import { daysScenario } from "./days-scenario.js";
import { expectNoFaultMatters, type FaultTest, faultTimeoutMs } from "./faults.js";
import { merged } from "./merge-scenario.js";

const faults: FaultTest = { scenario: daysScenario(merged), share: 30, seed: 20260203, database: "memory" };

test(
  "however often and wherever runs die, tables that are merged have each row once",
  { timeout: faultTimeoutMs(faults) },
  () => expectNoFaultMatters(faults),
);
