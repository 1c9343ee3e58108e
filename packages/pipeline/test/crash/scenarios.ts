import { daysScenario } from "./days-scenario.js";
import { functionScenario } from "./function-scenario.js";
import { refreshScenario } from "./refresh-scenario.js";
import type { Scenario } from "./scenario.js";
import { threeSources } from "./shop-scenarios.js";

/** What processes are killed in. */
export const scenarios = {
  "two days": daysScenario(threeSources),
  refresh: refreshScenario,
  "a function": functionScenario,
} as const satisfies Readonly<Record<string, Scenario>>;

export type ScenarioName = keyof typeof scenarios;
