import { test } from "vitest";
import { expectNoFaultMatters, type FaultTest, faultTimeoutMs } from "./faults.js";
import { scenarios } from "./scenarios.js";

const faults: FaultTest = { scenario: scenarios.refresh, share: 15, seed: 20260204, database: "memory" };

test("however often and wherever runs die, a refresh is done once", { timeout: faultTimeoutMs(faults) }, () =>
  expectNoFaultMatters(faults),
);
