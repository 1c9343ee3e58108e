import type { PipelinePoint } from "../../src/points.js";
import type { PipelineRuntime } from "../../src/runtime.js";
import type { Machine } from "../machine.js";

/** Runs of a pipeline that a process may die in. Done again from the start they change nothing more. */
export interface Scenario {
  /** False for points that the scenario does not reach, or reaches as another one does. */
  reaches(point: PipelinePoint): boolean;
  run(machine: Machine, runtime: PipelineRuntime): Promise<void>;
  /** Everything that was loaded, without what differs between two runs of the same. */
  content(machine: Machine): Promise<unknown>;
  /** Rules of the system tables that do not hold. */
  broken(machine: Machine): Promise<readonly string[]>;
}

/** The names of rules that do not hold: their queries give rows. */
export async function brokenOf(rules: Readonly<Record<string, string>>, machine: Machine): Promise<readonly string[]> {
  const found = await machine.queryAll(rules);
  return Object.keys(rules).filter((rule) => found[rule]?.length !== 0);
}
