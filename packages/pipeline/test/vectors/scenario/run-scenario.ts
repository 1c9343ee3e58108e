import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Destination, JsonValue } from "@dlt/core";
import { defaultRuntime, type Pipeline, pipeline, type RefreshMode, type RunOptions } from "../../../src/index.js";
import type { VectorObject } from "../read-vectors.js";
import { hintsOf } from "./hints.js";
import { type Feed, scenarioSource } from "./scenario-source.js";

export interface ScenarioOptions {
  readonly vector: VectorObject;
  readonly feed: Feed;
  readonly destination: Destination;
  /** An existing folder, for everything that the pipeline keeps. */
  readonly folder: string;
  readonly pipelineName: string;
  readonly datasetName: string;
}

/** What came of a run: an error of it, or `null`. */
export interface ScenarioOutcome {
  readonly pipeline: Pipeline;
  readonly error: unknown;
}

/**
 * Executes a run of a scenario (section 4 of the vectors' README) with the pipeline of the folder, from extract to load. The packages
 * that a failed run leaves are removed by hand before the next: the reference's way of dropping them keeps schema and state
 * as the failed run made them, where `dropPending` puts them back.
 */
export async function runScenario(run: VectorObject, options: ScenarioOptions): Promise<ScenarioOutcome> {
  const { vector, feed, destination, folder, pipelineName, datasetName } = options;
  const pipelinesDir = join(folder, "pipelines");
  if (run.get("new_machine") === true) await rm(pipelinesDir, { recursive: true, force: true });
  for (const stage of ["extracted", "normalized"]) {
    await rm(join(pipelinesDir, pipelineName, "packages", stage), { recursive: true, force: true });
  }
  const env = Object.fromEntries([...environment(vector), ...environment(run)]);
  const runtime = { ...defaultRuntime(), env, cwd: folder };
  const made = pipeline({ pipelineName, datasetName, destination, pipelinesDir }, runtime);
  try {
    await made.run(scenarioSource(vector, run, feed), runOptions(run));
    return { pipeline: made, error: null };
  } catch (error) {
    return { pipeline: made, error };
  }
}

function environment(owner: VectorObject): ReadonlyMap<string, string> {
  return (owner.get("env") ?? new Map()) as ReadonlyMap<string, string>;
}

function runOptions(run: VectorObject): RunOptions {
  const given = ["write_disposition", "schema_contract"].flatMap((name): [string, JsonValue][] => {
    const value = run.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  const refresh = run.get("refresh") as RefreshMode | undefined;
  return { ...(hintsOf(new Map(given)) as RunOptions), ...(refresh !== undefined && { refresh }) };
}
