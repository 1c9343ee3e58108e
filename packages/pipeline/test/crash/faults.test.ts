import { test } from "vitest";
import { expectNoFaultMatters, type FaultTest, faultTimeoutMs } from "./faults.js";
import { scenarios } from "./scenarios.js";

const faults: FaultTest = { scenario: scenarios["two days"], share: 10, seed: 20260131, database: "file" };

test(
  "however often and wherever runs die, the last one loads everything once",
  { timeout: faultTimeoutMs(faults) },
  () => expectNoFaultMatters(faults),
);
