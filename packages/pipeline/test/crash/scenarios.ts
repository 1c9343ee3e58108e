import type { PipelinePoint } from "../../src/points.js";
import type { PipelineRuntime } from "../../src/runtime.js";
import type { Machine } from "../machine.js";
import { brokenRules, loadedContent, runScenario } from "./crash-scenario.js";
import { brokenRefreshRules, refreshedContent, runRefreshScenario } from "./refresh-scenario.js";

/** Runs of a pipeline that a process may die in. Done again from the start they change nothing more. */
interface Scenario {
  /** False for points that the scenario does not reach, or reaches as another one does. */
  reaches(point: PipelinePoint): boolean;
  run(folder: string, runtime: PipelineRuntime): Promise<void>;
  /** Everything that was loaded, without what differs between two runs of the same. */
  content(machine: Machine): Promise<unknown>;
  /** Rules of the system tables that do not hold. */
  broken(machine: Machine): Promise<readonly string[]>;
}

export const scenarios = {
  "two days": {
    reaches: (point) => point !== "load.reset.begun",
    run: runScenario,
    content: loadedContent,
    broken: brokenRules,
  },
  refresh: {
    // Before there is a manifest nothing of a refresh is kept; how chunks and files are written is the same without one.
    reaches: (point) =>
      /^extract\.(?:manifest|package|schema|state)|^normalize\.(?:package\.committed|schema)|^load\./.test(point),
    run: runRefreshScenario,
    content: refreshedContent,
    broken: brokenRefreshRules,
  },
} as const satisfies Readonly<Record<string, Scenario>>;

export type ScenarioName = keyof typeof scenarios;
