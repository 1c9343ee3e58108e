import type { DestinationCapabilities } from "@dlt/core";
import {
  defaultRuntime,
  type Pipeline,
  type PipelinePoint,
  type PipelineRuntime,
  resource,
  type Source,
  source,
} from "@dlt/pipeline";
import { expect } from "vitest";
import { faultyRuntime, isInjected } from "../../faults/faulty-runtime.js";
import type { StoredRow } from "../../faults/place.js";
import type { ConformanceArea, ConformanceTest } from "../conformance-test.js";
import { spread } from "../spread.js";
import type { Trial } from "../trial.js";

/** Of the points of a load, how many a run dies at. */
const mostCrashes = 16;

const tests: readonly ConformanceTest[] = [
  {
    name: "runs that die anywhere in a load lose nothing and repeat nothing",
    async run(trial) {
      await runDay(trial, 1);
      await expectDays(trial, 1);
      const points = await loadPoints(trial, 2);
      await expectDays(trial, 2);
      for (const [index, at] of spread(points, mostCrashes).entries()) {
        const day = index + 3;
        const dying = faultyRuntime({ ...defaultRuntime(), argv: [], cwd: trial.folder }, [{ kind: "crash", at }]);
        const failure = await runDay(trial, day, dying).then(
          () => null,
          (error: unknown) => error,
        );
        if (failure !== null && !isInjected(failure)) throw failure;
        await runDay(trial, day);
        await expectDays(trial, day);
      }
    },
  },
];

export const crashAndResume: ConformanceArea = { name: "crash and resume", isEssential: true, testsFor: () => tests };

/** Runs a day that does not die; gives the numbers of the points where it loads. */
async function loadPoints(trial: Trial, day: number): Promise<readonly number[]> {
  const reached: PipelinePoint[] = [];
  await runDay(trial, day, { reached: (point) => void reached.push(point) });
  return reached.flatMap((point, index) =>
    point.startsWith("load.") || point.startsWith("destination.") ? [index + 1] : [],
  );
}

async function runDay(trial: Trial, day: number, runtime: Partial<PipelineRuntime> = {}): Promise<void> {
  await using pipeline: Pipeline = trial.pipeline({}, runtime);
  await pipeline.run(dayOf(day, trial.capabilities));
}

/** Visits are added, once for each day; the current day is replaced; the account is merged where that is possible. */
function dayOf(day: number, { mergeStrategies, replaceStrategies }: DestinationCapabilities): Source {
  const visits = resource({ name: "visits" }, ({ state }) => {
    if (state["day"] === day) return [];
    state["day"] = day;
    return [{ day, pages: ["a", "b"] }];
  });
  const today = resource({ name: "today", writeDisposition: "replace" }, () => [{ day, hours: [1, 2, 3] }]);
  const account = resource({ name: "account", primaryKey: "id", writeDisposition: "merge" }, () => [
    { id: 1, day, entries: [day] },
  ]);
  return source({ name: "daily" }, () => [
    visits,
    ...(replaceStrategies.length > 0 ? [today] : []),
    ...(mergeStrategies.length > 0 ? [account] : []),
  ])();
}

async function expectDays(trial: Trial, last: number): Promise<void> {
  const { mergeStrategies, replaceStrategies } = trial.capabilities;
  const numbers = async (table: string, column: string) =>
    (await trial.stored(table)).map((row: StoredRow) => Number(row[column])).sort((a, b) => a - b);
  const days = Array.from({ length: last }, (_, n) => n + 1);
  expect(await numbers("visits", "day"), `visits up to day ${last}`).toEqual(days);
  expect(await trial.stored("visits__pages"), `pages up to day ${last}`).toHaveLength(2 * last);
  const loads = (await trial.stored("_dlt_loads")).map((row) => row["load_id"]);
  expect(loads, "ids of complete loads").toHaveLength(new Set(loads).size);
  if (replaceStrategies.length > 0) {
    expect(await numbers("today", "day")).toEqual([last]);
    expect(await numbers("today__hours", "value")).toEqual([1, 2, 3]);
  }
  if (mergeStrategies.length > 0) {
    expect(await numbers("account", "day")).toEqual([last]);
    expect(await numbers("account__entries", "value")).toEqual([last]);
  }
}
