import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Destination } from "@dlt/core";
import { defaultRuntime, type Pipeline, type PipelineRuntime, pipeline } from "@dlt/pipeline";
import { brokenRules, type Documents, documentsOf } from "./documents.js";
import { type FaultyRuntime, faultyRuntime, isInjected } from "./faulty-runtime.js";
import type { FaultPlace } from "./place.js";
import { repeatingDestination } from "./repeating-destination.js";
import type { FaultScenario } from "./scenario.js";
import { scenariosFor } from "./scenarios.js";
import { type FaultSchedule, faultSchedule } from "./schedule.js";

export interface FaultRunOptions {
  /** Makes a fresh, empty place for one schedule. */
  place(): Promise<FaultPlace>;
  readonly schedules: number;
  readonly seed: number;
  /** Number of the first schedule, to repeat one of a longer run. Default: 0. */
  readonly first?: number;
  /** Default: all that the destination has the strategies for. */
  readonly scenarios?: readonly FaultScenario[];
  /** Told of each failure as it is found. */
  onFailure?(failure: FaultFailure): void;
}

/** A schedule after which the tables are not those of undisturbed runs. */
export interface FaultFailure {
  readonly index: number;
  readonly seed: number;
  readonly scenario: string;
  readonly schedule: FaultSchedule;
  /** What is wrong. */
  readonly problems: readonly string[];
}

export interface FaultReport {
  readonly schedules: number;
  readonly failures: readonly FaultFailure[];
  /** Schedules by scenario. */
  readonly byScenario: Readonly<Record<string, number>>;
}

/** What undisturbed runs of a scenario come to. */
interface Undisturbed {
  readonly points: number;
  readonly documents: Documents;
}

/**
 * Runs schedules of faults. Each has a place of its own, in which the runs of a scenario fail in turn; then a run without faults has to
 * give the tables that runs without any fault give. Schedules depend on the seed and their number alone.
 */
export async function runFaultSchedules(options: FaultRunOptions): Promise<FaultReport> {
  const { schedules, seed, first = 0 } = options;
  const scenarios = await usableScenarios(options);
  const undisturbed = new Map<FaultScenario, Undisturbed>();
  const failures: FaultFailure[] = [];
  const byScenario: Record<string, number> = {};
  for (let index = first; index < first + schedules; index++) {
    const scenario = scenarios[index % scenarios.length];
    if (scenario === undefined) throw new TypeError("There is no scenario for this destination.");
    byScenario[scenario.name] = (byScenario[scenario.name] ?? 0) + 1;
    const calm = undisturbed.get(scenario) ?? (await runUndisturbed(options, scenario));
    undisturbed.set(scenario, calm);
    const schedule = faultSchedule(seed, index, calm.points);
    const problems = await runSchedule(options, { scenario, schedule, expected: calm.documents });
    if (problems.length === 0) continue;
    const failure = { index, seed, scenario: scenario.name, schedule, problems };
    failures.push(failure);
    options.onFailure?.(failure);
  }
  return { schedules, failures, byScenario };
}

async function usableScenarios({ place, scenarios }: FaultRunOptions): Promise<readonly FaultScenario[]> {
  await using opened = await place();
  return scenariosFor(opened.destination().capabilities, scenarios);
}

async function runUndisturbed(options: FaultRunOptions, scenario: FaultScenario): Promise<Undisturbed> {
  return await withMachine(options, scenario, async (machine) => {
    const runtime = faultyRuntime(machine.runtime, []);
    await runDays(machine, scenario, runtime);
    const tables = await machine.place.readTables(dataset);
    const broken = brokenRules(tables);
    if (broken.length > 0)
      throw new Error(`Runs of \`${scenario.name}\` without faults break rules: ${broken.join(" ")}`);
    return { points: runtime.points(), documents: documentsOf(tables) };
  });
}

async function runSchedule(
  options: FaultRunOptions,
  given: { readonly scenario: FaultScenario; readonly schedule: FaultSchedule; readonly expected: Documents },
): Promise<readonly string[]> {
  const { scenario, schedule, expected } = given;
  return await withMachine(options, scenario, async (machine) => {
    for (const faults of [...schedule, []]) {
      try {
        await runDays(machine, scenario, faultyRuntime(machine.runtime, faults));
      } catch (error) {
        if (!isInjected(error)) return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
      }
    }
    const tables = await machine.place.readTables(dataset);
    return [...brokenRules(tables), ...differences(documentsOf(tables), expected)];
  });
}

const dataset = "data";

/** A place, and the disk of whoever loads into it. */
interface FaultMachine {
  readonly place: FaultPlace;
  readonly folder: string;
  readonly runtime: PipelineRuntime;
  /** The days that were loaded. */
  daysDone: number;
}

async function withMachine<Result>(
  options: FaultRunOptions,
  { env = {} }: FaultScenario,
  work: (machine: FaultMachine) => Promise<Result>,
): Promise<Result> {
  await using place = await options.place();
  const folder = await mkdtemp(join(tmpdir(), "dlt-faults-"));
  try {
    const runtime = { ...defaultRuntime(), env, argv: [], cwd: folder };
    return await work({ place, folder, runtime, daysDone: 0 });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Loads the days that are left. The last one may have been loaded, all or in part, when its run failed. */
async function runDays(machine: FaultMachine, scenario: FaultScenario, runtime: FaultyRuntime): Promise<void> {
  while (machine.daysDone < scenario.days) {
    const { capabilities } = machine.place.destination();
    await scenario.load(pipelineOf(machine, runtime), machine.daysDone + 1, capabilities);
    machine.daysDone += 1;
  }
}

function pipelineOf({ place, folder }: FaultMachine, runtime: FaultyRuntime): Pipeline {
  const destination: Destination = repeatingDestination(place.destination(), () => runtime.takeRepeat());
  const staging = place.staging?.() ?? null;
  return pipeline(
    { pipelineName: "faulty", destination, staging, datasetName: dataset, pipelinesDir: join(folder, "pipelines") },
    runtime,
  );
}

function differences(found: Documents, expected: Documents): readonly string[] {
  const names = [...new Set([...Object.keys(found), ...Object.keys(expected)])].sort();
  return names.flatMap((name) => {
    if (isDeepStrictEqual(found[name], expected[name])) return [];
    const missing = without(expected[name] ?? [], found[name] ?? []);
    const surplus = without(found[name] ?? [], expected[name] ?? []);
    return [
      `\`${name}\` lacks ${missing.length} rows (${missing[0] ?? ""}) and has ${surplus.length} too many (${surplus[0] ?? ""}).`,
    ];
  });
}

/** The documents of a list that are not in another one, as often as they are more. */
function without(documents: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...others];
  return documents.filter((document) => {
    const at = left.indexOf(document);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
