import { afterAll, describe, test } from "vitest";
import { conformanceAreas } from "./areas.js";
import type { ConformanceTest } from "./conformance-test.js";
import { type ChosenArea, checkExceptions } from "./exceptions.js";
import { openTrial, type TrialInput } from "./trial.js";

export interface DestinationConformance<Config> extends TrialInput<Config> {
  /** For the names of the tests. Default: the type of the destination. */
  readonly name?: string;
  /**
   * Tests that the destination cannot pass, by their names, each with the reason. One that would pass fails. None is allowed where
   * rows would be lost or doubled.
   */
  readonly exceptions?: Readonly<Record<string, string>>;
}

/** What every destination owes the engine, as tests for vitest. Its capabilities, and what its client offers, choose among them. */
export function destinationConformance<Config>(suite: DestinationConformance<Config>): void {
  const { name, exceptions = {} } = suite;
  describe(`conformance${name === undefined ? "" : ` of ${name}`}`, async () => {
    const areas = await chosenAreas(suite);
    checkExceptions(areas, exceptions);
    for (const { area, tests } of areas)
      describe(area.name, () => {
        for (const each of tests) conformanceTest(suite, each, exceptions[each.name]);
      });
    afterAll(() => report(suite.name ?? "destination", areas, exceptions));
  });
}

async function chosenAreas<Config>(suite: DestinationConformance<Config>): Promise<readonly ChosenArea[]> {
  await using trial = await openTrial(suite);
  const client = await trial.connect();
  return conformanceAreas
    .map((area) => ({ area, tests: area.testsFor(trial.destination, client) }))
    .filter(({ tests }) => tests.length > 0);
}

function conformanceTest<Config>(suite: DestinationConformance<Config>, each: ConformanceTest, reason?: string): void {
  const run = async (): Promise<void> => {
    await using trial = await openTrial(suite);
    await each.run(trial);
  };
  if (reason === undefined) test(each.name, run);
  else
    test(`${each.name} (exception: ${reason})`, async () => {
      const isFailed = await run().then(
        () => false,
        () => true,
      );
      if (!isFailed) throw new Error(`The exception for "${each.name}" is not needed: the test passes.`);
    });
}

function report(name: string, areas: readonly ChosenArea[], exceptions: Readonly<Record<string, string>>): void {
  const count = areas.flatMap(({ tests }) => tests).length;
  const listed = Object.entries(exceptions).map(([test, reason]) => `\n  ${test}: ${reason}`);
  console.info(`${name}: ${count} conformance tests, ${listed.length} exceptions${listed.join("")}`);
}
