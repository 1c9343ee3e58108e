import { test } from "vitest";
import { daysScenario } from "./days-scenario.js";
import { expectNoFaultMatters, type FaultTest, faultTimeoutMs } from "./faults.js";
import { events } from "./shop-scenarios.js";

const faults: FaultTest = { scenario: daysScenario(events), share: 157, seed: 20260201, database: "memory" };

test(
  "however often and wherever runs die, rows with lists and a cursor are there once",
  { timeout: faultTimeoutMs(faults) },
  () => expectNoFaultMatters(faults),
);
