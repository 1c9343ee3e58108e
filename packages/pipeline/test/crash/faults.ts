import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { expect } from "vitest";
import type { PipelineRuntime } from "../../src/runtime.js";
import type { Machine } from "../machine.js";
import { newMachine } from "../new-machine.js";
import type { Scenario } from "./scenario.js";

/** Thrown where a process would have died. */
class SimulatedCrash extends Error {
  override readonly name = "SimulatedCrash";
}

/** At which hits of named points, counted over all of them from 1, each of several runs dies; runs after the last do not. */
type FaultSchedule = readonly number[];

/** How many schedules all tests have together; more of the same come from a longer run. */
const allSchedules = Number(process.env["DLT_FAULT_SCHEDULES"] ?? 500);

export interface FaultTest {
  readonly scenario: Scenario;
  /** Of 500 schedules, those that are of this scenario. */
  readonly share: number;
  readonly seed: number;
  /** Where the database is: in a file, as that of most people, or in memory, which takes a third of the time. */
  readonly database: "file" | "memory";
}

/** What the schedules of a test may take. */
export function faultTimeoutMs({ share }: FaultTest): number {
  return scheduleCount(share) * 20_000;
}

/** Runs a scenario with random schedules of deaths. The last run of each has to give what one without deaths gives. */
export async function expectNoFaultMatters({ scenario, share, seed, database }: FaultTest): Promise<void> {
  let hits = 0;
  const content = await withMachine(database, async (calm) => {
    const counting = dyingRuntime(calm.runtime, Number.POSITIVE_INFINITY);
    await scenario.run(calm, counting);
    hits = counting.hits();
    return await scenario.content(calm);
  });
  const schedules = fc.array(fc.integer({ min: 1, max: hits }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(schedules, (schedule) =>
      withMachine(database, async (machine) => {
        await runWithFaults(schedule, machine, scenario);
        expect(await scenario.broken(machine)).toEqual([]);
        expect(await scenario.content(machine)).toEqual(content);
      }),
    ),
    { numRuns: scheduleCount(share), seed, endOnFailure: true },
  );
}

function scheduleCount(share: number): number {
  return Math.ceil((allSchedules * share) / 500);
}

async function withMachine<Result>(
  database: FaultTest["database"],
  work: (machine: Machine) => Promise<Result>,
): Promise<Result> {
  if (database === "file") return await work(await newMachine());
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  try {
    return await work(await newMachine({ instance }));
  } finally {
    instance.closeSync();
  }
}

/**
 * A runtime that dies at the given hit: from there on every named point throws, so that nothing durable happens after it.
 * `hits` counts what was reached.
 */
export function dyingRuntime(runtime: PipelineRuntime, dieAt: number): PipelineRuntime & { hits(): number } {
  let hits = 0;
  return {
    ...runtime,
    hits: () => hits,
    reached: (point) => {
      hits += 1;
      if (hits >= dieAt) throw new SimulatedCrash(`Died at ${point}, hit ${hits}.`);
    },
  };
}

/** Runs `scenario` once for each fault, each time from where the last one died, then undisturbed. */
async function runWithFaults(schedule: FaultSchedule, machine: Machine, scenario: Scenario): Promise<void> {
  for (const dieAt of schedule) {
    try {
      await scenario.run(machine, dyingRuntime(machine.runtime, dieAt));
    } catch (error) {
      if (!isSimulated(error)) throw error;
    }
  }
  await scenario.run(machine, machine.runtime);
}

/** True when a simulated crash is at the root of an error. */
function isSimulated(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) if (cause instanceof SimulatedCrash) return true;
  return false;
}
