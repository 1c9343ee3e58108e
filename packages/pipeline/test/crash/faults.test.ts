import fc from "fast-check";
import { expect, test } from "vitest";
import { newMachine } from "../new-machine.js";
import { dyingRuntime, runWithFaults } from "./faults.js";
import { type ScenarioName, scenarios } from "./scenarios.js";

/** Random schedules in one run of this test; more of the same come from a longer run. */
const scheduleCount = Number(process.env["DLT_FAULT_SCHEDULES"] ?? 12);

test.each(Object.keys(scenarios) as ScenarioName[])(
  "%s: however often and wherever runs die, the last one loads everything once",
  {
    timeout: scheduleCount * 20_000,
  },
  async (name) => {
    const { run, content: contentOf, broken } = scenarios[name];
    const calm = await newMachine();
    const counting = dyingRuntime(calm.runtime, Number.POSITIVE_INFINITY);
    await run(calm.folder, counting);
    const content = await contentOf(calm);
    const schedules = fc.array(fc.integer({ min: 1, max: counting.hits() }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(schedules, async (schedule) => {
        const machine = await newMachine();
        await runWithFaults(schedule, machine.runtime, (runtime) => run(machine.folder, runtime));
        expect(await broken(machine)).toEqual([]);
        expect(await contentOf(machine)).toEqual(content);
      }),
      { numRuns: scheduleCount, seed: 20260131, endOnFailure: true },
    );
  },
);
